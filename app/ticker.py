"""The one-second loop: what must happen because time has passed."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.container import Container
from foundation.errors import OnthaalError

log = logging.getLogger(__name__)

TICK_S = 1.0
# A call of which nothing was heard for so long is asked after at the provider: a callback may have been lost.
SILENT_FOR = timedelta(minutes=5)
_ASK_EVERY_TICKS = 60
# A caller whose request was lost between the call log and the queue is put into the queue within so many ticks.
_COMPARE_EVERY_TICKS = 5
_MISSED_AFTER = timedelta(seconds=3)


def tick(services: Container, number: int = 0) -> None:
    """One round. Each part is safe to run in two tickers at once."""
    services.call_log.drain_spool()
    with services.database.transaction() as session, services.database.lend(session):
        services.queue.tick()
        services.callbacks.tick()
        services.outbound.tick()
        services.spools.enqueue()
        services.outbox.sweep()
    if number % _COMPARE_EVERY_TICKS == 0:
        _put_back(services)
    if number % _ASK_EVERY_TICKS == 0:
        for record in services.call_log.silent(SILENT_FOR):
            services.conversations.reconcile(record)
        services.days.follow(services.flows.calendars())
        services.spools.recover()
        services.erasure.daily()


def _put_back(services: Container) -> None:
    for call_id in services.call_log.in_queue(_MISSED_AFTER) - services.queue.calls():
        try:
            services.conversations.settle({"call_id": call_id})
        except OnthaalError as error:  # one call must not keep the others, and the rest of the round, from their turn
            log.warning("not put back into the queue", extra={"call": call_id, "reason": str(error)})


def serve(services: Container, stop: threading.Event) -> None:
    """Tick every second until `stop`; a round that fails is logged, and the next one tries again."""
    number = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            tick(services, number)
        except (OnthaalError, RedisError, SQLAlchemyError):
            log.exception("tick failed; the next one tries again")
        number += 1
        stop.wait(max(0.0, TICK_S - (time.monotonic() - began)))
