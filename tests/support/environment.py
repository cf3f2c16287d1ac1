"""The environment in which a command finds the installation that a test has made."""

from __future__ import annotations

from pydantic import SecretStr

from foundation.settings import Settings


def environment_of(settings: Settings, **others: str) -> dict[str, str]:
    """Every setting as a variable; `others` win."""
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    plain = {
        name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in values.items()
        if value is not None
    }
    return {**plain, **others}
