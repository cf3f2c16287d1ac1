"""The sound of recordings, from the provider. A recording may not be there for a while (twilio.md 1.7)."""

from __future__ import annotations

from typing import Protocol

import requests
from requests.adapters import BaseAdapter

from foundation.errors import ProviderError
from ivr.telephony import TIMEOUT_S

_TWILIO = "https://api.twilio.com"
_NOT_FOUND = 404


class Recordings(Protocol):
    """Where recordings are. Both raise ProviderError."""

    def fetch(self, recording: str) -> bytes:
        """The recording as a WAV file. Not there yet is no permanent error."""
        ...

    def delete(self, recording: str) -> None:
        """Fine when it is not there."""
        ...


class TwilioRecordings:
    """Recordings of one account, over HTTP with its credentials; twilio-python reads texts only, not sound."""

    def __init__(
        self, account_sid: str, auth_token: str, base_url: str = "", adapter: BaseAdapter | None = None
    ) -> None:
        self._url = f"{base_url.rstrip('/') or _TWILIO}/2010-04-01/Accounts/{account_sid}/Recordings"
        self._session = requests.Session()
        self._session.auth = (account_sid, auth_token)
        if adapter is not None:
            self._session.mount(base_url, adapter)

    def fetch(self, recording: str) -> bytes:
        return self._ask("GET", f"{recording}.wav").content

    def delete(self, recording: str) -> None:
        self._ask("DELETE", f"{recording}.json", missing_is_fine=True)

    def _ask(self, method: str, name: str, *, missing_is_fine: bool = False) -> requests.Response:
        try:
            answer = self._session.request(method, f"{self._url}/{name}", timeout=TIMEOUT_S)
        except requests.RequestException as error:
            reason = f"The recording {name} could not be asked for: {type(error).__name__}"
            raise ProviderError(reason, permanent=False) from error
        if answer.status_code == _NOT_FOUND and missing_is_fine:
            return answer
        if not answer.ok:
            permanent = answer.status_code < 500 and answer.status_code not in (_NOT_FOUND, 429)
            raise ProviderError(f"Twilio said {answer.status_code} to {method} {name}", permanent=permanent)
        return answer
