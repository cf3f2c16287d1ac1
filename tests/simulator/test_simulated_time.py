"""Virtual time runs the same things in the same order; real time runs them at all."""

from __future__ import annotations

import threading
from datetime import timedelta

from foundation.clock import ManualClock
from simulator import RealTimeline, VirtualTimeline


def test_things_happen_by_moment_and_then_in_the_order_in_which_they_were_asked_for(clock: ManualClock) -> None:
    timeline = VirtualTimeline(clock)
    done: list[str] = []
    for name, delay_s in (("late", 2.0), ("first", 1.0), ("second", 1.0), ("now", 0.0)):
        timeline.after(delay_s, lambda name=name: done.append(name))
    assert timeline.next_at() == clock.now()
    timeline.run_until(clock.now() + timedelta(seconds=1))
    assert done == ["now", "first", "second"]
    assert timeline.run_next()
    assert done[-1] == "late"
    assert not timeline.run_next()


def test_the_clock_stands_where_it_was_told_to_stand(clock: ManualClock) -> None:
    timeline = VirtualTimeline(clock)
    start, seen = clock.now(), []
    timeline.after(0.5, lambda: seen.append(clock.now() - start))
    timeline.run_for(10)
    assert seen == [timedelta(seconds=0.5)]
    assert clock.now() - start == timedelta(seconds=10)


def test_what_is_cancelled_does_not_happen(clock: ManualClock) -> None:
    timeline = VirtualTimeline(clock)
    done: list[int] = []
    timer = timeline.after(1.0, lambda: done.append(1))
    assert timer.waiting
    timer.cancel()
    assert timeline.next_at() is None
    timeline.run_for(5)
    assert done == []


def test_work_is_done_when_its_turn_comes_and_its_answer_may_take_time(clock: ManualClock) -> None:
    timeline = VirtualTimeline(clock, answer_after_s=0.25)
    answers: list[tuple[str, float]] = []
    start = clock.now()
    timeline.background(lambda: "answer", lambda it: answers.append((it, (clock.now() - start).total_seconds())))
    assert answers == []
    timeline.run_for(1)
    assert answers == [("answer", 0.25)]


def test_on_real_time_what_is_due_runs_in_order_and_work_is_carried_by_other_threads() -> None:
    timeline = RealTimeline(carriers=2).start()
    done: list[str] = []
    finished = threading.Event()
    try:
        timeline.after(0.05, lambda: done.append("later"))
        timeline.after(0.0, lambda: done.append("now"))
        timeline.after(0.02, lambda: done.append("cancelled")).cancel()
        timeline.background(lambda: threading.current_thread().name, lambda name: done.append(name.split("_")[0]))
        timeline.after(0.1, finished.set)
        assert finished.wait(5)
    finally:
        timeline.close()
    assert done[0] == "now"
    assert sorted(done) == ["later", "now", "simulator-webhook"]


def test_on_real_time_one_failure_does_not_stop_the_rest() -> None:
    timeline = RealTimeline().start()
    finished = threading.Event()
    try:
        timeline.after(0.0, lambda: [][0])
        timeline.after(0.01, finished.set)
        assert finished.wait(5)
    finally:
        timeline.close()
