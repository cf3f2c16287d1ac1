"""The engine under any events at all, and beside what `check` believes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from callflows.check import prompt_uses, spoken_languages
from callflows.effects import Hangup
from callflows.engine import Context, Incident
from callflows.events import (
    AnswerSpoken,
    CallArrived,
    Continued,
    DigitsPressed,
    Event,
    InputTimedOut,
    QueueLeft,
    Recorded,
    TalkEnded,
    WaitKeyPressed,
    WaitLooped,
)
from callflows.fold import fold
from callflows.replay import latest_session
from tests.callflows.engine_call import CATALOGUE, FLOW, MONDAY, Call, in_queue, key, sayings

EVENTS = st.one_of(
    st.builds(DigitsPressed, digits=st.sampled_from(["", "0", "1", "2", "3", "4", "9", "*", "12", "ü"])),
    st.just(InputTimedOut()),
    st.builds(AnswerSpoken, digits=st.sampled_from(["", "0", "1", "9", "12", "0460001001"])),
    st.just(Continued()),
    st.builds(WaitLooped, position=st.sampled_from([None, 1, 7]), estimate_s=st.sampled_from([None, 0.0, 1e6])),
    st.builds(WaitKeyPressed, digits=st.sampled_from(["", "0", "1", "#"])),
    st.builds(
        QueueLeft, result=st.sampled_from(["hangup", "leave", "queue-full", "error", "redirected", "bridged", ""])
    ),
    st.just(TalkEnded()),
    st.builds(
        WaitLooped,
        position=st.just(2),
        way_out=st.sampled_from(["full", "closed", "nobody", "overflow"]),
        overflow_to=st.sampled_from(["", "internet", "invoices"]),
    ),
    st.just(Recorded(recording="RE1", duration_s=3)),
    st.just(CallArrived(from_number="anonymous", to_number="")),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(EVENTS, max_size=40), st.sampled_from([MONDAY, MONDAY + timedelta(hours=12)]), st.booleans())
def test_whatever_happens_there_is_exactly_one_next_instruction(
    events: list[Event], now: datetime, always_open: bool
) -> None:
    call = Call(now=now, context=Context(always_open=always_open, understood=frozenset({"nl", "en"})))
    ended = False
    for event in events:
        step = call.hears(event)
        for say in sayings(step.effects):
            assert CATALOGUE.text(say.language, say.prompt, say.args)
        if ended:
            assert step.effects == (Hangup(),)
        ended = step.session.phase == "ended"
    keys = [fact.key for fact in call.facts]
    assert len(keys) == len(set(keys))
    rebuilt = latest_session(call.facts)
    assert rebuilt is not None
    assert rebuilt.model_dump(exclude={"effects"}) == call.step.session.model_dump(exclude={"effects"})
    assert fold("c1", call.facts).transcription is call.step.session.transcription


_CALLBACK: list[Event] = [
    WaitLooped(position=1, callback=True),
    WaitKeyPressed(digits="1"),
    QueueLeft(result="leave"),
]
# What is typed when a callback is asked for: another number, one that cannot be, one that is not rung, a time.
_ASKED = ("1", "2 12", "2 12 12 12", "2 090012345", "2 0460001002", "2 0460001002 1", "1 2", "1 2 1", "1 1")


def test_the_engine_gives_prompts_exactly_the_placeholders_that_check_believes() -> None:
    given_args: dict[str, set[str]] = {}
    night = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    calls = [Call(), Call(now=night), Call(now=datetime(2026, 12, 25, 9, tzinfo=UTC)), in_queue()]
    calls[0].hears(key("1"), key("9"))
    ways: list[list[Event]] = [[], [InputTimedOut()], [key("7")], [InputTimedOut()] * 3]
    queue: list[list[Event]] = [
        [WaitLooped(position=1)],
        [WaitLooped(position=1, estimate_s=1)],
        [WaitLooped(position=1, way_out="overflow", overflow_to="workplace"), QueueLeft(result="leave")],
        [TalkEnded()],
        [WaitLooped(position=1, way_out="closed"), QueueLeft(result="leave")],
        [WaitLooped(position=1, way_out="nobody"), QueueLeft(result="leave")],
        [TalkEnded(), InputTimedOut()],
        [QueueLeft(result="queue-full")],
        [QueueLeft(result="error")],
        [QueueLeft(result="error", callback=True)],
        [WaitLooped(position=1, callback=True)],
        *([*_CALLBACK, *(key(one) if one else InputTimedOut() for one in way.split())] for way in _ASKED),
        [*_CALLBACK, key("2"), InputTimedOut()],
        [
            WaitKeyPressed(digits="2"),
            QueueLeft(result="leave"),
            InputTimedOut(),
            Recorded(recording="RE1", duration_s=3),
        ],
    ]
    scripts = [[key("1")], [key("1"), key("9")], *([key("1"), InputTimedOut(), *way] for way in ways)]
    scripts += [[key("1"), InputTimedOut(), key("1"), *way] for way in queue]
    incident = Incident("1.1", "", {"fr": "Panne."})
    heard = Context(incidents=(incident,), understood=frozenset({"nl", "fr", "en"}))
    for start in (MONDAY, night, datetime(2026, 12, 25, 9, tzinfo=UTC)):
        for script in scripts:
            call = Call(now=start, context=heard)
            for say in sayings(call.step.effects):
                given_args[say.prompt] = set(say.args)
            for event in script:
                for say in sayings(call.hears(event).effects):
                    given_args[say.prompt] = set(say.args)
    uses = {
        use.prompt: set(use.args) for node in FLOW.nodes.values() for use in prompt_uses(node, spoken_languages(FLOW))
    }
    labels = {choice.label for node in FLOW.nodes.values() for choice in node.choices().values()}
    assert given_args == {prompt: args for prompt, args in uses.items() if prompt not in labels}
