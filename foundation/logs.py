"""JSON logs without personal data: fixed sentences, and only the named fields of `extra` that are allowed."""

from __future__ import annotations

import logging
import sys

from pythonjsonlogger.json import JsonFormatter

# Identifiers and figures only. A telephone number, a name or a transcript has no field here, so it cannot be logged.
ALLOWED = frozenset(
    {
        "process", "topic", "kind", "reason", "call", "leg", "offer", "operator", "queue", "event", "status", "step",
        "code", "path", "port", "ms", "count", "attempts", "outbox", "language", "speaker", "lag_ms", "model",
        "malloc",
    }
)  # fmt: skip
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _OnlyAllowedFields(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        for name in [name for name in vars(record) if name not in _STANDARD and name not in ALLOWED]:
            delattr(record, name)
        return True


def configure(process: str, level: str) -> None:
    """Send every log record to standard error as one JSON object a line, marked with the process name."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            static_fields={"process_name": process},
        )
    )
    handler.addFilter(_OnlyAllowedFields())
    logging.basicConfig(level=level, handlers=[handler], force=True)
