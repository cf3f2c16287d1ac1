"""Answers in a menu, heard by the real media server with the shipped models."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from websockets.asyncio.client import ClientConnection

from callflows.node_parts import Choice
from callflows.speech import Answer, Number, Question, choices
from foundation.errors import Forbidden, Unavailable
from foundation.settings import ROOT
from tests.support.media_house import CALL, LEG, House, play
from tests.support.word_errors import SPEECH
from transcription import media_stream, wav
from transcription.audio import TELEPHONE_HZ
from transcription.models import Models
from transcription.recogniser import LoadedModel
from transcription.tokens import AnswerClaim

TOPIC = choices({"1": Choice(exit="a"), "4": Choice(exit="b", say={"en": ("billing",)})}, "en")


@dataclass
class Menu:
    """Who asks."""

    asked: Question | None = TOPIC
    heard_answers: list[tuple[int, str, Answer]] = field(default_factory=list)
    spoke: int = 0
    away: bool = False

    def question(self, call_id: str, step: int) -> Question | None:
        assert (call_id, step) == (CALL, 3)
        return self.asked

    def speaking(self, call_id: str, step: int) -> None:
        self.spoke += 1

    def heard(self, call_id: str, step: int, leg: str, answer: Answer) -> None:
        if self.away:
            raise Unavailable("The database is away.")
        self.heard_answers.append((step, leg, answer))

    @property
    def digits(self) -> list[str]:
        return [answer.digits for _, _, answer in self.heard_answers]


class StaticGraph(Models):
    """The shipped models, as if their graphs were fixed: no grammar, every word is decoded."""

    def _model(self, language: str) -> LoadedModel:
        return replace(super()._model(language), limits=False)


def listening(house: House, menu: Menu, models: Models | None = None) -> None:
    house.server = house.serve(models or Models(ROOT / "models"), answers=menu)


async def say(socket: ClientConnection, file: str, first_ms: int = 100) -> None:
    """A recording, and the quiet line after it."""
    sound = wav.read(SPEECH / "en" / file).mulaw + b"\xff" * (2 * TELEPHONE_HZ)
    for text in media_stream.frames("MZ1", sound, first_ms=first_ms):
        await socket.send(text)


def token(house: House) -> str:
    return house.tokens.issue(AnswerClaim(CALL, 3, "en", LEG))


@pytest.mark.parametrize("models", [Models, StaticGraph])
def test_a_said_choice_is_handed_over_once_and_nothing_is_kept_or_shown(house: House, models: type[Models]) -> None:
    menu = Menu()
    listening(house, menu, models(ROOT / "models"))

    async def scene() -> None:
        async with house.stream(token(house)) as socket:
            await say(socket, "ivr_04.wav")
            await house.until(lambda: menu.heard_answers)
            await say(socket, "ivr_02.wav", first_ms=9000)

    play(house, scene)
    assert menu.digits == ["4"]
    assert menu.heard_answers[0][:2] == (3, LEG)
    assert house.transcripts.of_call(CALL) == []
    assert house.transcripts.tried == 0
    used = house.server._tracks.figures()["cores_used"]
    assert isinstance(used, float) and used > 0, "it counts in what the machine has left"
    assert [kind for kind in ("segment", "partial", "transcription-state") if house.published(kind)] == []


def test_speech_about_something_else_is_handed_over_as_no_answer_after_a_pause(house: House) -> None:
    menu = Menu()
    listening(house, menu)

    async def scene() -> None:
        async with house.stream(token(house)) as socket:
            await say(socket, "seen_00.wav")
            await house.until(lambda: menu.heard_answers)

    play(house, scene)
    assert menu.digits == [""]
    assert menu.spoke > 0, "meanwhile nobody tells the caller that nothing was heard"


def test_a_digit_is_not_yet_a_number(house: House) -> None:
    menu = Menu(asked=Number("en", 6, 15, phone=True))
    listening(house, menu)

    async def scene() -> None:
        async with house.stream(token(house)) as socket:
            await say(socket, "ivr_02.wav")

    play(house, scene)
    assert menu.digits == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_goes_wrong_leaves_the_keys_and_a_line_in_the_log(
    house: House, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    menu = Menu(away=True)
    listening(house, menu)

    async def scene() -> None:
        async with house.stream(house.tokens.issue(AnswerClaim(CALL, 3, language, LEG))) as socket:
            await say(socket, "ivr_04.wav")
            await house.until(lambda: "a menu is answered by keys only" in caplog.text)

    play(house, scene)
    assert menu.digits == []


def test_a_question_that_is_answered_already_is_not_listened_to(house: House) -> None:
    menu = Menu(asked=None)
    listening(house, menu)

    async def scene() -> None:
        async with house.stream(token(house)) as socket:
            await say(socket, "ivr_04.wav")

    play(house, scene)
    assert menu.digits == []


def test_a_token_for_an_answer_is_good_once_and_for_its_leg_only(house: House) -> None:
    issued = token(house)
    with pytest.raises(Forbidden):
        house.tokens.redeem(issued, "CA" + "2" * 32)
    assert house.tokens.redeem(issued, LEG) == AnswerClaim(CALL, 3, "en", LEG)
    with pytest.raises(Forbidden):
        house.tokens.redeem(issued, LEG)


def test_the_shipped_models_take_a_grammar_and_know_the_words_of_a_menu() -> None:
    models = Models(ROOT / "models")
    for language in ("nl", "fr", "en"):
        assert models._model(language).limits
        digits = tuple(choices({}, language).phrases)
        assert set(models.unheard(language, digits)) <= {"één", "zero", "nought", "nil", "une"}
    assert models.unheard("en", ("billing", "xyzzy", "not xyzzy")) == ("xyzzy", "not xyzzy")
