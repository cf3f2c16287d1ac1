"""`app.cli article`: articles are listed and shown, and their keywords changed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli import main
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.embedded import EmbeddedRedis
from helpdesk.seed import seed
from tests.support.world import settings_for


@pytest.fixture
def environment(
    database: Database, clock: ManualClock, postgres_url: str, redis_server: EmbeddedRedis
) -> dict[str, str]:
    with database.transaction() as session:
        seed(session, clock.now())
    values = dict(settings_for(postgres_url, redis_server.url))
    return {
        name.upper(): value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in values.items()
    }


def test_articles_are_listed_shown_and_get_keywords(environment: dict[str, str]) -> None:
    def run(*arguments: str, fails: bool = False) -> str:
        result = CliRunner().invoke(main, ["article", *arguments], env=environment)
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    listed = run("list", "--language", "fr").splitlines()
    assert len(listed) == 21
    (line,) = [line for line in listed if "paper-jam" in line]
    number, language, slug, *title = line.split()
    assert (language, slug, " ".join(title)) == ("fr", "paper-jam", "Papier coincé dans l'imprimante")
    assert "photocopieuse" in run("show", number)
    changed = run("keywords", number, "bourrage, feuille coincée", "--by", "eva")
    assert changed.endswith("keywords: bourrage, feuille coincée\n")
    assert run("show", number) == changed
    assert run("keywords", number, "").endswith("keywords: none\n")
    assert "There is no article 999999." in run("show", "999999", fails=True)
