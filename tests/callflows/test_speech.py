"""What callers say instead of pressing keys, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from callflows import engine
from callflows.events import AnswerSpoken, CallArrived, DigitsPressed
from callflows.flow import Flow
from callflows.folder import load_flow
from callflows.node_parts import Choice
from callflows.speech import UNKNOWN, Answer, Choices, Number, choices
from foundation.clock import ManualClock
from foundation.settings import ROOT

MENU = {
    "1": Choice(exit="a", means="yes", say={"en": ("internet", "broken line")}),
    "2": Choice(exit="b", means="no", say={"en": ("invoice",)}),
    "12": Choice(exit="c"),
}


@dataclass(frozen=True)
class Said:
    word: str
    conf: float = 1.0


def said(text: str, conf: float = 1.0) -> list[Said]:
    return [Said(word, conf) for word in text.split()]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("invoice", "2"),
        ("one", "1"),
        ("one two", ""),  # the keys of two choices, and those of a third: asked again
        ("five", "5"),  # a wrong key, not silence
        ("yes please", "1"),
        ("uh no", "2"),
        ("no no", "2"),
        ("broken line", "1"),
        (f"{UNKNOWN} invoice {UNKNOWN}", "2"),
        ("i ring about an invoice", "2"),  # as a model writes it that cannot be limited
        (f"{UNKNOWN} no", ""),  # "I do not know": yes, no and digits turn up in any sentence
        ("not one of them", ""),
        ("internet invoice", ""),
        ("yes invoice", ""),
        (UNKNOWN, ""),
    ],
)
def test_a_choice(text: str, keys: str) -> None:
    found = choices({key: choice for key, choice in MENU.items() if key != "12"}, "en").answer(said(text))
    assert found is not None
    assert found.digits == keys


def test_a_choice_of_two_keys_is_said_in_digits() -> None:
    found = choices(MENU, "en").answer(said("one two"))
    assert found is not None
    assert found.digits == "12"


@pytest.mark.parametrize("text", ["", "uh", "please uh"])
def test_a_caller_who_only_draws_breath_has_not_answered(text: str) -> None:
    assert choices(MENU, "en").answer(said(text)) is None


def test_a_word_that_the_recogniser_doubts_is_asked_for_again() -> None:
    asked = choices(MENU, "en")
    assert asked.answer(said("invoice", 0.6)) == Answer("", 0.6)
    assert asked.answer(said("invoice", 0.85)) == Answer("2", 0.85)
    assert asked.answer(said(f"{UNKNOWN} invoice", 0.85)) == Answer("", 0.85), (
        "in the middle of a sentence it may be another"
    )


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("nl", "nul vier zes nul nul nul een twee drie vier", "0460001234"),
        ("nl", "nul vier zes nul tien zevenentachtig negen negen", "0460108799"),
        ("nl", "nul twee vijf vijf vijf nul een tweeënveertig", "025550142"),
        ("fr", "zéro quatre cent soixante zéro zéro dix zéro un", "0460001001"),
        ("fr", "zéro quatre six zéro dix quatre vingt douze nonante neuf", "0460109299"),
        ("fr", "zéro quatre-vingt-sept trente quatre vingt et un quatorze", "087342114"),
        ("en", "oh four six zero double zero one two three four", "0460001234"),
        ("en", "zero two triple five zero one forty two", "025550142"),
        ("en", f"uh zero two {UNKNOWN} triple five zero one forty two please", "025550142"),
    ],
)
def test_a_telephone_number(language: str, text: str, number: str) -> None:
    found = Number(language, 6, 15, phone=True).answer(said(text))
    assert found is not None
    assert found.digits == number


def test_too_few_digits_are_asked_for_again_and_stray_ones_are_the_tones_of_keys() -> None:
    asked = Number("en", 6, 15, phone=True)
    assert asked.answer(said("one two three four")) == Answer("", 1.0)
    assert asked.answer(said(f"{UNKNOWN} eight {UNKNOWN}")) is None
    assert asked.answer(said("zero two triple five zero one forty two", 0.4)) == Answer("", pytest.approx(0.4))


def test_a_number_that_has_all_its_digits_is_complete() -> None:
    asked = Number("en", 5, 5)
    assert not asked.complete(asked.answer(said("one double two three")))
    assert asked.complete(asked.answer(said("one double two three four")))


def helpdesk() -> Flow:
    return load_flow(ROOT / "callflows" / "flows" / "helpdesk.toml")


def at_the_topic(clock: ManualClock, context: engine.Context) -> engine.Step:
    event = CallArrived(from_number="+32460001001", to_number="+3225550100")
    step = engine.start(helpdesk(), call_id="c", leg="CA1", event=event, now=clock.now(), context=context)
    for key in ("3", "1"):
        step = engine.step(helpdesk(), step.session, DigitsPressed(digits=key), clock.now(), context=context)
    assert step.session.node == "topic"
    return step


LISTENS = engine.Context(understood=frozenset({"en"}))


def test_a_said_answer_does_what_its_key_does(clock: ManualClock) -> None:
    step = at_the_topic(clock, LISTENS)
    pressed, spoken = (
        engine.step(helpdesk(), step.session, event, clock.now(), context=LISTENS)
        for event in (DigitsPressed(digits="4"), AnswerSpoken(digits="4"))
    )
    assert spoken.session == pressed.session
    assert spoken.session.queue == "invoices"
    assert spoken.session.listened == step.session.step, "the stream is stopped by the next document"


def test_nobody_who_presses_keys_hears_of_speech_where_nobody_listens(clock: ManualClock) -> None:
    deaf = at_the_topic(clock, engine.Context(understood=frozenset({"nl"})))
    listens = at_the_topic(clock, LISTENS)
    prompts = [[each.prompt for each in step.effects[-1].spoken] for step in (deaf, listens)]  # type: ignore[union-attr]
    assert prompts == [["topic"], ["topic", "speech-choice"]]
    assert [step.effects[-1].speech for step in (deaf, listens)] == ["deaf", "on"]  # type: ignore[union-attr]


def test_choices_know_the_words_of_every_key() -> None:
    asked = choices(MENU, "fr")
    assert isinstance(asked, Choices)
    assert asked.phrases["oui"] == "1"
    assert asked.phrases["un deux"] == "12"
    assert asked.phrases["neuf"] == "9", "also a digit that has no key"
