"""A caller with a microphone in one tab, an operator in another, a supervisor in a third: one call, on real parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.container import build
from app.demo.stage import Stage
from desk.said import said_lines
from simulator.sound import wav
from tests.support import chromium
from tests.support.stages import eventually, free_block
from tests.support.word_errors import SPEECH, word_error_rate

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RECORDING = SPEECH / "en" / "call_03.wav"
SPOKEN = (
    "hi this is david walker from the sales department my laptop won't start and i have an important meeting at half "
    "past ten did you try to restart it yes i tried that several times but the screen is black please hold the power "
    "button for ten seconds okay one moment please it works again thank you so much you're welcome have a nice day"
)
MOST_WORDS_WRONG = 0.30


@dataclass
class Room:
    """The three screens and what is behind them."""

    stage: Stage
    caller: Page
    operator: Page
    supervisor: Page


@pytest.fixture
def room() -> Iterator[Room]:
    with TemporaryDirectory(prefix="onthaal-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        microphone = chromium.write_microphone(wav.load(RECORDING), folder / "microphone.wav")
        with Stage(folder / "stage", first_port=free_block()).start() as stage, sync_playwright() as playwright:
            speaking = chromium.launch(playwright, *chromium.says(microphone))
            listening = chromium.launch(playwright)  # the operator listens only: nobody else must be transcribed
            try:
                yield Room(
                    stage,
                    caller=_open(speaking, f"{stage.url('simulator')}/", "en-GB"),
                    operator=_signed_in(listening, stage, "robin", "/desk/operator"),
                    supervisor=_signed_in(listening, stage, "marc", "/desk/wallboard"),
                )
            finally:
                speaking.close()
                listening.close()


def _open(browser: Browser, url: str, locale: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale).new_page()
    page.goto(url)
    return page


def _signed_in(browser: Browser, stage: Stage, username: str, path: str) -> Page:
    page = _open(browser, stage.url("web") + path, "en-GB")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(f"{username}-demo")
    page.locator("form[action*=sign-in] button").first.click()
    page.goto(stage.url("web") + path)
    return page


def test_a_call_from_the_first_ring_to_the_ticket(room: Room) -> None:
    caller, operator, supervisor = room.caller, room.operator, room.supervisor
    now = operator.locator("[data-region=now]")

    operator.keyboard.press("r")
    expect(now).to_contain_text("Waiting for a call", timeout=10_000)

    caller.locator("#call").click()
    expect(caller.locator("#log")).to_contain_text("Welcome to the helpdesk", timeout=20_000)
    caller.keyboard.press("3")
    expect(caller.locator("#log")).to_contain_text("call is transcribed", timeout=10_000)
    caller.keyboard.press("1")  # goes past the notice
    expect(caller.locator("#log")).to_contain_text("For internet and telephony", timeout=10_000)
    caller.keyboard.press("2")

    # The pop is there before anybody has answered.
    expect(now).to_contain_text("Els Vermeulen", timeout=10_000)
    expect(now).to_contain_text("Computer")
    expect(operator.locator("#accept")).to_be_visible()
    expect(operator.locator("[data-region=earlier] li").first).to_be_visible()
    expect(supervisor.locator("#queue-workplace .big").first).to_have_text("1")

    operator.keyboard.press("Enter")
    expect(now).to_contain_text("Talk", ignore_case=True, timeout=15_000)

    # Words appear while they are spoken: the first sentence is on the screen when the last is not said yet.
    saying = operator.locator("#saying li")
    expect(saying.first).to_be_visible(timeout=20_000)
    said = operator.locator("#said li.caller .said")
    expect(said.first).to_be_visible(timeout=20_000)
    assert "nice day" not in operator.locator("#said").inner_text()

    services = build(room.stage.settings)
    try:
        call_id = str(operator.locator("#transcript-panel").get_attribute("data-call"))
        eventually(
            lambda: "nice day" in " ".join(s.text for s in services.transcripts.of_call(call_id)),
            within_s=60,
            what="the last sentence",
        )
        segments = services.transcripts.of_call(call_id)
        heard = " ".join(segment.text for segment in segments if segment.speaker == "caller")
        assert word_error_rate([(SPOKEN, heard)]) <= MOST_WORDS_WRONG, heard
        expect(operator.locator("#said")).to_contain_text("nice day")
        on_screen = " ".join(said.all_inner_texts())
        written = " ".join(
            word for line in said_lines(segments, []) if line.speaker == "caller" for word, _ in line.display
        )
        assert re.sub(r"\s+", " ", on_screen) == written, "the screen shows what is stored, as people write it"

        operator.locator("#subject").fill("Laptop with a black screen")
        operator.locator("#note").fill("Ten seconds on the power button helped.")
        operator.locator("#save-ticket").click()
        expect(operator.locator("[data-region=ticket]")).to_contain_text("#1005")

        operator.locator("#end").click()
        expect(now).to_contain_text("Wrap-up", ignore_case=True, timeout=10_000)
        expect(caller.locator("#log")).to_contain_text("How did we do?", timeout=10_000)
        operator.locator("#code").select_option("solved")
        operator.keyboard.press("Control+Enter")
        expect(now).to_contain_text("Waiting for a call", timeout=10_000)

        entry = eventually(lambda: services.helpdesk.entry_of_call(call_id), what="the ticket's entry")
        ticket = services.helpdesk.ticket_of_call(call_id)
        assert ticket is not None
        assert (ticket.subject, ticket.number) == ("Laptop with a black screen", entry.ticket_number)
        record = services.call_log.record_of(call_id)
        assert (record.outcome, record.within_target) == ("answered", True)
        assert record.clocks.talk > 30
        expect(supervisor.locator("#queue-workplace")).to_contain_text("1 of 1", timeout=10_000)
    finally:
        services.close()
