"""The queue as the flow sees it: going in, the rounds of the wait loop, the keys, and the ways out.

Every function gives the node to go to, or None when it has closed the document.
"""

from __future__ import annotations

import math

from callflows.effects import Enqueue, Gather, Hangup, LeaveQueue, PlayHoldMusic, WaitOn
from callflows.events import QueueLeft, WaitLooped
from callflows.facts import CallEnded, QueueEntered, QueueExited, WaitAnnounced
from callflows.hours import is_open
from callflows.nodes import QueueNode
from callflows.turn import Turn

WAIT_KEY_TIMEOUT_S = 1  # keys work during the music; this is only the pause after it


def enter(turn: Turn, node: QueueNode) -> None:
    """Into the node's queue, or that of the product that the call is about."""
    turn.change(waiting_since=turn.now)
    if node.prompt:
        turn.say(node.prompt)
    _enqueue(turn, node, turn.session.product or node.queue)


def _enqueue(turn: Turn, node: QueueNode, queue: str) -> None:
    ordinal = turn.session.queues_entered + 1
    turn.change(
        phase="waiting",
        queue=queue,
        waited_at=turn.session.node,
        waited_in=queue,
        loop=0,
        queues_entered=ordinal,
        unannounced=node.announce_every,
        pending_exit=None,
        pending_queue=None,
    )
    turn.note(QueueEntered(at=turn.now, key=f"queue:{ordinal}", queue=queue, ordinal=ordinal))
    turn.close(Enqueue(queue=queue))


def closed(turn: Turn, node: QueueNode) -> bool:
    """Whether the helpdesk is closed by the node's calendar; never without one."""
    calendar = turn.flow.calendars.get(node.calendar)
    return calendar is not None and is_open(calendar, turn.now, always_open=turn.context.always_open) != "open"


def round_of_waiting(turn: Turn, node: QueueNode, event: WaitLooped) -> None:
    """What the caller hears until the next round, or the way out that the queue's rules ask for."""
    if turn.session.pending_exit is None and turn.session.pending_queue is None:
        _obey(turn, node, event)
    if turn.session.pending_exit is not None or turn.session.pending_queue is not None:
        turn.effects = (LeaveQueue(),)
        return
    turn.tell_incidents(node.incident_prompt)
    if event.position is not None and turn.session.unannounced >= node.announce_every:
        _announce(turn, node, event.position, event)
    if event.callback and not turn.session.callback_offered:
        turn.change(callback_offered=True, unannounced=0)
    if turn.session.unannounced == 0:  # with every announcement, and when a callback is offered first
        if turn.session.callback_offered and node.callback_prompt:
            turn.say(node.callback_prompt)
        if node.keys_prompt:
            turn.say(node.keys_prompt)
    turn.change(unannounced=turn.session.unannounced + 1)
    turn.spoken.append(PlayHoldMusic(duration_s=node.music_s))
    if node.keys:
        turn.effects = (Gather(spoken=tuple(turn.spoken), digits=1, timeout_s=WAIT_KEY_TIMEOUT_S),)
    else:
        turn.close(WaitOn())


def _obey(turn: Turn, node: QueueNode, event: WaitLooped) -> None:
    """Note the way out that the queue's rules ask for; one that the flow does not have is passed over."""
    if event.way_out == "overflow" and event.overflow_to and event.overflow_to != turn.session.queue:
        turn.change(pending_queue=event.overflow_to)
    elif event.way_out in ("full", "closed", "nobody"):
        target = {"full": node.full, "closed": node.closed, "nobody": node.nobody}[event.way_out]
        if not target:
            return
        turn.change(pending_exit=target, callback_offered=turn.session.callback_offered or event.callback)
    else:
        return
    _exited(turn, event.way_out)


def _exited(turn: Turn, way: str) -> None:
    ordinal = turn.session.queues_entered
    queue = turn.session.queue or ""
    turn.note(QueueExited(at=turn.now, key=f"queue-exited:{ordinal}", queue=queue, ordinal=ordinal, way=way))


def _announce(turn: Turn, node: QueueNode, position: int, event: WaitLooped) -> None:
    turn.change(unannounced=0)
    key = f"announced:{turn.session.step}:{turn.session.loop}"
    if event.estimate_s is None:
        turn.say(node.announce_prompt, position=position)
        turn.note(WaitAnnounced(at=turn.now, key=key, position=position, estimate_s=None))
        return
    minutes, bound = event.estimate_minutes or max(1, math.ceil(event.estimate_s / 60)), event.estimate_bound
    turn.say(node.estimate_prompt, position=position, minutes=minutes, bound=bound)
    turn.note(
        WaitAnnounced(
            at=turn.now, key=key, position=position, estimate_s=event.estimate_s, bound=bound, minutes=minutes
        )
    )


def key_pressed(turn: Turn, node: QueueNode, digits: str) -> None:
    """A key while waiting; one that the node does not know only goes on."""
    turn.effects = (WaitOn(),)
    choice = node.keys.get(digits)
    if turn.session.pending_exit is not None or turn.session.pending_queue is not None:
        turn.effects = (LeaveQueue(),)
    elif choice is not None and (not choice.when or turn.session.callback_offered):
        turn.chosen(choice.label, digits, f"menu:{turn.session.step}:{turn.session.loop}")
        if choice.action == "say-position":
            turn.change(unannounced=node.announce_every)
        if choice.exit:
            turn.change(pending_exit=choice.exit)
            _exited(turn, f"key {digits}")
            turn.effects = (LeaveQueue(),)


def left(turn: Turn, node: QueueNode, event: QueueLeft) -> str | None:
    """The caller is out of the provider's queue."""
    pending, queue = turn.session.pending_exit, turn.session.pending_queue
    if event.result == "hangup":
        turn.change(phase="ended", pending_exit=None, pending_queue=None)
        turn.note(CallEnded(at=turn.now, key="call-ended", reason="hung up in the queue"))
        turn.effects = (Hangup(),)
        return None
    if queue is not None:
        turn.say(node.overflow_prompt)
        _enqueue(turn, node, queue)
        return None
    if pending is not None:
        return pending
    if event.callback:
        turn.change(callback_offered=True)
    if event.result == "queue-full":
        return node.full
    return node.left if event.result == "leave" and node.left else node.failed
