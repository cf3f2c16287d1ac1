"""Live handle times, from the operators' days: how long an operator is busy with one call of a queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from queueing.estimate import HandleTime

# Long enough for a mean that does not follow every run of long calls: those make the queue long too, and the estimate
# would count them twice. Short enough to follow the day.
WINDOW = timedelta(hours=4)

# An operator's states with one call add up to its handle time, from the first ring to the end of the wrap-up. Calls in
# progress add what they have taken so far but no call: the estimator for exponential times that are partly censored, so
# that long calls do not stay out of the mean until they are over.
_HANDLED = text(
    """
    SELECT queue, sum(busy_s), count(*) FILTER (WHERE NOT going_on)
      FROM (SELECT queue,
                   sum(extract(epoch FROM coalesce(ended_at, :now) - started_at)) AS busy_s,
                   bool_or(state = 'talking') AS talked,
                   bool_or(ended_at IS NULL) AS going_on
              FROM operator_states
             WHERE started_at > :since AND call_id IS NOT NULL AND queue IS NOT NULL
             GROUP BY operator_id, call_id, queue) AS handled
     WHERE talked
     GROUP BY queue
    """
)


def handle_times(session: Session, now: datetime) -> dict[str, HandleTime]:
    """By queue, over the window; "" is all queues together. A queue without a call put away is left out."""
    found = [
        (str(queue), float(busy_s), int(calls))
        for queue, busy_s, calls in session.execute(_HANDLED, {"now": now, "since": now - WINDOW})
    ]
    found.append(("", sum(busy_s for _, busy_s, _ in found), sum(calls for _, _, calls in found)))
    return {queue: HandleTime(busy_s / calls, calls) for queue, busy_s, calls in found if calls and busy_s > 0}
