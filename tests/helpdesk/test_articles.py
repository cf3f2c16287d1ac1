"""Articles are found by what is said, in the language it is said in."""

from __future__ import annotations

import pytest

from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from helpdesk import Helpdesk
from helpdesk.tables import ArticleRow


@pytest.fixture
def knowing(helpdesk: Helpdesk, database: Database) -> Helpdesk:
    texts = [
        ("slow-internet", "en", "Slow internet connection", "Restart the modem and test the speed with a cable."),
        ("slow-internet", "nl", "Trage internetverbinding", "Herstart de modem en test de snelheid met een kabel."),
        ("slow-internet", "fr", "Connexion internet lente", "Redémarrez le modem et testez la vitesse avec un câble."),
        ("black-screen", "en", "Laptop with a black screen", "Hold the power button for ten seconds."),
        ("black-screen", "nl", "Laptop met zwart scherm", "Houd de knop tien seconden ingedrukt."),
    ]
    with database.transaction() as session:
        for slug, language, title, body in texts:
            session.add(ArticleRow(slug=slug, language=language, queue="internet", title=title, body=body))
    return helpdesk


@pytest.mark.parametrize(
    ("said", "language", "slug"),
    [
        ("hello my internet connection has been very slow since yesterday", "en", "slow-internet"),
        ("hallo mijn internetverbinding is heel traag sinds gisteren", "nl", "slow-internet"),
        ("bonjour ma connexion internet est très lente depuis hier", "fr", "slow-internet"),
        ("did you try it yes several times but the screen is black", "en", "black-screen"),
        ("ja twee keer maar het scherm is zwart", "nl", "black-screen"),
    ],
)
def test_a_spoken_sentence_finds_its_article(knowing: Helpdesk, said: str, language: str, slug: str) -> None:
    best = knowing.search_articles(said, language)[0]
    assert (best.slug, best.language) == (slug, language)
    assert best.rank > 0


def test_more_matching_words_rank_higher(knowing: Helpdesk) -> None:
    assert [found.slug for found in knowing.search_articles("test power button", "en")] == [
        "black-screen",
        "slow-internet",
    ]
    assert len(knowing.search_articles("test power button", "en", limit=1)) == 1


@pytest.mark.parametrize("said", ["", "   ", "the", "!!! & | ' :* <-> \\ \x00", "zzzz"])
def test_text_without_a_known_word_finds_nothing(knowing: Helpdesk, said: str) -> None:
    assert knowing.search_articles(said, "en") == []


@pytest.mark.parametrize("said", ["wi-fi's modem: https://example.org/a?b&c=1|2", "modem & !screen", "modem'; --"])
def test_what_looks_like_search_syntax_is_only_words(knowing: Helpdesk, said: str) -> None:
    assert "slow-internet" in [found.slug for found in knowing.search_articles(said, "en")]


def test_an_article_is_read_by_its_name_and_language(knowing: Helpdesk) -> None:
    assert knowing.article("slow-internet", "fr").title == "Connexion internet lente"
    with pytest.raises(NotFound):
        knowing.article("black-screen", "fr")
    with pytest.raises(InvalidInput, match="There are no articles in the language 'de'"):
        knowing.search_articles("langsam", "de")
