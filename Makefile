# `make help` lists what there is. Everything runs in .venv, made on first use from the locked requirements.
.DEFAULT_GOAL := help
.PHONY: help demo test check lint types imports fix migrate bench lock system clean
SHELL := /bin/bash
CALLS ?=
PORT ?= 8000

help: ## what there is
	@grep -E '^[a-z.]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/.ready: requirements.txt deploy/venv.sh
	@deploy/venv.sh requirements.txt
	@touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.txt
	@deploy/venv.sh requirements-dev.txt
	@touch $@

demo: .venv/.ready ## set up and run everything on embedded defaults; CALLS=3 plays three calls and stops
	@exec .venv/bin/python -m app.cli demo --port $(PORT) $(if $(CALLS),--calls $(CALLS))

test: .venv/.ready-dev system ## set up and pass the whole suite
	@.venv/bin/pytest -q -n 2 --dist worksteal -m "not alone"
	@.venv/bin/pytest -q -m alone

check: .venv/.ready-dev lint types imports ## what CI runs beside the tests
	@.venv/bin/python -m app.cli check

lint: .venv/.ready-dev
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .

types: .venv/.ready-dev
	@.venv/bin/mypy

imports: .venv/.ready-dev
	@.venv/bin/lint-imports

fix: .venv/.ready-dev ## format, and mend what can be mended by itself
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

migrate: .venv/.ready ## bring the database of DATABASE_URL to the current schema
	@.venv/bin/python -m app.cli migrate

bench: .venv/.ready-dev system ## every measurement that the documents name (hours; a quiet machine)
	@for name in $$(grep -oh 'benchmarks\.[a-z_]*' docs/*.md | sort -u); do echo "== $$name"; .venv/bin/python -m $$name || exit 1; done

lock: .venv/.ready-dev ## lock requirements*.in again, with hashes and without index addresses
	@for name in requirements requirements-dev; do .venv/bin/pip-compile -q --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --no-emit-options --strip-extras --allow-unsafe \
	  -o $$name.txt $$name.in; done

system:
	@deploy/debian.sh

clean: ## forget the virtual environment and the demo's data
	@rm -rf .venv var
