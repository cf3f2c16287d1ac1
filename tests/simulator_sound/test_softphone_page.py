"""The softphone in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from simulator.bots import script_of
from simulator.server import Simulator
from simulator.sound import mulaw, wav
from tests.simulator_sound.helpdesk_stub import HelpdeskStub
from tests.simulator_sound.recorder import SPEECH, Recorder, access_token, eventually
from tests.support import chromium
from tests.support.word_errors import word_errors

pytestmark = pytest.mark.browser

MODEL = SPEECH.parent.parent / "models" / "vosk-model-helpdesk-en"
SENTENCES = {
    "seen_04.wav": "if that is right please press two",
    "seen_08.wav": "how long is the contract last",
    "seen_02.wav": "my name is jan walker",
}


@pytest.fixture(scope="session")
def spoken() -> bytes:
    """The sentences, with half a second between them."""
    return b"".join(wav.load(SPEECH / "en" / name) + b"\xff" * 4000 for name in SENTENCES)


@pytest.fixture(scope="session")
def microphone(spoken: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return chromium.write_microphone(spoken, tmp_path_factory.mktemp("microphone") / "speech.wav")


@pytest.fixture(scope="module")  # an open Playwright holds an event loop: other files must not find it running
def launch() -> Iterator[Callable[..., Browser]]:
    with sync_playwright() as playwright:
        started: list[Browser] = []

        def run(*flags: str) -> Browser:
            started.append(chromium.launch(playwright, *flags))
            return started[-1]

        yield run
        for browser in started:
            browser.close()


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser], microphone: Path) -> Browser:
    """Its microphone says the sentences once, from the moment it is opened."""
    return launch(*chromium.says(microphone))


@pytest.fixture
def page(browser: Browser, simulator: Simulator) -> Iterator[Page]:
    with browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(simulator.url)
        yield page
        assert errors == []


def words(sound: bytes) -> str:
    """What the recogniser understands of mu-law sound."""
    import vosk

    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(vosk.Model(str(MODEL)), 8000)
    recogniser.AcceptWaveform(mulaw.decode(sound).tobytes())
    return str(json.loads(recogniser.FinalResult())["text"])


def likeness(said: bytes, arrived: bytes) -> float:
    """How well a half second of speech in `said` is found again in `arrived`: correlation, 1 is the same. The median,
    for on a busy machine Chromium's own microphone stumbles now and then, by 10 ms."""
    sent, got = (mulaw.decode(sound).astype(float) for sound in (said, arrived))
    pieces = [piece for piece in sent[: len(sent) // 4000 * 4000].reshape(-1, 4000) if np.abs(piece).mean() > 300]
    energy = np.convolve(got**2, np.ones(4000), "valid")
    return float(
        np.median(
            [(np.correlate(got, piece, "valid") / np.sqrt(energy * (piece**2).sum() + 1)).max() for piece in pieces]
        )
    )


def state(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", name, timeout=10_000)


def test_a_person_calls_chooses_and_is_understood(
    page: Page, helpdesk: HelpdeskStub, recorder: Recorder, spoken: bytes
) -> None:
    expect(page.get_by_label("Number to call")).to_have_value("+32 2 555 01 00")
    page.keyboard.press("Enter")  # the call button has the focus
    state(page, "gathering")
    prompt = page.locator("#log .said p").first
    expect(prompt).to_have_text(re.compile("Welkom bij de helpdesk"))
    expect(prompt).to_have_attribute("lang", "nl-BE")
    expect(page.locator("#microphone-state")).to_have_text("Opens when someone can hear you")
    page.keyboard.press("2")
    state(page, "alone")
    expect(page.locator("#microphone-state")).to_have_text("Open")
    assert helpdesk.asked == [("incoming", ""), ("menu", "2")]
    eventually(lambda: len(recorder.sound()) > len(spoken) + 8000, "all is spoken", 15)
    page.keyboard.press("Escape")
    state(page, "ended")
    assert likeness(spoken, recorder.sound()) > 0.9
    said = " ".join(SENTENCES.values()).split()
    assert word_errors(said, words(recorder.sound()).split()) <= 1  # where Chromium's microphone stumbles
    eventually(lambda: recorder.events("stop"), "the stream stops with the call")


def test_the_desk_connects_the_drop_in_sdk_from_another_origin_and_both_hear_each_other(
    page: Page, browser: Browser, simulator: Simulator, helpdesk: HelpdeskStub, recorder: Recorder
) -> None:
    helpdesk.sdk_url = f"{simulator.url}/sdk.js"
    page.get_by_role("button", name="Call").click()
    state(page, "gathering")
    page.locator("#keypad").get_by_role("button", name="1").click()
    state(page, "alone")
    desk = page.context.new_page()
    desk.goto(f"{helpdesk.url}/desk")
    sid = desk.evaluate(
        """async (token) => {
            window.seen = []; window.loudest = 0;
            const device = window.device = new Twilio.Device(token, {logLevel: 1});
            for (const event of ["registered", "error", "warning"]) device.on(event, () => seen.push(event));
            await device.register();
            const call = window.call = await device.connect({params: {offer: "7"}});
            for (const event of ["accept", "disconnect", "warning"]) call.on(event, () => seen.push(event));
            call.on("volume", (input, output) => { loudest = Math.max(loudest, output); });
            return call.parameters.CallSid;
        }""",
        access_token("op_3"),
    )
    assert simulator.exchange.leg(sid).from_ == "client:op_3"
    assert dict(simulator.exchange.leg(sid).parameters)["offer"] == "7"
    state(page, "talking")
    expect(page.locator("#peer")).to_have_text("You and one other person")
    eventually(lambda: desk.evaluate("loudest") > 0.01, "the desk hears the caller")
    assert desk.evaluate("[call.status(), call.isMuted(), device.state, device.isBusy, device.identity]") == [
        "open", False, "registered", True, "op_3",
    ]  # fmt: skip
    eventually(lambda: len(recorder.sound(call=sid).strip(b"\xff")) > 8000, "the operator is streamed too")
    desk.evaluate("call.mute(true)")
    assert desk.evaluate("call.isMuted()") is True
    desk.evaluate("call.disconnect()")
    state(page, "ended")
    assert desk.evaluate("seen") == ["registered", "accept", "disconnect"]
    assert simulator.exchange.leg(sid).status == "completed"


def test_an_operators_telephone_rings_and_is_answered(
    page: Page, browser: Browser, simulator: Simulator, helpdesk: HelpdeskStub
) -> None:
    page.goto(f"{simulator.url}/?client=op_3")
    state(page, "waiting")
    caller = simulator.bots.call("+32460000101", "+3225550100", script_of([{"wait": "gathering"}]))
    eventually(lambda: caller.done, "the caller is in the menu")
    with simulator.exchange:
        leg = simulator.exchange.legs.by_sid[caller.leg]
        simulator.exchange.legs.redirect(leg, twiml="<Response><Dial><Client>op_3</Client></Dial></Response>")
    state(page, "ringing")
    expect(page.locator("#state")).to_have_text("+32460000101 is calling")
    expect(page.get_by_role("button", name="Answer")).to_be_focused()
    page.keyboard.press("Enter")
    state(page, "talking")
    simulator.exchange.hang_up(caller.leg)
    state(page, "waiting")


def test_without_a_microphone_the_call_goes_on_and_says_what_to_do(
    launch: Callable[..., Browser], simulator: Simulator
) -> None:
    with launch().new_context(locale="nl-BE") as context:  # nobody answers the browser's question: it is a no
        page = context.new_page()
        page.goto(simulator.url)
        page.get_by_role("button", name="Bellen").click()
        state(page, "gathering")
        page.keyboard.press("1")
        state(page, "alone")
        expect(page.get_by_role("alert")).to_contain_text("De microfoon is geweigerd")
        expect(page.locator("#microphone-state")).to_have_text("Niet in gebruik: u luistert alleen")
        page.get_by_role("button", name="Français").click()
        expect(page.get_by_role("alert")).to_contain_text("Le microphone est refusé")
        expect(page.locator("#log .note p").first).to_have_text("Vous avez appuyé sur 1")


def test_a_number_that_is_not_in_use_and_an_exchange_that_is_gone_are_said_plainly(
    browser: Browser, simulator: Simulator
) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(simulator.url)
        page.get_by_label("Number to call").fill("+3225550199")
        page.get_by_role("button", name="Call").click()
        expect(page.get_by_role("alert")).to_contain_text("The number +3225550199 is not in use.")
        page.get_by_label("Number to call").fill("02 555 01 00")
        page.get_by_role("button", name="Call").click()
        state(page, "gathering")
        simulator.stop()
        expect(page.get_by_role("alert")).to_contain_text("The telephone exchange does not answer")
        page.get_by_role("button", name="Call").click()
        expect(page.get_by_role("alert")).to_contain_text("The telephone exchange does not answer")
