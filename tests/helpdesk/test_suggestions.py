"""While they talk: the right article is among three, and phrases raise flags."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.suggestions import Sentence, conversations, place
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound, SettingsError
from helpdesk import seed
from helpdesk.phrases import FOLDER, Phrases
from helpdesk.suggestions import Suggestions

HIT_RATE = 0.9  # of the labelled set; docs/performance.md has the figures


@pytest.fixture
def suggestions(database: Database, clock: ManualClock) -> Suggestions:
    with database.transaction() as session:
        seed.seed(session, clock.now())
    return Suggestions(database, clock, Phrases.load())


def said(*texts: str, speaker: str = "caller") -> list[Sentence]:
    return [Sentence(speaker, 5.0 * n, each) for n, each in enumerate(texts)]


def test_the_labelled_set_finds_its_articles_among_three(suggestions: Suggestions, database: Database) -> None:
    everything = list(conversations())
    assert len(everything) >= 60
    missed = [each for each in everything if place(database, each, len(each.said)) is None]
    assert len(missed) <= (1 - HIT_RATE) * len(everything), [(each.language, each.article) for each in missed]


def test_what_was_said_lately_weighs_more(suggestions: Suggestions) -> None:
    about_paper = said("er zit papier vast in de printer")
    long_ago = [*about_paper, *said(*["ja dat begrijp ik goed"] * 20), *said("mijn mailbox is vol")]
    found = [each.subject for each in suggestions.for_call("c1", "nl", long_ago) if each.kind == "article"]
    assert found[0] == "mailbox-full"
    assert suggestions.for_call("c2", "nl", about_paper)[0].subject == "paper-jam"


def test_a_known_problem_stands_beside_the_articles(suggestions: Suggestions) -> None:
    found = suggestions.for_call("c1", "en", said("my mails arrive two hours late since this morning"))
    assert ("problem", "problem-mail-delay") in [(each.kind, each.subject) for each in found]


def test_small_talk_suggests_nothing(suggestions: Suggestions) -> None:
    assert suggestions.for_call("c1", "nl", said("goedemiddag", "hoe gaat het", "een ogenblik alstublieft")) == []
    assert suggestions.for_call("c1", "nl", []) == []
    assert suggestions.for_call("c1", "sv", said("hej")) == []


def test_what_was_decided_is_remembered_and_can_only_be_decided_for_what_was_shown(suggestions: Suggestions) -> None:
    suggestions.for_call("c1", "fr", said("ma boîte mail est pleine"))
    suggestions.decide("c1", "article", "mailbox-full", "used", "dana")
    assert [each.state for each in suggestions.of_call("c1", "fr") if each.subject == "mailbox-full"] == ["used"]
    with pytest.raises(NotFound):
        suggestions.decide("c1", "article", "paper-jam", "used", "dana")
    with pytest.raises(InvalidInput):
        suggestions.decide("c1", "article", "mailbox-full", "liked", "dana")
    assert suggestions.erase("c1") > 0 and suggestions.of_call("c1", "fr") == []


@pytest.mark.parametrize(
    ("language", "speaker", "sentence", "flags"),
    [
        ("nl", "caller", "ik ben helemaal niet tevreden over jullie", ["complaint"]),
        ("nl", "caller", "ik wil mijn abonnement opzeggen", ["cancel"]),
        ("nl", "operator", "wij bellen u morgen terug", ["promise"]),
        ("nl", "operator", "ik bel u terug", []),
        ("fr", "caller", "c'est inacceptable je veux résilier", ["complaint", "cancel"]),
        ("fr", "operator", "je vous rappelle demain matin", ["promise"]),
        ("fr", "caller", "vous me rappelez demain", []),
        ("en", "caller", "how much is a faster subscription", ["buying-signal"]),
        ("en", "operator", "may i take over your screen", ["remote-takeover"]),
        ("en", "operator", "i will call you back", []),  # a promise has a date
        ("en", "caller", "the complaints box", ["complaint"]),
        ("en", "caller", "i have a cancelled flight", ["cancel"]),
        ("sv", "caller", "hej", []),
    ],
)
def test_key_phrases_raise_flags(language: str, speaker: str, sentence: str, flags: list[str]) -> None:
    assert Phrases.load().flags(language, speaker, sentence) == flags


def test_every_language_has_the_same_flags() -> None:
    phrases = Phrases.load()
    names = {tuple(phrases.names(path.stem)) for path in FOLDER.glob("*.toml")}
    assert len(names) == 1


def test_phrases_may_come_from_a_folder_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no key phrases"):
        Phrases.load(tmp_path)
    (tmp_path / "en.toml").write_text('[angry]\nspeaker = "caller"\nany = ["rubbish"]\n', "utf-8")
    phrases = Phrases.load(tmp_path)
    assert phrases.flags("en", "caller", "this is rubbish") == ["angry"]
    assert phrases.flags("nl", "caller", "ik heb een klacht") == []


def test_a_file_of_phrases_with_a_fault_says_which(tmp_path: Path) -> None:
    (tmp_path / "nl.toml").write_text('[complaint]\nanny = ["klacht"]\n', "utf-8")
    with pytest.raises(SettingsError, match=r"nl\.toml"):
        Phrases.load(tmp_path)
