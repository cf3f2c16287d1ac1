"""Articles are found by words that stand in neither their title nor their text, and not by one of those alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from foundation.audit import AuditRow
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from helpdesk import Helpdesk
from helpdesk.seed import seed
from helpdesk.suggestions import Suggestion, ranked
from helpdesk.tables import ArticleRow


@dataclass(frozen=True)
class Line:
    text: str
    speaker: str = "caller"
    start_s: float = 0.0


@pytest.fixture
def seeded(helpdesk: Helpdesk, database: Database, clock: ManualClock) -> Helpdesk:
    with database.transaction() as session:
        seed(session, clock.now())
    return helpdesk


def suggested(database: Database, language: str, *said: str) -> list[Suggestion]:
    with database.transaction() as session:
        return ranked(session, language, [Line(text) for text in said])


GREETING = {"nl": "goeiemorgen met els", "fr": "bonjour c'est luc", "en": "good morning this is joan"}
SAID = [
    ("nl", "paper-jam", "er is een blaadje verkreukeld en nu doet hij niets", ("blaadje", "verkreukeld")),
    ("fr", "paper-jam", "ma photocopieuse avale tout", ("photocopieuse", "avale")),
    ("en", "paper-jam", "the photocopier chewed my sheets", ("photocopier", "chewed", "sheets")),
]


@pytest.mark.parametrize(("language", "slug", "sentence", "words"), SAID)
def test_an_article_is_found_by_its_keywords(
    seeded: Helpdesk, database: Database, language: str, slug: str, sentence: str, words: tuple[str, ...]
) -> None:
    article = seeded.article(slug, language)
    assert not any(word in f"{article.title} {article.body}".lower() for word in words)
    best = suggested(database, language, GREETING[language], sentence)[0]
    assert (best.subject, best.sentence) == (slug, sentence)
    assert slug in [found.slug for found in seeded.search_articles(sentence, language)]


SMALL_TALK = [
    (
        "nl",
        "goeiedag hoe is het met u",
        "goed dank u wat een regen vandaag hè",
        "ja en morgen zou het ook nog nat zijn",
        "wij gaan zaterdag met de kleinkinderen naar zee",
        "dat wordt fijn met wat geluk schijnt de zon",
    ),
    (
        "fr",
        "bonjour comment allez-vous",
        "très bien merci quel temps de chien aujourd'hui",
        "oui et demain il va encore pleuvoir",
        "nous partons samedi à la mer avec les petits-enfants",
        "ce sera chouette si le soleil se montre",
    ),
    (
        "en",
        "good morning how are you",
        "fine thank you what a lot of rain today",
        "yes and it will be wet tomorrow as well",
        "we are off to the seaside with the grandchildren on saturday",
        "that will be lovely if the sun comes out",
    ),
]


@pytest.mark.parametrize("talk", SMALL_TALK, ids=lambda talk: talk[0])
def test_small_talk_brings_up_nothing(seeded: Helpdesk, database: Database, talk: tuple[str, ...]) -> None:
    language, *said = talk
    for lines in range(1, len(said) + 1):
        assert suggested(database, language, *said[:lines]) == []


@pytest.mark.parametrize(
    ("language", "alone", "together"),
    [
        ("nl", "het is al vroeg donker", "het is donker en de monitor ook"),
        ("fr", "la salle était vide", "c'est vide et le moniteur aussi"),
        ("en", "it gets dark early", "it went dark and the monitor too"),
    ],
)
def test_one_keyword_is_not_enough(
    seeded: Helpdesk, database: Database, language: str, alone: str, together: str
) -> None:
    assert suggested(database, language, alone) == []
    assert [found.subject for found in suggested(database, language, alone, together)] == ["black-screen"]


def number_of(database: Database, slug: str, language: str) -> int:
    with database.transaction() as session:
        number: int = session.scalars(
            select(ArticleRow.id).where(ArticleRow.slug == slug, ArticleRow.language == language)
        ).one()
    return number


def test_an_installation_adds_its_own_words(seeded: Helpdesk, database: Database) -> None:
    said = "my wallaby sings when I press the kookaburra"
    assert suggested(database, "en", said) == []
    number = number_of(database, "black-screen", "en")
    before = seeded.article_numbered(number).keywords
    changed = seeded.set_article_keywords(number, " wallaby ,kookaburra,, wallaby", actor="eva")
    assert changed.keywords == "wallaby, kookaburra"
    assert [found.subject for found in suggested(database, "en", said)] == ["black-screen"]
    with database.transaction() as session:
        (row,) = session.scalars(select(AuditRow))
        assert (row.actor, row.action, row.subject) == (
            "eva", "article.keywords-changed", "article:black-screen:en",
        )  # fmt: skip
        assert (row.before, row.after) == ({"keywords": before}, {"keywords": "wallaby, kookaburra"})


def test_the_same_words_again_change_nothing(seeded: Helpdesk, database: Database) -> None:
    number = number_of(database, "outage", "nl")
    seeded.set_article_keywords(number, seeded.article_numbered(number).keywords, actor="eva")
    with database.transaction() as session:
        assert session.scalars(select(AuditRow)).all() == []


def test_what_cannot_be_keywords_is_refused(seeded: Helpdesk, database: Database) -> None:
    number = number_of(database, "outage", "nl")
    with pytest.raises(InvalidInput, match="put commas between"):
        seeded.set_article_keywords(number, "stroom " * 20, actor="eva")
    with pytest.raises(InvalidInput, match="101 keywords are too many"):
        seeded.set_article_keywords(number, ",".join(str(each) for each in range(101)), actor="eva")
    with pytest.raises(NotFound, match="There is no article 99999999999"):
        seeded.set_article_keywords(99999999999, "stroom", actor="eva")
