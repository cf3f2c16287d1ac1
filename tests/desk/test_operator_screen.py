"""An operator at work: the offer, the call, the ticket, the wrap-up, all over forms."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest

from callflows.facts import TranscriptionRefused
from foundation.clock import ManualClock
from tests.desk.desk_house import House


def test_the_offer_shows_who_is_calling_before_it_is_accepted(house: House, clock: ManualClock) -> None:
    dana = house.signed_in("dana")
    dana.post("/desk/presence", {"state": "ready"})
    house.call("c1")
    clock.advance(timedelta(seconds=9))
    page = dana.get("/desk/operator").text
    assert "Els Vermeulen" in page
    assert "Bakkerij Zon" in page
    assert "gekend nummer" in page
    assert "Internet en telefonie" in page
    assert "<kbd>Enter</kbd>" in page
    assert dana.state()["offer"]["call"] == "c1"


def test_a_call_from_offer_to_ready_again(house: House, clock: ManualClock) -> None:
    dana = house.signed_in("dana")
    dana.post("/desk/presence", {"state": "ready"})
    house.call("c1")
    offer = dana.state()["offer"]["id"]
    assert dana.post(f"/desk/offers/{offer}/accept").status_code == 303
    page = dana.get("/desk/operator").text
    assert f'data-connecting="{offer}"' in page
    house.talk("c1", 1)
    clock.advance(timedelta(seconds=61))
    page = dana.get("/desk/operator").text
    assert "01:01" in page
    dana.post("/desk/calls/c1/hold", {"held": "1"})
    dana.post("/desk/calls/c1/end")
    assert house.rooms.asked == [("hold", "c1", True), ("hang up", "c1")]
    house.part("c1", 1)
    assert dana.state()["wrap_up_codes"][0] == "solved"
    assert dana.post("/desk/wrap-up", {"code": "solved"}).status_code == 303
    assert dana.state()["state"] == "ready"
    assert house.log.record_of("c1").wrap_up_code == "solved"
    page = dana.get("/desk/operator").text
    assert "/desk/calls/c1" in page


def test_who_comes_second_sees_who_was_first(house: House) -> None:
    dana, robin = house.signed_in("dana"), house.signed_in("robin")
    dana.post("/desk/presence", {"state": "ready"})
    house.call("c1")
    offer = house.offer_to(1)
    house.queues.accept(offer.id, 1)
    answer = robin.post(f"/desk/offers/{offer.id}/accept")
    assert answer.status_code == 409
    assert "Dana Voorbeeld was first" in answer.text
    assert 'data-region="now"' in answer.text
    problem = robin.post(f"/desk/offers/{offer.id}/accept", headers={"Accept": "application/json"})
    assert problem.status_code == 409
    assert problem.get_json()["code"] == "offer-taken"
    assert problem.mimetype == "application/problem+json"


def test_an_offer_that_is_gone_is_a_state_of_the_page(house: House) -> None:
    dana = house.signed_in("dana")
    dana.post("/desk/presence", {"state": "ready"})
    house.call("c1")
    offer = house.offer_to(1)
    house.queues.leave("c1", "abandoned")
    answer = dana.post(f"/desk/offers/{offer.id}/accept")
    assert answer.status_code == 409
    assert "rinkelt hier niet meer" in answer.text


def test_a_pause_needs_a_reason(house: House) -> None:
    dana = house.signed_in("dana")
    assert dana.post("/desk/presence", {"state": "pause"}).status_code == 400
    assert dana.post("/desk/presence", {"state": "asleep"}).status_code == 400
    dana.post("/desk/presence", {"state": "pause", "reason": "lunch"})
    assert house.queues.presence(1).reason == "lunch"


@pytest.fixture
def in_call(house: House) -> House:
    house.queues.set_presence(1, "ready")
    house.call("c1")
    house.queues.accept(house.offer_to(1).id, 1)
    house.talk("c1", 1)
    return house


def test_a_ticket_without_a_subject_is_refused_and_nothing_typed_is_lost(in_call: House) -> None:
    dana = in_call.signed_in("dana")
    dana.get("/desk/operator")
    answer = dana.post("/desk/calls/c1/ticket", {"subject": " ", "priority": "P2", "note": "rode modem & <lampje>"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "rode modem &amp; &lt;lampje&gt;" in answer.text
    again = dana.get("/desk/operator").text
    assert "rode modem &amp; &lt;lampje&gt;" in again
    assert '<option value="P2" selected>' in again


def test_a_ticket_is_made_changed_and_closed_within_the_call(in_call: House) -> None:
    dana = in_call.signed_in("dana")
    dana.post("/desk/calls/c1/customer", {"customer": str(in_call.helpdesk.candidates("+32460001001")[0].customer.id)})
    form = {"subject": "Modem knippert rood", "priority": "P2", "note": "sinds gisteren"}
    assert dana.post("/desk/calls/c1/ticket", form).status_code == 303
    ticket = in_call.helpdesk.ticket_of_call("c1")
    assert ticket is not None and ticket.customer is not None
    assert (ticket.subject, ticket.created_by, ticket.customer.name) == ("Modem knippert rood", "dana", "Els Vermeulen")
    dana.post("/desk/calls/c1/ticket/close", {**form, "note": "opgelost"})
    ticket = in_call.helpdesk.ticket_of_call("c1")
    assert ticket is not None
    assert (ticket.status, ticket.note) == ("closed", "opgelost")


def test_a_call_is_put_on_a_ticket_that_is_found_by_its_subject(in_call: House) -> None:
    dana = in_call.signed_in("dana")
    open_ticket = in_call.helpdesk.tickets("", "open", 1)[0]
    assert f"#{open_ticket.number}" in dana.get(f"/desk/operator?find={open_ticket.subject[:8]}").text
    assert dana.post("/desk/calls/c1/ticket/link", {"ticket": "999999"}).status_code == 422
    dana.post("/desk/calls/c1/ticket/link", {"ticket": f"#{open_ticket.number}"})
    linked = in_call.helpdesk.ticket_of_call("c1")
    assert linked is not None and linked.number == open_ticket.number


def test_what_was_typed_becomes_the_ticket_when_the_wrap_up_is_finished(in_call: House) -> None:
    dana = in_call.signed_in("dana")
    draft = {"subject": "Geen internet", "priority": "P1", "note": "hele straat"}
    assert dana.post("/desk/calls/c1/draft", draft).status_code == 204
    in_call.part("c1", 1)
    refused = dana.post("/desk/wrap-up", {"code": ""})
    assert refused.status_code == 422
    assert 'href="/desk/owed"' in refused.text  # a refusal leaves the way to the other pages
    assert in_call.queues.presence(1).state == "wrap-up"
    assert dana.post("/desk/wrap-up", {"code": "known-outage"}).status_code == 303
    ticket = in_call.helpdesk.ticket_of_call("c1")
    assert ticket is not None
    assert (ticket.subject, ticket.priority) == ("Geen internet", "P1")


def test_a_draft_survives_a_wrap_up_that_ended_by_itself(in_call: House, clock: ManualClock) -> None:
    dana = in_call.signed_in("dana")
    dana.post("/desk/calls/c1/draft", {"subject": "", "priority": "P3", "note": "nog af te werken"})
    in_call.part("c1", 1)
    clock.advance(timedelta(seconds=61))
    in_call.queues.tick()
    page = dana.get("/desk/operator").text
    assert "nog af te werken" in page
    assert dana.post("/desk/calls/c1/ticket", {"subject": "Later", "priority": "P3", "note": "af"}).status_code == 303
    assert "nog af te werken" not in dana.get("/desk/operator").text


def test_a_draft_left_over_makes_way_for_an_offer(in_call: House, clock: ManualClock) -> None:
    dana = in_call.signed_in("dana")
    dana.post("/desk/calls/c1/draft", {"subject": "", "priority": "P3", "note": "nog af te werken"})
    in_call.part("c1", 1)
    clock.advance(timedelta(seconds=61))
    in_call.queues.tick()
    assert "Nog niet bewaard" in dana.get("/desk/operator").text
    in_call.call("c2")
    page = dana.get("/desk/operator").text
    assert dana.state()["offer"]["call"] == "c2"
    assert "Nog niet bewaard" not in page
    assert "ticket-form-c2" not in page


def test_nobody_writes_on_the_call_of_somebody_else(in_call: House) -> None:
    karim = in_call.signed_in("karim")
    for path in ("ticket", "draft", "customer", "end", "hold"):
        assert karim.post(f"/desk/calls/c1/{path}", {"subject": "x", "customer": "1"}).status_code == 409
    assert karim.get("/desk/calls/c1").status_code == 403
    assert in_call.rooms.asked == []


def test_a_call_that_is_not_transcribed_says_why(house: House) -> None:
    house.queues.set_presence(1, "ready")
    house.call("c1")
    house.record("c1", TranscriptionRefused(at=house.clock.now(), key="refused", by="caller"))
    house.queues.accept(house.offer_to(1).id, 1)
    house.talk("c1", 1)
    assert "omdat de beller dat niet wil" in house.signed_in("dana").get("/desk/operator").text


def test_signing_out_in_a_call_is_refused(in_call: House) -> None:
    dana = in_call.signed_in("dana")
    dana.get("/desk/operator")
    assert dana.post("/desk/sign-out").status_code == 409
    assert in_call.queues.presence(1).state == "talking"


def test_the_softphone_gets_a_token_for_this_operator_alone(house: House, clock: ManualClock) -> None:
    answer = house.signed_in("karim").get("/desk/softphone-token").get_json()
    claims = jwt.decode(
        answer["token"],
        house.settings.twilio_api_key_secret.get_secret_value(),
        algorithms=["HS256"],
        options={"verify_exp": False, "verify_nbf": False},  # the house has a clock of its own
    )
    assert claims["grants"]["identity"] == answer["identity"] == "op_2"
    assert claims["grants"]["voice"] == {"outgoing": {"application_sid": house.settings.twilio_app_sid}}
    assert claims["exp"] == int(clock.now().timestamp()) + answer["ttl_s"]


def test_without_a_call_the_page_is_never_empty(house: House) -> None:
    page = house.signed_in("dana").get("/desk/operator").text
    assert "Mijn dag" in page
    assert "Mijn laatste gesprekken" in page
    assert "Mijn open tickets" in page
