"""What a new helpdesk starts with: three queues, and six invented operators."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from queueing.tables import OperatorRow, QueueRow


def _code(code: str, nl: str, fr: str, en: str) -> dict[str, Any]:
    return {"code": code, "labels": {"nl": nl, "fr": fr, "en": en}}


_SOLVED = _code("solved", "Opgelost", "Résolu", "Solved")
_SECOND_LINE = _code("second-line", "Naar de tweede lijn", "Vers la deuxième ligne", "To the second line")
_FOLLOW_UP = _code("follow-up", "Op te volgen", "À suivre", "To follow up")
_NO_CASE = _code("no-case", "Geen dossier", "Sans suite", "No case")

# The target is the Belgian charter for customer-friendliness of 2012: a person within 150 s for 90 % of the callers.
QUEUES: tuple[dict[str, Any], ...] = (
    {
        "name": "internet",
        "labels": {"nl": "Internet en telefonie", "fr": "Internet et téléphonie", "en": "Internet and telephony"},
        "wrap_up_codes": [
            _SOLVED,
            _code("technician", "Technicus gepland", "Technicien planifié", "Technician booked"),
            _code("known-outage", "Gekende storing", "Panne connue", "Known outage"),
            _SECOND_LINE,
            _FOLLOW_UP,
            _NO_CASE,
        ],
    },
    {
        "name": "workplace",
        "labels": {
            "nl": "Computer, printer, accounts en wachtwoorden",
            "fr": "Ordinateur, imprimante, comptes et mots de passe",
            "en": "Computer, printer, accounts and passwords",
        },
        "wrap_up_codes": [
            _SOLVED,
            _code("password-reset", "Wachtwoord vernieuwd", "Mot de passe réinitialisé", "Password reset"),
            _code("replacement", "Toestel vervangen", "Appareil remplacé", "Device replaced"),
            _SECOND_LINE,
            _FOLLOW_UP,
            _NO_CASE,
        ],
    },
    {
        "name": "invoices",
        "labels": {"nl": "Facturen", "fr": "Factures", "en": "Invoices"},
        "wrap_up_codes": [
            _code("explained", "Uitgelegd", "Expliqué", "Explained"),
            _code("corrected", "Gecorrigeerd", "Corrigé", "Corrected"),
            _code("payment-plan", "Afbetalingsplan", "Plan de paiement", "Payment plan"),
            _FOLLOW_UP,
            _NO_CASE,
        ],
    },
)

OPERATORS: tuple[dict[str, Any], ...] = (
    {"id": 1, "name": "Dana Voorbeeld", "languages": ["nl", "fr", "en"], "queues": ["internet", "workplace"]},
    {"id": 2, "name": "Karim Exemple", "languages": ["fr", "nl"], "queues": ["internet", "invoices"]},
    {"id": 3, "name": "Lotte Verzonnen", "languages": ["nl", "en"], "queues": ["workplace", "invoices"]},
    {"id": 4, "name": "Hugo Fictif", "languages": ["fr", "en"], "queues": ["internet", "workplace"]},
    {"id": 5, "name": "Robin Sample", "languages": ["en", "nl"], "queues": ["internet", "workplace", "invoices"]},
    {"id": 6, "name": "Amina Modèle", "languages": ["fr", "nl", "en"], "queues": ["invoices", "workplace"]},
)


def seed_queues(session: Session) -> None:
    """Add the queues that are not there yet; what is there, for example a target changed since, stays."""
    for order, queue in enumerate(QUEUES, start=1):
        shipped = {"target_share": 0.9, "target_within_s": 150, "sort_order": order, **queue}
        session.execute(insert(QueueRow).values(**shipped).on_conflict_do_nothing())


def seed(session: Session) -> None:
    """Queues, and the invented operators."""
    seed_queues(session)
    for operator in OPERATORS:
        session.execute(insert(OperatorRow).values(**operator).on_conflict_do_nothing())
    session.execute(text("SELECT setval(pg_get_serial_sequence('operators', 'id'), (SELECT max(id) FROM operators))"))
