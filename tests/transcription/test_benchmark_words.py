"""The measurement of what is transcribed counts what was not heard at all."""

from __future__ import annotations

from benchmarks.media_load import Heard, Played
from benchmarks.transcription import wrong_words
from benchmarks.two_speaker_calls import Track


def test_every_word_of_a_call_of_which_nothing_was_told_is_wrong() -> None:
    def call(caller: str, operator: str) -> Played:
        return Played("en", (Track(b"", caller, 1.0), Track(b"", operator, 1.0)), ([], []))

    calls = [call("the lamp is red", "good morning"), call("my laptop", "hold the button")]
    heard = Heard()
    heard.sentences[("123-0", "caller")] = {4.0: "is read", 1.0: "the lamp"}
    heard.sentences[("123-0", "operator")] = {0.0: "good morning"}
    assert wrong_words(heard, calls) == (1 + 5, 4 + 2 + 2 + 3)
    assert wrong_words(Heard(), calls) == (11, 11)
