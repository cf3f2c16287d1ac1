"""What callers hear: numbers and plurals right in every language, and nothing said with a hole in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from callflows.prompts import Catalogue, PromptError

CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[2] / "callflows" / "prompts")


@pytest.mark.parametrize(
    ("language", "position", "minutes", "sentence"),
    [
        ("nl", 1, 1, "U bent als eerste aan de beurt. De wachttijd is ongeveer één minuut."),
        ("nl", 2, 5, "Er is nog één beller voor u. De wachttijd is ongeveer 5 minuten."),
        ("nl", 3, 5, "U bent nummer 3 in de wachtrij. De wachttijd is ongeveer 5 minuten."),
        ("fr", 1, 1, "Vous êtes le prochain appel. L'attente est d'environ une minute."),
        ("fr", 2, 5, "Il y a encore un appel avant le vôtre. L'attente est d'environ 5 minutes."),
        ("fr", 3, 5, "Vous êtes en position 3 dans la file d'attente. L'attente est d'environ 5 minutes."),
        ("en", 1, 1, "You are next in line. The wait is about one minute."),
        ("en", 2, 5, "There is one caller ahead of you. The wait is about 5 minutes."),
        ("en", 3, 5, "You are number 3 in the queue. The wait is about 5 minutes."),
    ],
)
def test_the_place_and_the_wait(language: str, position: int, minutes: int, sentence: str) -> None:
    args = {"position": position, "minutes": minutes, "bound": "about"}
    assert CATALOGUE.text(language, "queue-position-estimate", args) == sentence


@pytest.mark.parametrize(
    ("language", "bound", "minutes", "sentence"),
    [
        ("nl", "less-than", 1, "De wachttijd is minder dan één minuut."),
        ("nl", "more-than", 30, "De wachttijd is meer dan 30 minuten."),
        ("fr", "less-than", 1, "L'attente est de moins d'une minute."),
        ("fr", "less-than", 2, "L'attente est de moins de 2 minutes."),
        ("fr", "more-than", 30, "L'attente est de plus de 30 minutes."),
        ("en", "less-than", 2, "The wait is less than 2 minutes."),
        ("en", "more-than", 30, "The wait is more than 30 minutes."),
    ],
)
def test_how_sure_the_wait_is(language: str, bound: str, minutes: int, sentence: str) -> None:
    args = {"position": 1, "minutes": minutes, "bound": bound}
    assert CATALOGUE.text(language, "queue-position-estimate", args).endswith(sentence)


@pytest.mark.parametrize(
    ("language", "hour", "minute", "spoken"),
    [
        ("nl", 8, 0, "8 uur"),
        ("nl", 13, 30, "13 uur 30"),
        ("fr", 8, 0, "8 heures"),
        ("fr", 1, 0, "une heure"),
        ("fr", 12, 0, "midi"),
        ("fr", 13, 30, "13 heures 30"),
        ("en", 8, 0, "8 am"),
        ("en", 0, 5, "12:05 am"),
        ("en", 12, 0, "12 pm"),
        ("en", 13, 30, "1:30 pm"),
    ],
)
def test_times_of_the_clock(language: str, hour: int, minute: int, spoken: str) -> None:
    assert CATALOGUE.text(language, "next-opening-time", {"hour": hour, "minute": minute}) == spoken


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "We zijn op 4 januari vanaf 8 uur weer bereikbaar. Tot dan."),
        ("fr", "Nous serons à nouveau joignables le 4 janvier à partir de 8 heures. À bientôt."),
        ("en", "You can reach us again on 4 January from 8 am. Goodbye."),
    ],
)
def test_an_opening_by_its_date(language: str, sentence: str) -> None:
    args = {"opens": "date", "day": 4, "month": 1, "hour": 8, "minute": 0}
    assert CATALOGUE.text(language, "next-opening", args) == sentence


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_no_sentence_has_marks_or_holes(language: str) -> None:
    args: dict[str, object] = {
        "key": "1",
        "retention_days": 30,
        "position": 4,
        "minutes": 7,
        "bound": "less-than",
        "opens": "friday",
        "day": 1,
        "month": 8,
        "hour": 9,
        "minute": 15,
        "span": "many",
        "first_day": "monday",
        "last_day": "friday",
        "until_hour": 17,
        "until_minute": 45,
        "number": "+32460001001",
        "slot_day": "today",
    }
    for name in CATALOGUE.entries(language):
        text = CATALOGUE.text(language, name, args)
        assert text.strip() == text
        assert not set(text) & set("{}\u2068\u2069\n"), text
        assert "  " not in text


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(PromptError, match='no text "nothing" in nl'):
        CATALOGUE.text("nl", "nothing")
    with pytest.raises(PromptError, match='"notice" in nl cannot be filled in'):
        CATALOGUE.text("nl", "notice")
    with pytest.raises(PromptError, match="cannot be filled in"):
        CATALOGUE.text("en", "welcome", {"key": object()})
    with pytest.raises(PromptError, match='no texts in "de"; there are in en, fr, nl'):
        CATALOGUE.text("de", "notice")


def test_a_catalogue_may_be_split_over_files_and_have_attributes(tmp_path: Path) -> None:
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "desk.ftl").write_text("sign-in = Aanmelden\n    .title = Dag { $name }\n")
    (tmp_path / "nl" / "board.ftl").write_text("-brand = Onthaal\nboard = { -brand }: { sign-in.title }\n")
    catalogue = Catalogue.load(tmp_path)
    assert catalogue.languages == ("nl",)
    assert catalogue.text("nl", "sign-in.title", {"name": "Dana"}) == "Dag Dana"
    assert catalogue.text("nl", "board", {"name": "Dana"}) == "Onthaal: Dag Dana"
    assert catalogue.entries("nl")["board"].variables == {"name"}
    assert "-brand" not in catalogue.entries("nl")


def test_a_broken_catalogue_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "nl.ftl").write_text("fine = Goed\nbroken = { $\n")
    with pytest.raises(PromptError, match=r"nl.ftl:\d+: This is not Fluent"):
        Catalogue.load(tmp_path)
    assert Catalogue.read(tmp_path).text("nl", "fine") == "Goed"


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("+32460001001", "0 4 6 0, 0 0, 1 0, 0 1"),
        ("+3225550100", "0 2, 5 5 5, 0 1, 0 0"),
        ("+31201234567", "+ 3 1, 2 0, 1 2 3, 4 5 6 7"),
        ("anonymous", "a n o n y m o u s"),
    ],
)
def test_a_number_is_read_out_digit_by_digit_in_the_groups_people_know(number: str, spoken: str) -> None:
    assert spoken in CATALOGUE.text("en", "callback-own-number", {"number": number})
