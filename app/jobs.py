"""rq carries outbox rows to the workers: a job is a row's id, and the row is the record of what became of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker

if TYPE_CHECKING:
    from app.container import Container

log = logging.getLogger(__name__)

QUEUES = ("call", "sync", "bulk")  # in the order in which a worker takes from them
_JOB_TIMEOUT_S = 60
_BULK_TIMEOUT_S = 6 * 3600  # the sound of a whole call
_RESULT_TTL_S = 0  # the outbox row says how it went

# rq calls a function by name; the process that runs a worker says here with which services.
_services: Container | None = None


class RqPush:
    """Puts outbox rows on rq. A Redis that is down is logged and passed over: the ticker's sweep pushes again."""

    def __init__(self, connection: Redis) -> None:
        self._queues = {
            name: Queue(
                name, connection=connection, default_timeout=_BULK_TIMEOUT_S if name == "bulk" else _JOB_TIMEOUT_S
            )
            for name in QUEUES
        }

    def __call__(self, queue: str, outbox_id: int) -> None:
        try:
            self._queues[queue].enqueue(run, outbox_id, result_ttl=_RESULT_TTL_S)
        except RedisError as error:
            log.warning("push lost, the sweep will repeat it", extra={"outbox": outbox_id, "reason": str(error)})


def run(outbox_id: int) -> None:
    """The one rq job: do the work of an outbox row."""
    if _services is None:
        raise RuntimeError("This process runs no worker; start one with `python -m app.cli serve worker`.")
    _services.outbox.run(outbox_id, _services.handlers)


def serve(services: Container) -> None:
    """Work until the process is told to stop. No fork a job: a caller waits in the room while it starts."""
    bind(services)
    connection = services.job_redis
    worker = SimpleWorker([Queue(name, connection=connection) for name in QUEUES], connection=connection)
    worker.work(logging_level=None, with_scheduler=False)


def bind(services: Container) -> None:
    """Say which services the jobs of this process work with."""
    global _services
    _services = services


def let_urgent_pass(connection: Redis) -> None:
    """Do what waits in the queues before `bulk`: a long job calls this now and then, so that no caller waits for it."""
    if _services is None:
        return
    try:
        _work_off(connection, QUEUES[:-1])
    except RedisError as error:
        log.warning("urgent jobs wait for a long one", extra={"reason": type(error).__name__})


def drain(services: Container) -> int:
    """Do every job that waits now, in this process; gives their number. For tests and benchmarks on virtual time."""
    bind(services)
    return _work_off(services.job_redis, QUEUES)


def _work_off(connection: Redis, names: Sequence[str]) -> int:
    queues = [Queue(name, connection=connection) for name in names]
    keys = [queue.key for queue in queues]
    done = 0
    # Asking whether there is anything is one command, and mostly there is nothing.
    while connection.exists(*keys) and (found := Queue.dequeue_any(queues, None, connection=connection)):
        job, _ = found
        job.perform()
        job.delete()
        done += 1
    return done
