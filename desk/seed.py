"""The demonstration's accounts: invented people with passwords that everybody may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.accounts import Role, hash_password
from desk.tables import AccountRow


@dataclass(frozen=True)
class DemoAccount:
    username: str
    password: str
    role: Role
    operator_id: int | None
    display_name: str
    locale: str


# Operators bear the names that the waiting room's own seed gives to operators 1 to 6.
DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("dana", "dana-demo", "operator", 1, "Dana Voorbeeld", "nl"),
    DemoAccount("karim", "karim-demo", "operator", 2, "Karim Exemple", "fr"),
    DemoAccount("lotte", "lotte-demo", "operator", 3, "Lotte Verzonnen", "nl"),
    DemoAccount("hugo", "hugo-demo", "operator", 4, "Hugo Fictif", "fr"),
    DemoAccount("robin", "robin-demo", "operator", 5, "Robin Sample", "en"),
    DemoAccount("amina", "amina-demo", "operator", 6, "Amina Modèle", "fr"),
    DemoAccount("sofie", "sofie-demo", "supervisor", None, "Sofie Toonbeeld", "nl"),
    DemoAccount("marc", "marc-demo", "supervisor", None, "Marc Témoin", "en"),
)


def seed(session: Session, hash_with: Callable[[str], str] = hash_password) -> None:
    """Add the accounts that are not there yet; a password or language changed since stays."""
    there = set(session.scalars(select(AccountRow.username)))
    for account in DEMO_ACCOUNTS:
        if account.username not in there:
            session.add(
                AccountRow(
                    username=account.username,
                    password_hash=hash_with(account.password),
                    role=account.role,
                    operator_id=account.operator_id,
                    display_name=account.display_name,
                    locale=account.locale,
                )
            )
