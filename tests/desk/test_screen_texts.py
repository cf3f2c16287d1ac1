"""Every sentence on the screens exists in every language, with the same placeholders."""

from __future__ import annotations

import re
from typing import get_args, get_type_hints

from callflows.facts import Fact
from callflows.lifecycle import CALLBACK
from callflows.prompts import Catalogue
from callflows.record import CallRecord, Outcome
from desk.accounts import LANGUAGES
from desk.board import Verdict
from desk.calls import CLOCKS
from desk.figures import PERIODS as FIGURE_PERIODS
from desk.rules import FIELDS, GROUPS
from desk.screen import PAUSES
from desk.staffing import FIELDS as STAFFING_FIELDS
from foundation.settings import ROOT
from helpdesk.phrases import Phrases
from queueing.callbacks import Result
from queueing.model import CONNECTION_LOST, NO_ANSWER, ChosenState, OperatorState
from queueing.periods import WHEN_MISSED
from queueing.rules import WHEN_CLOSED, RuleFault
from reporting.catalogue import REPORT
from transcription.spools import How

TEXTS = Catalogue.load(ROOT / "desk" / "texts")
HOW_WRITTEN = tuple(how for how in get_args(How) if how)  # "" is: as it is said, with nothing to tell
# Ids that templates and views put together, with everything that may follow the dash.
FAMILIES: dict[str, tuple[str, ...]] = {
    "state": get_args(OperatorState),
    "callback": tuple(sorted(CALLBACK.statuses)),
    "attempt": ("open", *get_args(Result), "reached", "returned", "cancelled"),
    "told": ("place", "less-than", "about", "more-than"),
    "owed-text": ("waiting", "written", "refused", "no-model", "failed"),
    "when-missed": WHEN_MISSED,
    "when-closed": WHEN_CLOSED,
    "error-skills": ("languages", "queues", "levels"),
    "rules-group": tuple(GROUPS),
    "rule": tuple(name.replace("_", "-") for name in FIELDS),
    "rule-error": get_args(get_type_hints(RuleFault)["code"]),
    "wish": get_args(ChosenState),
    "free": ("ready", "pause", "away", "offered"),
    "pause": (*PAUSES, NO_ANSWER, CONNECTION_LOST),
    "outcome": get_args(Outcome),
    "call-status": get_args(CallRecord.model_fields["status"].annotation),
    "clock": CLOCKS,
    "closed": ("reached", "got-through", "not-needed"),
    "verdict": get_args(Verdict),
    "certainty": ("known", "shared", "maybe"),
    "level": ("end-user", "administrator"),
    "status": ("open", "pending", "closed"),
    "priority": ("P1", "P2", "P3", "P4"),
    "earlier": ("ticket", "call"),
    "speaker": ("caller", "operator"),
    "sync": ("pending", "delivered", "retrying", "failed"),
    "how": ("accepted", "declined", "lapsed", "withdrawn"),
    "transcript": (
        "listening",
        "ended",
        "refused",
        "no-model",
        "refused-note",
        "no-model-note",
        *HOW_WRITTEN,
        *(f"{how}-note" for how in HOW_WRITTEN if how != "complete"),
    ),
    "staffing": tuple(field.replace("_", "-") for field in STAFFING_FIELDS),
    "figures": ("no-data", "backwards", *FIGURE_PERIODS),
    "figures-section": tuple(section.id for section in REPORT),
    "figure": tuple(f"{figure.id}{part}" for section in REPORT for figure in section.figures for part in ("", ".how")),
    "suggestion": ("shown", "used", "dismissed"),
    "flag": tuple(Phrases.load().names("en")),
    "notice-offer": ("taken", "gone", "lapsed", "withdrawn"),
    "error-page": tuple(
        f"{status}.{part}"
        for status in (400, 403, 404, 405, 409, 413, 429, 500, 502, 503)
        for part in ("title", "advice")
    ),
    "fact": tuple(
        kind.model_fields["kind"].default
        for kind in get_args(get_args(Fact)[0])
        if kind.model_fields["kind"].default not in ("step-taken", "leg-status", "target-set")
    ),
}


def used() -> set[str]:
    """Every id that a template or a view names."""
    found: set[str] = set()
    for template in (ROOT / "desk" / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        found.update(re.findall(r"""\bw\('([a-zA-Z0-9.-]+)'[,)]""", text))
        for prefix in re.findall(r"""\bw\('([a-z-]+)-' ~""", text):
            assert prefix in FAMILIES, f"{template.name} puts {prefix}-... together; name what may follow"
        found.update(re.findall(r"'(nav-[a-z]+)'", text))
    for module in (ROOT / "desk").glob("*.py"):
        found.update(re.findall(r'"((?:error|notice|figures)-[a-z]+-[a-z]+)"', module.read_text(encoding="utf-8")))
    found.update(f"{prefix}-{name}" for prefix, names in FAMILIES.items() for name in names)
    return found - {"error-page", "error-id"}


def test_every_text_exists_in_every_language() -> None:
    assert TEXTS.languages == tuple(sorted(LANGUAGES))
    missing = {language: sorted(used() - TEXTS.entries(language).keys()) for language in LANGUAGES}
    assert missing == {language: [] for language in LANGUAGES}


def test_a_text_takes_the_same_placeholders_in_every_language() -> None:
    english = TEXTS.entries("en")
    for language in LANGUAGES:
        entries = TEXTS.entries(language)
        assert entries.keys() == english.keys()
        assert {name: entry.variables for name, entry in entries.items()} == {
            name: entry.variables for name, entry in english.items()
        }


def test_no_template_asks_the_policy_for_more_than_it_gives() -> None:
    for template in (ROOT / "desk" / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script>|javascript:", text), template.name
