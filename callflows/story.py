"""A recorded call as a scenario: the table of `tests/support/scenario.py`, so that a call can become a test.

    at    | who    | does      | then
    0:00  | dana   | is ready  |
    0:00  | caller | rings     | is menu; hears "Welkom"

It is the story of this call alone: who else waited, and why an operator was not free, is not in its log. Times count
from the ring in whole seconds; the clocks on the last line are those of the story as it is written, so that playing it
gives the same. A pure function of the facts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from callflows.facts import (
    CallStarted,
    Fact,
    FlowEnded,
    HoldChanged,
    LegJoined,
    LegLeft,
    OfferMade,
    OfferSettled,
    QueueEntered,
    Requeued,
    StepTaken,
    TranscriptionRefused,
    WaitAnnounced,
    WrapUpEnded,
)
from callflows.fold import fold
from callflows.timeline import HUNG_UP, end_of_call, in_order, once

CALLER = "caller"
_CLOCKS = ("wait", "ring", "talk", "hold", "consult", "wrap_up")
_SNIPPET = 40  # characters of a sentence: enough to know it again
_KEYS = ("digits-pressed", "wait-key-pressed", "answer-spoken")  # a word counts as the key that it stands for

Sentence = Callable[[str, str, Mapping[str, Any]], str]  # (language, prompt, args) -> what the caller heard


@dataclass(frozen=True)
class _Row:
    second: int
    who: str
    does: str = ""
    then: str = ""


def story(call_id: str, facts: Iterable[Fact], names: Mapping[int, str], sentence: Sentence) -> str:
    """The table. `names`: operator -> user name. Raises ValueError for a call without facts, and whatever `sentence`
    raises for a prompt that there is no more."""
    kept = once(facts)
    if not kept:
        raise ValueError("Nothing is known of this call.")
    moments = in_order(kept)
    began = moments[0][0]
    told = [fact.model_copy(update={"at": _whole(began, moment)}) for moment, fact in moments]
    rows = list(_rows(moments, began, names, sentence))
    record = fold(call_id, told)
    if record.outcome is not None:
        clocks = [f"{name} {seconds:.0f} s" for name in _CLOCKS if (seconds := getattr(record.clocks, name))]
        end = max(row.second for row in rows)
        rows.append(_Row(end, CALLER, "", "; ".join(["is ended", f"outcome {record.outcome}", *clocks])))
    return _table(sorted(rows, key=_place))


def _place(row: _Row) -> tuple[int, int]:
    """In the order of time; within a second what is done stands before what is seen of it."""
    return row.second, 0 if row.does == "is ready" else 1 if row.does else 2


def _rows(
    moments: list[tuple[datetime, Fact]], began: datetime, names: Mapping[int, str], sentence: Sentence
) -> Iterator[_Row]:
    ended_at = end_of_call(moments)
    lost = {fact.operator for _, fact in moments if isinstance(fact, Requeued)}
    flow_ended = any(isinstance(fact, FlowEnded) for _, fact in moments)
    hung_up = False
    ready: set[int] = set()
    entered: datetime | None = None
    for moment, fact in moments:
        second = _second(began, moment)
        match fact:
            case CallStarted():
                number = fact.from_number
                yield _Row(second, CALLER, f"rings from {number}" if number[1:].isdigit() else "rings")
            case StepTaken():
                if fact.event.get("kind") == "talk-ended":  # and the caller is still there
                    yield _Row(second, _name(names, _talking(moments, moment)), "ends the call")
                yield from _step(fact, second, began, moment, sentence)
            case QueueEntered():
                entered = moment
            case WaitAnnounced():
                yield _Row(_after(began, moment), CALLER, "", f"waits as number {fact.position}")
            case OfferMade():
                if fact.operator not in ready:  # free all along, when the call was offered as soon as it came in
                    ready.add(fact.operator)
                    yield _Row(0 if moment == entered else second, _name(names, fact.operator), "is ready")
                yield _Row(second, _name(names, fact.operator), "", f"is offered {CALLER}")
            case OfferSettled() if fact.how in ("accepted", "declined"):
                yield _Row(second, _name(names, fact.operator), "accepts" if fact.how == "accepted" else "declines")
            case OfferSettled() if fact.how == "lapsed":
                ready.discard(fact.operator)  # a pause until they are ready again
            case LegJoined() if fact.operator is None:
                yield _Row(second, CALLER, "", "is talking")
            case HoldChanged():
                who = _talking(moments, moment)
                yield _Row(second, _name(names, who), "puts on hold" if fact.held else "takes back")
            case LegLeft() if fact.operator is None and fact.reason == HUNG_UP:
                hung_up = True
                yield _Row(second, CALLER, "hangs up")
            case LegLeft() if fact.operator in lost:
                ready.discard(fact.operator)
                yield _Row(second, _name(names, fact.operator), "drops")
            case TranscriptionRefused() if fact.by == "operator":
                yield _Row(second, _name(names, _talking(moments, moment)), "opts out")
            case WrapUpEnded() if fact.code is not None:
                yield _Row(second, _name(names, fact.operator), f"wraps up as {fact.code}")
            case _:
                pass
    if ended_at is not None and not flow_ended and not hung_up:
        yield _Row(_second(began, ended_at), CALLER, "hangs up")


def _step(fact: StepTaken, second: int, began: datetime, moment: datetime, sentence: Sentence) -> Iterator[_Row]:
    """The key that was pressed, and the first sentence that it led to."""
    kind, digits = fact.event.get("kind"), fact.event.get("digits", "")
    heard = _first_sentence(fact.session.get("effects", ()), sentence)
    then = f'hears "{heard}"' if heard else ""
    if kind == "call-arrived":
        yield _Row(second, CALLER, "", f"is menu; {then}" if then else "is menu")
    elif kind in _KEYS and digits:
        yield _Row(second, CALLER, f"presses {digits}", then)
    elif then and kind != "wait-looped":
        yield _Row(_after(began, moment), CALLER, "", then)


def _first_sentence(effects: Iterable[Mapping[str, Any]], sentence: Sentence) -> str:
    for effect in effects:
        if effect.get("kind") == "say":
            text = sentence(effect["language"], effect["prompt"], effect.get("args", {}))
            return _snippet(text)
        inner = _first_sentence(effect.get("spoken", ()), sentence)
        if inner:
            return inner
    return ""


def _snippet(text: str) -> str:
    """The beginning of a sentence, without the signs that the table uses itself."""
    plain = text.splitlines()[0]
    for sign in ('"', ";", "|"):
        plain = plain.partition(sign)[0]
    if len(plain) > _SNIPPET:
        plain = plain[:_SNIPPET].rpartition(" ")[0]
    return plain.strip()


def _talking(moments: Iterable[tuple[datetime, Fact]], until: datetime) -> int:
    """The operator who came into the room last before `until`."""
    joined = [f.operator for at, f in moments if at <= until and isinstance(f, LegJoined) and f.operator is not None]
    return joined[-1] if joined else 0


def _name(names: Mapping[int, str], operator: int) -> str:
    return names.get(operator, f"operator-{operator}")


def _second(began: datetime, moment: datetime) -> int:
    return int((moment - began).total_seconds())


def _after(began: datetime, moment: datetime) -> int:
    """The first whole second at which it has happened."""
    return math.ceil((moment - began).total_seconds())


def _whole(began: datetime, moment: datetime) -> datetime:
    return began + timedelta(seconds=_second(began, moment))


def _table(rows: list[_Row]) -> str:
    """What is seen of somebody who has just done something stands on the same line."""
    lines: list[list[str]] = [["at", "who", "does", "then"]]
    for row in rows:
        at = f"{row.second // 60}:{row.second % 60:02}"
        if lines[-1][:2] == [at, row.who] and not row.does:
            lines[-1][3] = "; ".join(filter(None, (lines[-1][3], row.then)))
        else:
            lines.append([at, row.who, row.does, row.then])
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        " | ".join([*(text.ljust(width) for text, width in zip(line, widths, strict=False)), line[3]]).rstrip()
        for line in lines
    )
