"""Transcripts to read back: search in what was said, and a call's transcript as text or WebVTT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request
from markupsafe import Markup, escape
from sqlalchemy import case, func, literal_column, select

from desk.calls import call_model
from desk.people import account, services, wording
from desk.services import DeskServices
from desk.wording import Wording
from foundation.database import Database
from ivr.tables import CallRow
from queueing.model import Queue
from transcription.tables import SegmentRow

_MOST = 100
_MARKS = ("\ue000", "\ue001")  # private characters: they survive the escaping of what was said
_CONFIG = case(
    {"nl": literal_column("'dutch'::regconfig"), "fr": literal_column("'french'::regconfig"),
     "en": literal_column("'english'::regconfig")},
    value=SegmentRow.language,
    else_=literal_column("'simple'::regconfig"),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A sentence that fits, and where it is."""

    call_id: str
    started_at: datetime
    queue: str | None
    operator_id: int | None
    from_number: str
    speaker: str
    start_s: float
    html: Markup

    @property
    def anchor(self) -> str:
        return f"said-{self.speaker}-{round(self.start_s * 1000)}"


@dataclass(frozen=True)
class SearchModel:
    """`given`: the filters as they were asked; `more`: there are more sentences than are shown."""

    found: Sequence[Found]
    more: bool
    given: dict[str, str]
    bad_day: bool
    queues: Sequence[Queue]

    @property
    def query(self) -> str:
        return urlencode(self.given)


def find_sentences(
    database: Database,
    words: str,
    *,
    speaker: str = "",
    queue: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    limit: int = _MOST,
) -> list[Found]:
    """Sentences in which all the words are said, in any of their forms, newest first. `words` is what people type into
    a search box: "quotes" for a phrase, - to leave one out."""
    wanted = func.websearch_to_tsquery(_CONFIG, words.replace("\x00", ""))
    shown = func.coalesce(func.nullif(SegmentRow.display, ""), SegmentRow.text)
    marks = f"StartSel={_MARKS[0]}, StopSel={_MARKS[1]}, HighlightAll=true"
    query = (
        select(SegmentRow, CallRow, func.ts_headline(_CONFIG, shown, wanted, marks))
        .join(CallRow, CallRow.call_id == SegmentRow.call_id)
        .where(SegmentRow.search.op("@@")(wanted))
    )
    if speaker:
        query = query.where(SegmentRow.speaker == speaker)
    if queue:
        query = query.where(CallRow.queue == queue)
    if since:
        query = query.where(SegmentRow.started_at >= since)
    if before:
        query = query.where(SegmentRow.started_at < before)
    with database.transaction() as session:
        rows = session.execute(query.order_by(SegmentRow.started_at.desc(), SegmentRow.id).limit(limit)).all()
    return [
        Found(
            call_id=line.call_id,
            started_at=line.started_at,
            queue=call.queue,
            operator_id=call.operator_id,
            from_number=call.from_number,
            speaker=line.speaker,
            start_s=line.start_s,
            html=_marked(headline),
        )
        for line, call, headline in rows
    ]


def _marked(headline: str) -> Markup:
    text = str(escape(headline)).replace(_MARKS[0], "<mark>").replace(_MARKS[1], "</mark>")
    return Markup(text)  # noqa: S704 - escaped just before


def search_model(desk: DeskServices, w: Wording) -> SearchModel:
    """What the address asks for: `words`, `speaker`, `queue`, `day` (ISO date)."""
    given = {name: request.args.get(name, "").strip() for name in ("words", "speaker", "queue", "day")}
    bounds = w.parse_day(given["day"]) if given["day"] else None
    found = (
        find_sentences(
            desk.database,
            given["words"],
            speaker=given["speaker"] if given["speaker"] in ("caller", "operator") else "",
            queue=given["queue"],
            since=bounds[0] if bounds else None,
            before=bounds[1] if bounds else None,
            limit=_MOST + 1,
        )
        if given["words"]
        else []
    )
    return SearchModel(
        found[:_MOST], len(found) > _MOST, given, bool(given["day"]) and bounds is None, desk.queues.queues()
    )


def search_page() -> str:
    return render_template("supervisor/search.html", search=search_model(services(), wording()))


# --- export


def transcript_text(call_id: str) -> Response:
    """One line a sentence: time of day, speaker, words."""
    return _file(call_id, "txt", "text/plain", _text_lines)


def transcript_vtt(call_id: str) -> Response:
    """WebVTT (W3C): cues count from the call's start, each with its speaker as a voice."""
    return _file(call_id, "vtt", "text/vtt", _vtt_lines)


def _file(call_id: str, extension: str, mimetype: str, lines: Any) -> Response:
    call = call_model(services(), account(), call_id)
    text = "\n".join(lines(call, wording())) + "\n"
    name = f"{call.record.started_at:%Y-%m-%d-%H%M}" if call.record.started_at else "call"
    return Response(
        text,
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="onthaal-{name}-{call_id[:8]}.{extension}"'},
    )


def _text_lines(call: Any, w: Wording) -> Iterator[str]:
    if call.record.started_at is not None:
        yield f"{w.moment(call.record.started_at)} · {call_id_line(call)}"
        yield ""
    for line in call.lines:
        at = w.after(call.record.started_at, line.start_s) if call.record.started_at else w.clock(line.start_s)
        if line.kind == "gap":
            yield f"{at}  [{w('transcript-gap', seconds=round(line.end_s - line.start_s))}]"
        elif line.kind == "segment":
            yield f"{at}  {w('speaker-' + line.speaker)}: {line.plain}"


def call_id_line(call: Any) -> str:
    return str(call.record.call_id)


def _vtt_lines(call: Any, w: Wording) -> Iterator[str]:
    yield "WEBVTT"
    for line in call.lines:
        if line.kind != "segment":
            continue
        yield ""
        yield f"{_vtt_time(line.start_s)} --> {_vtt_time(max(line.end_s, line.start_s + 0.1))}"
        words = line.plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        yield f"<v {w('speaker-' + line.speaker)}>{words}"


def _vtt_time(seconds: float) -> str:
    whole_ms = round(seconds * 1000)
    minutes, ms = divmod(whole_ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{ms // 1000:02}.{ms % 1000:03}"
