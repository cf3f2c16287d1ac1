#!/usr/bin/env bash
# Makes .venv when it is not there and installs one locked requirements file into it.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=$1

python=$(command -v python3.11 || command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Onthaal needs Python 3.11 or later; install it and run this again." >&2
  exit 1
fi
if ! touch .writable 2>/dev/null; then
  echo "The folder $PWD is read-only; clone Onthaal into a folder of your own." >&2
  exit 1
fi
rm -f .writable

if [ ! -x .venv/bin/python ]; then
  echo "Making .venv with $("$python" --version)" >&2
  # Debian leaves ensurepip out of its Python; pip can then install from outside.
  "$python" -m venv .venv 2>/dev/null || { rm -rf .venv; "$python" -m venv --without-pip .venv; }
fi
install=(.venv/bin/python -m pip)
.venv/bin/python -m pip --version >/dev/null 2>&1 || install=("$python" -m pip --python .venv/bin/python)
echo "Installing $requirements (only the first time, a minute or so)" >&2
if ! "${install[@]}" install --quiet --quiet --disable-pip-version-check --require-hashes -r "$requirements" >&2; then
  echo "The libraries could not be installed; the lines above say which. Is the package index within reach?" >&2
  exit 1
fi
