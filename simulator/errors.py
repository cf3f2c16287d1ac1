"""What the outside world says no with: a sentence for the person at the telephone, a code for `control`."""

from __future__ import annotations


class SimulatorError(Exception):
    """Root of what the simulator raises on purpose. `str(error)` is a sentence for the person at the telephone."""

    code = "error"


class InvalidInput(SimulatorError):
    """What was asked cannot be done with what was given (HTTP 400)."""

    code = "invalid-input"


class Forbidden(SimulatorError):
    """The token or the signature does not hold (HTTP 403)."""

    code = "forbidden"


class NotFound(SimulatorError):
    """No such telephone, call or sound (HTTP 404)."""

    code = "not-found"


class Unavailable(SimulatorError):
    """A port is taken, or the other side does not answer (HTTP 503)."""

    code = "unavailable"
