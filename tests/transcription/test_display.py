"""The words as a person would write them, beside the plain words."""

from __future__ import annotations

import pytest

from transcription.display import display
from transcription.recogniser import Word


def shown(text: str, language: str) -> str:
    words = [Word(word, n, n + 1.0, 1.0) for n, word in enumerate(text.split())]
    return " ".join(each.text for each in display(words, language))


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("nl", "mijn ticket is een nul vier vier twee", "Mijn ticket is 10442"),
        ("nl", "om drie uur dertig betaal ik vijfenveertig euro", "Om 3:30 betaal ik 45 euro"),
        ("nl", "ik kom om half drie met een modem", "Ik kom om 2:30 met een modem"),
        ("nl", "tegen vijf voor half vier of tien over acht", "Tegen 3:25 of 10 over acht"),
        ("nl", "drie komma vijf megabit voor één toestel", "3,5 megabit voor één toestel"),
        ("nl", "één van de twee", "Eén van de twee"),
        ("nl", "er branden twee lampjes", "Er branden twee lampjes"),
        ("fr", "à quinze heures trente pour nonante cinq euros", "À 15 h 30 pour 95 euros"),
        ("fr", "à huit heures et quart ou dix heures moins le quart", "À 8 h 15 ou 9 h 45"),
        ("fr", "soixante quinze pour cent", "75 pour cent"),
        ("fr", "zéro quatre septante douze trente quatre cinquante six", "0470123456"),
        ("fr", "c'est quatre vingt dix sept", "C'est 97"),
        ("fr", "un modem neuf", "Un modem neuf"),
        ("en", "i'm calling about ticket one zero four four two", "I'm calling about ticket 10442"),
        ("en", "at half past three", "At 3:30"),
        ("en", "it's ten to five and it takes five to ten minutes", "It's 4:50 and it takes five to 10 minutes"),
        ("en", "the twenty third of november twenty twenty six", "The 23rd of november 2026"),
        ("en", "three point five megabits", "3.5 megabits"),
        ("en", "it ends in double seven oh five", "It ends in 7705"),
        ("en", "thank you one moment please", "Thank you one moment please"),
        ("sv", "tjugo lampor", "Tjugo lampor"),  # a language without number words here
    ],
)
def test_numbers_times_and_ticket_numbers_are_in_digits(language: str, said: str, written: str) -> None:
    assert shown(said, language) == written


def test_words_that_the_recogniser_doubted_are_marked() -> None:
    words = [Word("the", 0, 1, 0.9), Word("modem", 1, 2, 0.4), Word("blinks", 2, 3, 0.8)]
    assert [(each.text, each.unsure) for each in display(words, "en")] == [
        ("The", False), ("modem", True), ("blinks", False),
    ]  # fmt: skip


def test_nothing_said_is_nothing_shown() -> None:
    assert display([], "nl") == []
