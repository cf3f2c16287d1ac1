"""Nobody but Twilio is listened to, and Twilio only once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from twilio.request_validator import RequestValidator

from foundation.clock import ManualClock
from foundation.database import Database
from foundation.embedded import EmbeddedRedis
from foundation.settings import ROOT
from tests.support.scenario import Scenario
from tests.support.seeded import seed
from tests.support.world import HELPDESK, PUBLIC, TOKEN, World, settings_for

FORM = {"CallSid": "CA" + "1" * 32, "From": "+32460001001", "To": HELPDESK, "CallStatus": "ringing"}


def post(world: World, path: str, form: dict[str, str], signature: str | None = None) -> Any:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    return world.web.test_client().post(path, data=form, headers=headers, base_url=PUBLIC)


def signed(path: str, form: dict[str, str]) -> str:
    return str(RequestValidator(TOKEN).compute_signature(PUBLIC + path, form))


def test_an_unsigned_webhook_is_refused_without_a_document(world: World) -> None:
    answer = post(world, "/voice/incoming", FORM)
    assert answer.status_code == 403
    assert "<Response>" not in answer.text
    assert world.services.call_log.calls() == []


def test_a_forged_webhook_is_refused(world: World) -> None:
    signature = signed("/voice/incoming", FORM)
    assert post(world, "/voice/incoming", {**FORM, "From": "+32460009999"}, signature).status_code == 403
    assert post(world, "/voice/incoming", FORM, signature).status_code == 200


def test_an_address_of_one_call_is_refused_for_another(scenario: Scenario) -> None:
    world = scenario.world
    world.ring("Els")
    path = f"/voice/calls/{world.call_id('Els')}/1/answer"
    form = {**FORM, "Digits": "3"}
    assert post(world, path, form, signed(path, form)).status_code == 403
    assert world.record("Els").language is None


def test_a_replayed_webhook_changes_nothing(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(
        """
        at    | who | does
        0:00  | Els | rings
        0:02  | Els | presses 3
        0:12  | Els | presses 1
        0:20  | Els |
        """
    )
    before, facts = world.record("Els"), world.facts("Els")
    place = world.services.queue.place(world.call_id("Els"))
    for sent in list(world.exchange.sent):
        again = replace(sent.webhook)
        world.exchange.wire.deliver(again)
    assert world.facts("Els") == facts
    assert world.record("Els") == before
    assert world.services.queue.place(world.call_id("Els")) == place


def test_a_retried_step_is_answered_with_the_same_document(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play("0:00 | Els | rings\n0:02 | Els | presses 3")
    last = [sent for sent in world.exchange.sent if "/answer" in sent.webhook.url][-1]
    again = world.exchange.wire.deliver(last.webhook)
    assert again.body == last.answer.body
    assert world.facts("Els").count(world.facts("Els")[-1]) == 1


@pytest.mark.parametrize("missing", ["CallSid", "From", "To"])
def test_a_webhook_that_lacks_a_field_is_answered_with_an_apology_and_a_person(world: World, missing: str) -> None:
    form = {name: value for name, value in FORM.items() if name != missing}
    answer = post(world, "/voice/incoming", form, signed("/voice/incoming", form))
    assert answer.status_code == 200
    assert "<Dial>+3225550199</Dial>" in answer.text


def test_only_an_operators_own_softphone_comes_in(world: World) -> None:
    form = {**FORM, "From": "client:intruder", "offer": "x"}
    assert post(world, "/voice/operator", form, signed("/voice/operator", form)).status_code == 403
    form["From"] = "client:op_1"
    assert "<Hangup" in post(world, "/voice/operator", form, signed("/voice/operator", form)).text


def test_unknown_fields_are_ignored(world: World) -> None:
    form = {**FORM, "BrandNewField": "", "StirVerstat": "TN-Validation-Passed-A"}
    assert post(world, "/voice/incoming", form, signed("/voice/incoming", form)).status_code == 200


def test_a_prompt_that_is_missing_is_an_apology_and_not_the_end_of_the_call(
    database: Database, redis: Redis, redis_server: EmbeddedRedis, postgres_url: str, clock: ManualClock, tmp_path: Path
) -> None:
    seed(database, clock.now())
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "callflows" / "prompts", prompts)
    dutch = prompts / "nl.ftl"
    dutch.write_text(dutch.read_text(encoding="utf-8").replace("welcome =", "unwelcome ="), encoding="utf-8")
    world = World(settings_for(postgres_url, redis_server.url, PROMPTS_DIR=str(prompts)), clock)
    phone = world.ring("Els")
    world.timeline.run_for(30)
    assert any("Something went wrong on our side" in text for text in phone.heard)
    assert world.duty_phone.ringing
    world.close()
