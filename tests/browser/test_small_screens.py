"""At 390 pixels nothing scrolls sideways, neither a page nor a table in it, also with the longer words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from callflows.facts import CallEnded
from tests.desk.desk_house import House

pytestmark = pytest.mark.browser

PAGES = (
    "figures",
    "calls",
    "owed",
    "follow-ups",
    "targets",
    "rules",
    "skills",
    "staffing",
    "wallboard",
    "incidents",
    "search",
)
_TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll(".scroll-x")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.tagName} ${one.scrollWidth} > ${one.clientWidth}`)"""


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_no_page_of_a_supervisor_scrolls_sideways(supervisor: Page, house: House, language: str) -> None:
    house.call("c1")
    house.callbacks.request("c1", house.callback_asked())
    house.call("c2", number="+32460001002", queue="workplace")
    house.record("c2", CallEnded(at=house.clock.now(), key="end", reason="hung up"))
    house.follow_ups.settle({"call_id": "c2"})
    house.queues.set_target("invoices", share=0.8, within_s=60, actor="sofie")
    rules = house.services.rules.rules("internet")
    house.services.rules.change(
        "internet", replace(rules, overflow_after_s=240, overflow_to="workplace", relax_level_s=60), actor="sofie"
    )
    levels = {"internet": 2, "workplace": 1, "invoices": 3}
    house.services.skills.change(1, languages=("nl", "fr"), levels=levels, actor="sofie")
    message = house.incidents.set({"nl": "Internet ligt plat in heel Oost-Vlaanderen."}, actor="sofie")
    house.incidents.end(message.id, actor="sofie")
    supervisor.set_viewport_size({"width": 390, "height": 844})
    supervisor.goto("/desk/targets")
    supervisor.locator(f"button[name=language][value={language}]").click()
    supervisor.locator(f"html[lang={language}]").wait_for()
    wide = {}
    for name in (*PAGES, "calls/c1"):
        supervisor.goto(f"/desk/{name}")  # loaded: its styles as well
        if found := supervisor.evaluate(_TOO_WIDE):
            wide[name] = found
    assert wide == {}
