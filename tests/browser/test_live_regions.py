"""What an answer and an event tell of the same region: the newer one stays, whichever comes last."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import signed_in
from tests.desk.desk_house import House

pytestmark = pytest.mark.browser


def drawn_at(at: datetime) -> str:
    """An event stream that draws one region, and does not come back within a test."""
    event = {"region": "now", "html": "<p>Drawn by an event</p>", "at": at.isoformat()}
    return f"retry: 600000\n\nevent: region\ndata: {json.dumps(event)}\n\n"


def ready(page: Page) -> None:
    """The operator sends a form; the whole page comes back."""
    expect(page.locator("[data-region=now]")).to_have_text("Drawn by an event")
    with page.expect_response("**/desk/operator"):
        page.keyboard.press("r")
    expect(page.locator("[data-region=top]")).to_contain_text("Ready 00:")


@pytest.mark.parametrize(
    ("seconds", "shown"), [(1, "Drawn by an event"), (-1, "Waiting for a call")], ids=["overtaken", "older"]
)
def test_an_answer_that_an_event_has_overtaken_does_not_take_the_screen_back(
    browser: Browser, desk: str, house: House, seconds: int, shown: str
) -> None:
    """The operator ends a call, and the wrap-up is on the screen before the answer, which was read in the talk."""
    stream = drawn_at(house.clock.now() + timedelta(seconds=seconds))

    def live(route: Route) -> None:
        allowed = {"Access-Control-Allow-Origin": desk, "Access-Control-Allow-Credentials": "true"}
        route.fulfill(content_type="text/event-stream", headers=allowed, body=stream)

    with signed_in(browser, desk, "robin", live) as page:
        ready(page)
        expect(page.locator("[data-region=now]")).to_contain_text(shown)
