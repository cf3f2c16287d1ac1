"""E-mail addresses in what somebody said: "jan dot smith at example dot com"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transcription.redaction_words import Terms


def said(texts: Sequence[str], terms: Terms) -> Iterator[tuple[int, int]]:
    """The stretches of tokens that are an address."""
    stop = terms.ends | terms.about | {"is", "est", "adres", "adresse", "address", "mail", "my", "mijn", "mon"}
    for at, text in enumerate(texts):
        if "@" in text and len(text) > 1:
            yield at, at + 1
            continue
        if (text,) not in terms.at_sign:
            continue
        dots = [n for n in range(at + 2, min(at + 7, len(texts) - 1)) if texts[n] in terms.dot]
        if not dots:
            continue
        start = at
        while start > 0 and at - start < 8 and texts[start - 1] not in stop:
            start -= 1
        if start < at:
            yield start, dots[-1] + 2
