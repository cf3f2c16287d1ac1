"""One tree of errors. Each has a stable `code`; each edge maps the tree to its own answers in one dict."""

from __future__ import annotations


class OnthaalError(Exception):
    """Root of everything the product raises on purpose. `str(error)` is a sentence that says what to do."""

    code = "error"


class InvalidInput(OnthaalError):
    """What was sent cannot be used (HTTP 400)."""

    code = "invalid-input"


class NotSignedIn(OnthaalError):
    """Sign in first (HTTP 401)."""

    code = "not-signed-in"


class Forbidden(OnthaalError):
    """Signed in, but not allowed; or a signature that does not hold (HTTP 403)."""

    code = "forbidden"


class NotFound(OnthaalError):
    """No such thing (HTTP 404)."""

    code = "not-found"


class Conflict(OnthaalError):
    """Somebody or something was first (HTTP 409)."""

    code = "conflict"


class StaleSession(Conflict):
    """The session was changed by another request since it was loaded."""

    code = "stale-session"


class ImpossibleTransition(Conflict):
    """The life cycle's table has no row for this event in this status."""

    code = "impossible-transition"


class OfferGone(Conflict):
    """The offer lapsed, was declined, or the caller left."""

    code = "offer-gone"


class OfferTaken(Conflict):
    """Another operator was first; `winner` is the operator's display name."""

    code = "offer-taken"

    def __init__(self, message: str, winner: str) -> None:
        super().__init__(message)
        self.winner = winner


class TooManyAttempts(OnthaalError):
    """Slow down (HTTP 429); `retry_after_s` says for how long."""

    code = "too-many-attempts"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(OnthaalError):
    """One of our own parts does not answer (HTTP 503)."""

    code = "unavailable"


class ProviderError(OnthaalError):
    """The telephony provider or a ticketing system said no (HTTP 502). `permanent`: a retry will not help."""

    code = "provider-error"

    def __init__(self, message: str, *, permanent: bool, provider_code: int | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.provider_code = provider_code


class SettingsError(OnthaalError):
    """The product is not configured so that it can start."""

    code = "settings"
