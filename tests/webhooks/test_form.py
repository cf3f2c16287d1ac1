"""Fields are read leniently and times in both of Twilio's formats."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from foundation.errors import InvalidInput
from webhooks.form import Form

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Fri, 20 Aug 2010 01:13:42 +0000", datetime(2010, 8, 20, 1, 13, 42, tzinfo=UTC)),
        ("2026-11-23T10:00:00.250Z", datetime(2026, 11, 23, 10, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-11-23T11:00:00+01:00", datetime(2026, 11, 23, 10, 0, tzinfo=UTC)),
        ("", NOW),
        ("yesterday, or so", NOW),
    ],
)
def test_a_timestamp_is_read_or_else_it_is_now(text: str, moment: datetime) -> None:
    assert Form({"Timestamp": text}).time(NOW) == moment


def test_a_missing_field_is_named() -> None:
    with pytest.raises(InvalidInput, match="CallSid"):
        Form({"CallSid": ""}).need("CallSid")


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("", 0), ("three", 0)])
def test_a_number_that_is_none_is_the_default(text: str, number: int) -> None:
    assert Form({"SequenceNumber": text}).number("SequenceNumber") == number
