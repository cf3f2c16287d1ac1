"""Accounts: passwords, roles and the language a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from desk.tables import AccountRow
from foundation.database import Database
from foundation.errors import InvalidInput

Role = Literal["operator", "supervisor"]
LANGUAGES = ("nl", "fr", "en")
SHORTEST_PASSWORD = 10

_hasher = PasswordHasher()  # argon2id with the library's defaults, which follow RFC 9106
# Checked when the username is unknown, so that the answer takes as long as for a known one.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$3UPIGSbaoGUBpF8JYgCpEyxbFMyZGH6Tr7NxJC8ZQ5s"


@dataclass(frozen=True)
class Account:
    """A signed-in person, as Flask-Login wants to see one."""

    id: int
    username: str
    role: Role
    operator_id: int | None
    display_name: str
    locale: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.display_name.split()[:2]).upper()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


class Accounts:
    """Looks accounts up and checks passwords."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_id(self, account_id: str) -> Account | None:
        if not account_id.isdigit():
            return None
        with self._database.transaction() as session:
            return _account(session.get(AccountRow, int(account_id)))

    def check(self, username: str, password: str) -> Account | None:
        """The account when the password is right, else None; both take the same time. An old hash is renewed."""
        with self._database.transaction() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.username == username.strip().lower()))
            try:
                _hasher.verify(row.password_hash if row else _NOBODY, password)
            except (VerifyMismatchError, InvalidHashError):
                return None
            if row is not None and _hasher.check_needs_rehash(row.password_hash):
                row.password_hash = _hasher.hash(password)
            return _account(row)

    def put(
        self, username: str, *, password: str, role: Role, display_name: str, operator_id: int | None, locale: str
    ) -> None:
        """Make an account, or change an existing one. Raises InvalidInput for a password that is too short."""
        if len(password) < SHORTEST_PASSWORD:
            raise InvalidInput(f"A password needs {SHORTEST_PASSWORD} characters or more.")
        values = {
            "password_hash": hash_password(password),
            "role": role,
            "display_name": display_name,
            "operator_id": operator_id,
            "locale": locale,
        }
        statement = insert(AccountRow).values(username=username.strip().lower(), **values)
        with self._database.transaction() as session:
            session.execute(statement.on_conflict_do_update(index_elements=["username"], set_=values))

    def set_locale(self, account_id: int, language: str) -> None:
        """Remember the language this person reads. Raises InvalidInput for one we do not have."""
        if language not in LANGUAGES:
            raise InvalidInput("Choose Dutch, French or English.")
        with self._database.transaction() as session:
            row = session.get(AccountRow, account_id)
            if row is not None:
                row.locale = language


def _account(row: AccountRow | None) -> Account | None:
    if row is None:
        return None
    role: Role = "supervisor" if row.role == "supervisor" else "operator"
    return Account(row.id, row.username, role, row.operator_id, row.display_name, row.locale)
