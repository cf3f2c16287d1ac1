"""The exchange as telephones see it: sentences for errors, and several telephones for one identity."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import phonenumbers

from simulator.access import TokenRefused, open_token
from simulator.errors import Forbidden, InvalidInput, NotFound
from simulator.exchange import Exchange
from simulator.ports import Phone

_HOME = "BE"  # numbers without a country are Belgian


class Extension:
    """One identity's telephones: all ring, the first to answer has the call, the others stop ringing."""

    def __init__(self) -> None:
        self.phones: list[Phone] = []
        self._takers: dict[str, Phone] = {}
        self._guard = threading.Lock()

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None:
        with self._guard:
            taker = self._takers.get(leg)
            told = [taker] if taker else list(self.phones)
            if kind == "ended":
                self._takers.pop(leg, None)
        for phone in told:
            phone.notice(leg, kind, data)

    def take(self, leg: str, phone: Phone) -> None:
        """`phone` answers this leg."""
        with self._guard:
            self._takers[leg] = phone
            others = [each for each in self.phones if each is not phone]
        for other in others:
            other.notice(leg, "ended", {"reason": "answered elsewhere"})


class Line:
    """What telephones may do. Every refusal is a SimulatorError with a sentence for the person at the telephone."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._extensions: dict[str, Extension] = {}
        self._guard = threading.Lock()

    def dial(self, from_: str, to: str, phone: Phone) -> str:
        """Ring one of our numbers, as from any telephone; gives the CallSid."""
        number = e164(to)
        try:
            return self._exchange.dial(e164(from_), number, phone)
        except KeyError:
            raise NotFound(f"The number {number} is not in use.") from None

    def connect(self, token: str, params: Mapping[str, str], phone: Phone) -> str:
        """A browser calls in with an access token; gives the CallSid."""
        self.identity_of(token)
        try:
            return self._exchange.connect(token, params, phone)
        except KeyError:
            raise NotFound("The access token is for an application that does not exist.") from None

    def identity_of(self, token: str) -> str:
        """Who an access token speaks for."""
        exchange = self._exchange
        try:
            now_s = exchange.timeline.now().timestamp()
            return open_token(token, exchange.account_sid, exchange.api_keys, now_s).identity
        except TokenRefused as refusal:
            refused = Forbidden(f"{refusal} ({refusal.code})")
            refused.code = str(refusal.code)
            raise refused from None

    def register(self, identity: str, phone: Phone) -> None:
        """`phone` rings from now on when `client:<identity>` is dialled."""
        with self._guard:
            extension = self._extensions.setdefault(identity, Extension())
            extension.phones.append(phone)
            self._exchange.register_client(identity, extension)

    def unregister(self, identity: str, phone: Phone) -> None:
        """`phone` does not ring any more."""
        with self._guard:
            extension = self._extensions.get(identity)
            if extension is None or phone not in extension.phones:
                return
            extension.phones.remove(phone)
            if not extension.phones:
                del self._extensions[identity]
                self._exchange.clients.pop(identity, None)

    def answer(self, leg: str, identity: str | None, phone: Phone) -> None:
        """Pick up a ringing telephone; the identity's other telephones stop ringing."""
        with self._guard:
            extension = self._extensions.get(identity or "")
        if extension is not None:
            extension.take(leg, phone)
        self._exchange.answer(leg)

    def press(self, leg: str, digits: str) -> None:
        self._exchange.press(leg, digits)

    def hang_up(self, leg: str) -> None:
        self._exchange.hang_up(leg)


def e164(number: str) -> str:
    """A number as people write it, in the form +32460000101. Raises InvalidInput."""
    try:
        parsed = phonenumbers.parse(number, _HOME)
    except phonenumbers.NumberParseException:
        raise InvalidInput(f"{number!r} is not a telephone number.") from None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
