"""The engine on the shipped flow: every exit is walked, and no event leaves a caller without a next instruction."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callflows import engine
from callflows.effects import Enqueue, Gather, Hangup, LeaveQueue, PlayHoldMusic, Say, WaitOn
from callflows.engine import Context, Step
from callflows.events import (
    CallArrived,
    Continued,
    Event,
    InputTimedOut,
    QueueLeft,
    TalkEnded,
    WaitKeyPressed,
    WaitLooped,
)
from callflows.facts import FlowEnded, MenuChosen, QueueEntered, Rated, StepTaken, TranscriptionRefused, WaitAnnounced
from callflows.flow import Flow, read_flow
from callflows.fold import fold
from callflows.folder import Folder, read_texts
from callflows.replay import classify, classify_request, latest_session
from tests.callflows.engine_call import FLOW, MONDAY, ROOT, Call, in_queue, key, sayings


def test_a_caller_is_greeted_in_three_languages_and_answered_in_the_chosen_one() -> None:
    call = Call()
    assert [(say.language, say.args) for say in sayings(call.step.effects)] == [
        ("nl", {"key": "1"}),
        ("fr", {"key": "2"}),
        ("en", {"key": "3"}),
    ]
    call.hears(key("2"))
    assert [(say.prompt, say.language, say.args) for say in sayings(call.step.effects)] == [
        ("notice", "fr", {"retention_days": 30})
    ]


def test_a_caller_who_chooses_no_language_goes_on_in_the_one_of_the_flow() -> None:
    call = Call()
    call.hears(InputTimedOut())
    assert call.said == ["welcome"] * 3
    call.hears(key("8"))
    assert (call.said, call.step.session.language) == (["notice"], "nl")
    assert fold("c1", call.facts).language == "nl"


def test_the_notice_tells_how_long_it_is_kept() -> None:
    call = Call(context=Context(retention_days=90))
    assert sayings(call.hears(key("1")).effects)[0].args == {"retention_days": 90}


@pytest.mark.parametrize(("answer", "refused"), [(key("9"), True), (InputTimedOut(), False), (key("5"), False)])
def test_only_the_key_for_it_refuses_transcription(answer: Event, refused: bool) -> None:
    call = Call()
    call.hears(key("1"), answer)
    assert call.step.session.transcription is not refused
    assert bool(call.of(TranscriptionRefused)) is refused
    assert call.said == (["notice-refused", "topic"] if refused else ["topic"])


@pytest.mark.parametrize(
    ("press", "queue", "label"),
    [
        ("1", "internet", "topic-internet"),
        ("2", "workplace", "topic-computer"),
        ("3", "workplace", "topic-accounts"),
        ("4", "invoices", "topic-invoice"),
        ("0", "workplace", "topic-other"),
    ],
)
def test_each_choice_leads_to_its_queue(press: str, queue: str, label: str) -> None:
    call = in_queue(press)
    assert call.step.effects[-1] == Enqueue(queue=queue)
    assert call.said == ["queue-enter"]
    assert call.step.session.menu_path == (label,)
    assert [(fact.node, fact.digits, fact.label) for fact in call.of(MenuChosen)] == [("topic", press, label)]
    assert [(fact.queue, fact.ordinal) for fact in call.of(QueueEntered)] == [(queue, 1)]


@pytest.mark.parametrize(
    ("answer", "preface"),
    [(InputTimedOut(), "menu-no-input"), (key("7"), "menu-wrong-key"), (key(""), "menu-no-input")],
)
def test_whoever_gives_no_right_answer_is_asked_again_and_then_gets_a_person(answer: Event, preface: str) -> None:
    call = Call()
    call.hears(key("1"), InputTimedOut())
    for _ in range(2):
        assert call.hears(answer).session.phase == "menu"
        assert call.said == [preface, "topic"]
    call.hears(answer)
    assert call.said == ["anyone", "queue-enter"]
    assert call.step.effects[-1] == Enqueue(queue="workplace")
    assert call.step.session.menu_path == ()


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (datetime(2026, 11, 23, 19, 0, tzinfo=UTC), ["closed", "opening-hours", "closed-choice"]),
        (datetime(2026, 12, 25, 9, 0, tzinfo=UTC), ["holiday", "closed-choice"]),
    ],
)
def test_a_closed_helpdesk_says_when_it_opens(now: datetime, first: list[str]) -> None:
    call = Call(now=now)
    call.hears(key("2"))
    assert call.said == first
    call.hears(InputTimedOut())
    assert (call.said, call.step.session.phase) == (["next-opening"], "ended")
    assert [fact.outcome for fact in call.of(FlowEnded)] == ["closed"]
    assert Call(now=now, context=Context(always_open=True)).hears(key("2")).session.node == "notice"


def test_the_position_is_said_at_once_and_then_at_the_rhythm() -> None:
    call = in_queue()
    heard = []
    for position in (3, 3, 2, 2, 1):
        call.hears(WaitLooped(position=position))
        heard.append(call.said)
        assert isinstance(call.step.effects[0], Gather)
        assert any(isinstance(part, PlayHoldMusic) for part in call.step.effects[0].spoken)
    told = ["queue-position", "queue-other-keys"]
    assert heard == [told, [], told, [], told]
    assert [fact.position for fact in call.of(WaitAnnounced)] == [3, 2, 1]
    assert (call.step.session.step, call.step.session.loop) == (3, 5)


def test_an_estimate_is_said_in_whole_minutes_when_it_is_known() -> None:
    call = in_queue()
    call.hears(WaitLooped(position=2, estimate_s=61))
    args = {"position": 2, "minutes": 2, "bound": "about"}
    assert sayings(call.step.effects)[0] == Say(prompt="queue-position-estimate", language="en", args=args)
    (told,) = call.of(WaitAnnounced)
    assert (told.estimate_s, told.bound, told.minutes) == (61, "about", 2)


def test_how_sure_an_estimate_is_is_said_and_written_down() -> None:
    call = in_queue()
    call.hears(WaitLooped(position=2, estimate_s=61, estimate_bound="less-than", estimate_minutes=3))
    said, _ = sayings(call.step.effects)
    assert said.args == {"position": 2, "minutes": 3, "bound": "less-than"}
    (told,) = call.of(WaitAnnounced)
    assert (told.estimate_s, told.bound, told.minutes) == (61, "less-than", 3)


def test_without_a_known_position_nothing_is_said() -> None:
    call = in_queue()
    call.hears(WaitLooped())
    assert call.said == []
    call.hears(WaitLooped(position=1))
    assert call.said == ["queue-position", "queue-other-keys"]


def test_a_key_in_the_queue_says_the_position_again_and_an_unknown_key_only_goes_on() -> None:
    call = in_queue()
    call.hears(WaitLooped(position=2), WaitKeyPressed(digits="0"))
    assert call.step.effects == (WaitOn(),)
    assert call.hears(WaitLooped(position=2)) and call.said == ["queue-position", "queue-other-keys"]
    call.hears(WaitKeyPressed(digits="5"))
    assert call.step.effects == (WaitOn(),)
    assert call.hears(WaitLooped(position=2)) and call.said == []


@pytest.mark.parametrize(
    ("result", "prompt"),
    [
        ("queue-full", "queue-full"),
        ("error", "queue-failed"),
        ("system-error", "queue-failed"),
        ("leave", "queue-failed"),
        ("something new", "queue-failed"),
    ],
)
def test_a_queue_that_does_not_take_the_caller_apologises(result: str, prompt: str) -> None:
    call = in_queue()
    call.hears(QueueLeft(result=result))
    assert (call.said, call.step.session.phase) == ([prompt, "queue-call-again"], "ended")
    assert fold("c1", call.facts).running == "menu"


def test_a_queue_that_does_not_take_the_caller_offers_a_callback_where_there_is_one() -> None:
    call = in_queue()
    call.hears(QueueLeft(result="error", callback=True))
    assert call.said == ["queue-failed", "queue-instead-choice"]
    call.hears(key("1"))
    assert call.said == ["callback-own-number"]
    full = in_queue()
    full.hears(WaitLooped(position=9, way_out="full", callback=True))
    full.hears(QueueLeft(result="leave"))
    assert full.said == ["queue-full", "queue-instead-choice"]


def test_a_callback_is_not_offered_sooner_to_who_only_looks_at_something_else() -> None:
    call = in_queue()
    call.hears(WaitLooped(position=2))
    call.hears(WaitKeyPressed(digits="2"))
    call.hears(QueueLeft(result="leave", callback=True))
    assert not call.step.session.callback_offered


def test_a_caller_who_hangs_up_in_the_queue_has_ended() -> None:
    call = in_queue()
    call.hears(WaitLooped(position=1), QueueLeft(result="hangup"))
    assert (call.step.session.phase, call.step.effects) == ("ended", (Hangup(),))
    record = fold("c1", call.facts)
    assert (record.outcome, record.ended_at) == ("abandoned", call.now)


@pytest.mark.parametrize(
    ("answer", "rating"), [(key("5"), 5), (key("1"), 1), (key("9"), None), (key("0"), None), (InputTimedOut(), None)]
)
def test_after_the_talk_the_caller_is_asked_once_how_it_was_and_thanked(answer: Event, rating: int | None) -> None:
    call = in_queue()
    call.hears(WaitLooped(position=1), TalkEnded())
    assert call.said == ["rating"]
    assert call.step.session.queue is None
    call.hears(answer)
    assert (call.said, call.step.effects[-1]) == (["goodbye"], Hangup())
    assert [fact.score for fact in call.of(Rated)] == ([rating] if rating else [])
    assert fold("c1", call.facts).rating == rating


def test_a_caller_moved_by_us_keeps_the_place() -> None:
    call = in_queue()
    before = call.step.session
    call.hears(QueueLeft(result="redirected"))
    assert call.step.facts == ()
    assert call.step.session == before.model_copy(update={"effects": (Enqueue(queue="internet"),)})


def test_events_that_do_not_fit_tell_the_caller_the_same_again() -> None:
    call = Call()
    before = call.step
    for event in (Continued(), TalkEnded(), QueueLeft(result="hangup"), CallArrived(from_number="a", to_number="b")):
        assert call.hears(event).effects == before.effects
        assert call.step.session == before.session
    assert engine.step(FLOW, before.session, WaitLooped(), MONDAY).effects == (LeaveQueue(),)
    waiting = in_queue().step.session
    for answer in (Continued(), InputTimedOut(), key("1")):
        assert engine.step(FLOW, waiting, answer, MONDAY).effects == (Enqueue(queue="internet"),)
    ended = in_queue().hears(TalkEnded(), InputTimedOut()).session
    assert engine.step(FLOW, ended, key("1"), MONDAY) == Step(
        ended.model_copy(update={"effects": (Hangup(),)}), (Hangup(),), ()
    )


def test_a_key_can_lead_out_of_the_queue() -> None:
    text = (ROOT / "flows" / "helpdesk.toml").read_text()
    text = text.replace('exit = "callback-internet", when = "callback-offered"', 'exit = "topic", label = "x"')
    call = Call(Folder({**read_texts(ROOT / "flows"), "helpdesk": text}).load("helpdesk"))
    call.hears(key("1"), InputTimedOut(), key("1"), WaitLooped(position=1), WaitKeyPressed(digits="1"))
    assert call.step.effects == (LeaveQueue(),)
    assert call.hears(WaitLooped(position=1)).effects == (LeaveQueue(),)
    assert call.hears(WaitKeyPressed(digits="1")).effects == (LeaveQueue(),)
    call.hears(QueueLeft(result="leave"))
    assert (call.said, call.step.session.phase) == (["topic"], "menu")
    call.hears(key("4"))
    assert [(fact.queue, fact.ordinal) for fact in call.of(QueueEntered)] == [("internet", 1), ("invoices", 2)]


CIRCLE = """
name = "circle"
start = "first"
language = "nl"
[nodes.first]
kind = "say"
prompt = "goodbye"
next = "second"
[nodes.second]
kind = "say"
prompt = "goodbye"
next = "first"
[nodes.silent]
kind = "menu"
prompt = "topic"
keys = { 1 = { exit = "silent" } }
no_input = "silent"
wrong_key = "silent"
"""


def circle(start: str) -> Flow:
    flow = read_flow(CIRCLE.replace('start = "first"', f'start = "{start}"'), "circle.toml").flow
    assert flow is not None
    return flow


def test_a_flow_that_goes_round_apologises_and_ends() -> None:
    call = Call(circle("first"))
    assert call.said[-1] == "apology"
    assert call.step.session.phase == "ended"
    assert [fact.outcome for fact in call.of(FlowEnded)] == ["failed"]


def test_a_caller_who_never_presses_a_key_is_not_asked_for_ever() -> None:
    call = Call(circle("silent"))
    for _ in range(200):
        call.hears(InputTimedOut())
        if call.step.session.phase == "ended":
            break
    assert call.said[-1:] in (["apology"], [])
    assert call.step.session.phase == "ended"
    patient = Call(circle("silent"))
    for _ in range(200):
        patient.hears(key("1"))
    assert patient.step.session.phase == "menu"


def test_a_session_of_another_flow_gets_an_apology() -> None:
    session = Call().step.session.model_copy(update={"node": "gone"})
    step = engine.step(FLOW, session, key("1"), MONDAY)
    assert ([say.prompt for say in sayings(step.effects)], step.effects[-1]) == (["apology"], Hangup())


def test_the_replay_rule() -> None:
    assert [classify(4, asked) for asked in (5, 4, 3, 2)] == ["stale", "advance", "repeat", "stale"]
    call = in_queue()
    call.hears(WaitLooped(position=1))
    session = call.step.session
    assert (session.step, session.loop) == (3, 1)
    assert classify_request(session, step=3) == "advance"
    assert classify_request(session, step=3, loop=1) == "advance"
    assert classify_request(session, step=3, loop=0) == "repeat"
    assert classify_request(session, step=2, loop=1) == "stale"
    ended = call.hears(TalkEnded()).session
    assert classify_request(ended, step=3, loop=1) == "stale"
    assert classify_request(ended, step=3) == "repeat"


def test_every_step_leaves_the_session_in_the_call_log() -> None:
    call = in_queue()
    call.hears(WaitLooped(position=1))
    assert [fact.key for fact in call.of(StepTaken)] == ["step:0", "step:1", "step:2", "step:3", "wait:3:1"]
    assert latest_session(reversed(call.facts)) == call.step.session
    assert latest_session([]) is None
