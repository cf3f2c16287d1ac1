"""The addresses that Twilio is given. Absolute always: TwiML sent by REST has no base (twilio.md 1.1)."""

from __future__ import annotations

# Asynchronous callbacks ask for retries, which Twilio leaves out by default (twilio.md 1.1). The fragment is never
# sent and not signed.
_RETRIED = "#rc=3&rp=ct,rt,5xx"
# A caller hears silence while Twilio waits for an instruction: give up early and try once more.
_SPOKEN = "#rt=4000&rc=1&rp=ct,rt"


class VoiceUrls:
    """Builds every voice URL under the public base URL. Each URL of a step carries the step's number (replay rule)."""

    def __init__(self, public_base_url: str) -> None:
        self._base = public_base_url.rstrip("/") + "/voice"

    def answer(self, call_id: str, step: int) -> str:
        return f"{self._base}/calls/{call_id}/{step}/answer{_SPOKEN}"

    def listening(self, call_id: str, step: int) -> str:
        """What becomes of the stream on which an answer is listened for."""
        return f"{self._base}/calls/{call_id}/{step}/listening"

    def wait(self, call_id: str, step: int, loop: int) -> str:
        return f"{self._base}/calls/{call_id}/{step}/wait/{loop}{_SPOKEN}"

    def wait_key(self, call_id: str, step: int, loop: int) -> str:
        return f"{self._base}/calls/{call_id}/{step}/wait/{loop}/key{_SPOKEN}"

    def left_queue(self, call_id: str, step: int) -> str:
        return f"{self._base}/calls/{call_id}/{step}/left-queue{_SPOKEN}"

    def after_talk(self, call_id: str, step: int) -> str:
        return f"{self._base}/calls/{call_id}/{step}/after-talk{_SPOKEN}"

    def callback(self, call_id: str, asked: int) -> str:
        """What a caller whom we ring hears, `asked` for a key the first or the second time."""
        return f"{self._base}/calls/{call_id}/callback/{asked}{_SPOKEN}"

    def callback_key(self, call_id: str, asked: int) -> str:
        return f"{self._base}/calls/{call_id}/callback/{asked}/key{_SPOKEN}"

    def callback_status(self, call_id: str) -> str:
        return f"{self._base}/calls/{call_id}/callback-status{_RETRIED}"

    def operator_left(self, call_id: str) -> str:
        return f"{self._base}/calls/{call_id}/operator-left{_SPOKEN}"

    def hold(self, call_id: str) -> str:
        return f"{self._base}/calls/{call_id}/hold{_SPOKEN}"

    def conference(self, call_id: str) -> str:
        return f"{self._base}/calls/{call_id}/conference{_RETRIED}"

    def stream(self, call_id: str, *, resumed: bool = False) -> str:
        """`resumed`: the stream takes the place of a lost one."""
        return f"{self._base}/calls/{call_id}/stream{'?resumed=1' if resumed else ''}{_RETRIED}"

    def recording(self, call_id: str) -> str:
        return f"{self._base}/calls/{call_id}/recording{_RETRIED}"

    def audio(self, name: str) -> str:
        """A sound file; no fragment, so that Twilio caches it."""
        return f"{self._base}/audio/{name}"
