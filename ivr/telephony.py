"""What we ask of the telephony provider over REST, and Twilio's answer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from foundation.errors import ProviderError

TIMEOUT_S = 5.0  # twilio-python has none of its own (twilio.md 5.2)
CALL_GONE = 21220  # the call is not in a state that can be updated
NOT_THERE = 20404
# The library would let these variables of the machine move the host without a word (twilio.md 5.2).
_FIXED_HOST = {"TWILIO_EDGE": "", "TWILIO_REGION": ""}


class Telephony(Protocol):
    """REST calls of the provider. Each raises ProviderError; `permanent` when a retry cannot help."""

    def place(self, *, to: str, from_number: str, url: str, status_url: str, rings_s: int) -> str:
        """Ring `to`; whoever answers hears the document at `url`. Gives the leg's id; `status_url` hears of its end."""
        ...

    def redirect(self, leg: str, twiml: str) -> None:
        """Make a leg do `twiml` now (at most 4000 characters, twilio.md 4.3)."""
        ...

    def end_leg(self, leg: str) -> None: ...

    def end_room(self, room: str) -> None:
        """End a conference by its name; fine when it is not there."""
        ...

    def remove(self, room: str, label: str) -> bool:
        """Take one participant out of a room; the leg goes on with its Dial action. False: no such room."""
        ...

    def hold(self, room: str, label: str, *, held: bool, hold_url: str) -> None: ...

    def status(self, leg: str) -> str:
        """The provider's word for the state of a leg (twilio.md 1.2)."""
        ...

    def stop_stream(self, leg: str, name: str) -> None:
        """Stop the Media Stream of that name on a leg (twilio.md 3)."""
        ...

    def start_stream(self, leg: str, *, url: str, name: str, token: str, callback: str) -> None:
        """Start a Media Stream of what the leg's party says, with `token` as its parameter (twilio.md 3.4)."""
        ...


class _RedirectedHttp(TwilioHttpClient):  # type: ignore[misc]
    """Sends the library's requests to another origin: the host name in the library is fixed (twilio.md 7.2)."""

    def __init__(self, base_url: str, adapter: requests.adapters.BaseAdapter | None) -> None:
        super().__init__(timeout=TIMEOUT_S)
        self._base = urlsplit(base_url)
        if adapter is not None:
            self.session.mount(base_url, adapter)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        target = urlsplit(url)
        there = urlunsplit((self._base.scheme, self._base.netloc, target.path, target.query, ""))
        return super().request(method, there, *args, **kwargs)


def twilio_telephony(
    account_sid: str, auth_token: str, base_url: str = "", adapter: requests.adapters.BaseAdapter | None = None
) -> TwilioTelephony:
    """Twilio's REST API, or whatever answers like it at `base_url`. `adapter` replaces the network in tests."""
    http = _RedirectedHttp(base_url, adapter) if base_url else TwilioHttpClient(timeout=TIMEOUT_S)
    return TwilioTelephony(Client(account_sid, auth_token, http_client=http, environment=_FIXED_HOST))


class TwilioTelephony:
    """Telephony over twilio-python."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def place(self, *, to: str, from_number: str, url: str, status_url: str, rings_s: int) -> str:
        with _translated():
            leg = self._client.calls.create(
                to=to,
                from_=from_number,
                url=url,
                method="POST",
                timeout=rings_s,
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=["completed"],
            )
            return str(leg.sid)

    def redirect(self, leg: str, twiml: str) -> None:
        with _translated():
            self._client.calls(leg).update(twiml=twiml)

    def end_leg(self, leg: str) -> None:
        with _translated():
            self._client.calls(leg).update(status="completed")

    def end_room(self, room: str) -> None:
        self._in_room(room, lambda conference: conference.update(status="completed"))

    def remove(self, room: str, label: str) -> bool:
        return self._in_room(room, lambda conference: conference.participants(label).delete())

    def hold(self, room: str, label: str, *, held: bool, hold_url: str) -> None:
        # HoldMethod's default is GET (twilio.md 4.3, step 7).
        def change(conference: Any) -> Any:
            if held:
                return conference.participants(label).update(hold=True, hold_url=hold_url, hold_method="POST")
            return conference.participants(label).update(hold=False)

        self._in_room(room, change)

    def status(self, leg: str) -> str:
        with _translated():
            return str(self._client.calls(leg).fetch().status)

    def stop_stream(self, leg: str, name: str) -> None:
        with _translated():
            self._client.calls(leg).streams(name).update(status="stopped")

    def start_stream(self, leg: str, *, url: str, name: str, token: str, callback: str) -> None:
        with _translated():
            self._client.calls(leg).streams.create(
                url=url,
                name=name,
                track="inbound_track",
                status_callback=callback,
                parameter1_name="token",
                parameter1_value=token,
            )

    def _in_room(self, room: str, change: Callable[[Any], Any]) -> bool:
        """Whether there is such a room, which is changed then."""
        with _translated():
            found = self._client.conferences.list(friendly_name=room, status="in-progress", limit=1)
            for conference in found:
                change(self._client.conferences(conference.sid))
        return bool(found)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except TwilioRestException as error:
        # 429 is "never processed, always safe to retry" (twilio.md 5.2) and a 5xx may pass; the rest will not change
        permanent = error.status < 500 and error.status != 429
        raise ProviderError(
            f"Twilio said {error.code}: {error.msg}", permanent=permanent, provider_code=error.code
        ) from None
    except (TwilioException, requests.RequestException) as error:
        raise ProviderError(f"Twilio could not be reached: {type(error).__name__}", permanent=False) from error
