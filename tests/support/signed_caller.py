"""A caller as the web server sees one: signed webhooks over HTTP, each following from the document before."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import requests
from twilio.request_validator import RequestValidator


class SignedCaller:
    """One caller. `took` keeps how long each answer took, in seconds."""

    def __init__(self, base: str, token: str, number: int) -> None:
        self._base = base
        self._validator = RequestValidator(token)
        self._http = requests.Session()
        self._form = {"CallSid": f"CA{number:032x}", "From": f"+3246000{number:04}", "To": "+3225550100"}
        self.took: list[float] = []

    def post(self, path: str, **fields: str) -> str:
        """Send one webhook and give the document; raises when the answer is no 200."""
        form = {**self._form, **fields}
        url = self._base + path
        headers = {"X-Twilio-Signature": self._validator.compute_signature(url, form)}
        began = time.monotonic()
        answer = self._http.post(url, data=form, headers=headers, timeout=15)
        self.took.append(time.monotonic() - began)
        answer.raise_for_status()
        return answer.text

    def into_the_queue(self) -> str:
        """Ring and choose; gives the path of the first wait document."""
        document = self.post("/voice/incoming")
        for digits in ("3", "1", "1"):
            document = self.post(_path_in(document, "action"), Digits=digits)
        return _path_in(document, "waitUrl")

    def wait(self, path: str) -> str:
        """One round of the wait loop; gives the path of the next."""
        document = self.post(path)
        return urlsplit(document.rpartition("<Redirect")[2].partition(">")[2].partition("<")[0]).path

    def close(self) -> None:
        self._http.close()


def _path_in(document: str, attribute: str) -> str:
    return urlsplit(document.partition(f'{attribute}="')[2].partition('"')[0]).path
