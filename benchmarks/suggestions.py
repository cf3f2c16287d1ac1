"""How often the right article is among the three that are suggested: `python -m benchmarks.suggestions`.

Plays the labelled conversations of benchmarks/conversations/ sentence by sentence into a knowledge base with the
seeded articles, in an embedded PostgreSQL: those that use the articles' words, and the same subjects in callers' own
words; and counts how much of their wording is the article's.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from app.schema import migrate
from foundation.database import Database
from foundation.embedded import EmbeddedPostgres
from helpdesk import seed
from helpdesk.suggestions import ARTICLES, ranked
from helpdesk.tables import ArticleRow

CONVERSATIONS = Path(__file__).with_name("conversations")
OWN_WORDS = CONVERSATIONS / "own_words"


@dataclass(frozen=True)
class Sentence:
    speaker: str
    start_s: float
    text: str


@dataclass(frozen=True)
class Conversation:
    language: str
    article: str
    said: tuple[Sentence, ...]


def conversations(folder: Path = CONVERSATIONS) -> Iterator[Conversation]:
    """A labelled set."""
    for path in sorted(folder.glob("*.toml")):
        for article, lines in tomllib.loads(path.read_text("utf-8")).items():
            said = tuple(
                Sentence("operator" if line.endswith("|>") else "caller", 5.0 * n, line.removesuffix("|>"))
                for n, line in enumerate(lines)
            )
            yield Conversation(path.stem, article, said)


def place(database: Database, conversation: Conversation, sentences: int) -> int | None:
    """Where the right article stands, from 1, after so many sentences; None when it is not suggested."""
    with database.transaction() as session:
        found = [
            each.subject
            for each in ranked(session, conversation.language, conversation.said[:sentences])
            if each.kind == "article"
        ]
    return found.index(conversation.article) + 1 if conversation.article in found[:ARTICLES] else None


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "pg").start()
        database = Database(server.url("suggestions"))
        try:
            migrate(database.engine)
            with database.transaction() as session:
                seed.seed(session, datetime.now(UTC))
            report(database)
        finally:
            database.close()
            server.stop()


def report(database: Database) -> None:
    print("| set | language | conversations | hit at 3 | first | hit at 3 after two | ms a look | words shared |")
    print("|---|---|---|---|---|---|---|---|")
    missed = []
    for name, folder in (("with the articles' words", CONVERSATIONS), ("in own words", OWN_WORDS)):
        everything = list(conversations(folder))
        for language in ("nl", "fr", "en", "all"):
            chosen = [each for each in everything if language in (each.language, "all")]
            began = time.perf_counter()
            places = [place(database, each, len(each.said)) for each in chosen]
            cost_ms = (time.perf_counter() - began) * 1000 / len(chosen)
            early = [place(database, each, 2) for each in chosen]
            hits, first = sum(found is not None for found in places), places.count(1)
            soon = sum(found is not None for found in early)
            shared = statistics.median(shared_words(database, each) for each in chosen)
            print(
                f"| {name} | {language} | {len(chosen)} | {hits / len(chosen):.0%} | {first / len(chosen):.0%} "
                f"| {soon / len(chosen):.0%} | {cost_ms:.1f} | {shared:.0%} |"
            )
            if language != "all":
                pairs = zip(chosen, places, strict=True)
                missed += [f"{each.language} {each.article}" for each, found in pairs if found is None]
    print(f"missed: {', '.join(missed) or 'none'}")


def shared_words(database: Database, conversation: Conversation) -> float:
    """The share of a conversation's words of four letters and more that stand in its article."""
    with database.transaction() as session:
        article = session.scalars(
            select(ArticleRow).where(
                ArticleRow.slug == conversation.article, ArticleRow.language == conversation.language
            )
        ).one()
        text = f"{article.title} {article.body}".lower()
    said = {word for each in conversation.said for word in re.findall(r"\w{4,}", each.text.lower())}
    return len(said & set(re.findall(r"\w{4,}", text))) / len(said)


if __name__ == "__main__":
    main()
