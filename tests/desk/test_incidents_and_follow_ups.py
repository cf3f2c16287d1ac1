"""What supervisors let callers hear, and the list of those to ring back."""

from __future__ import annotations

from datetime import timedelta

from callflows.facts import CallEnded
from foundation.clock import ManualClock
from tests.desk.desk_house import House


def test_a_supervisor_sees_what_callers_will_hear_before_they_hear_it(house: House) -> None:
    marc = house.signed_in("marc")
    typed = {"text_nl": "Internet ligt plat in <Brugge>.", "text_fr": "", "text_en": "", "queue": "internet"}
    page = marc.post("/desk/incidents", {**typed, "do": "preview"})
    assert page.status_code == 200
    assert '<span lang="nl">Internet ligt plat in &lt;Brugge&gt;.</span>' in page.text
    assert '<span lang="en">There is a known disruption. We are working on it.</span>' in page.text
    assert "Une panne est connue" in page.text
    assert house.incidents.going_on() == [], "a preview is not heard"
    assert marc.post("/desk/incidents", {**typed, "do": "set"}).status_code == 303
    (message,) = house.incidents.going_on()
    assert (message.queue, message.texts) == ("internet", {"nl": "Internet ligt plat in <Brugge>."})


def test_a_message_is_changed_and_ended_from_the_page(house: House) -> None:
    marc = house.signed_in("marc")
    message = house.incidents.set({"nl": "Storing."}, actor="eva")
    form = marc.get(f"/desk/incidents?change={message.id}").text
    assert ">Storing.</textarea>" in form
    changed = {"text_nl": "Bijna hersteld.", "change": str(message.id), "do": "set", "queue": ""}
    assert marc.post("/desk/incidents", changed).status_code == 303
    assert [(one.rev, one.texts) for one in house.incidents.going_on()] == [(2, {"nl": "Bijna hersteld."})]
    assert marc.post(f"/desk/incidents/{message.id}/end", {}).status_code == 303
    assert "Bijna hersteld." in marc.get("/desk/incidents").text
    again = marc.post("/desk/incidents", changed)
    assert (again.status_code, "over already" in again.text) == (422, True)


def test_an_empty_or_endless_message_is_refused_beside_the_form(house: House) -> None:
    marc = house.signed_in("marc")
    empty = marc.post("/desk/incidents", {"do": "set", "queue": ""})
    assert (empty.status_code, "at least one language" in empty.text) == (422, True)
    long = marc.post("/desk/incidents", {"do": "set", "queue": "", "text_en": "x" * 301})
    assert (long.status_code, "at most 300 characters" in long.text) == (422, True)
    assert marc.post("/desk/incidents", {"do": "set", "queue": "nowhere", "text_en": "x"}).status_code == 404


def test_operators_do_not_set_messages(house: House) -> None:
    dana = house.signed_in("dana")
    assert dana.get("/desk/incidents").status_code == 403
    assert dana.post("/desk/incidents", {"text_nl": "x", "do": "set"}).status_code == 403


def test_who_rang_in_vain_is_rung_back_by_one(house: House, clock: ManualClock) -> None:
    house.call("c1", queue="invoices", number="+32460001099")
    clock.advance(timedelta(seconds=65))
    house.record("c1", CallEnded(at=clock.now(), key="end", reason="hung up"))
    house.follow_ups.settle({"call_id": "c1"})
    dana, marc = house.signed_in("dana"), house.signed_in("marc")
    page = dana.get("/desk/follow-ups").text
    assert "0460 00 10 99" in page and "1:05" in page
    (entry,) = house.follow_ups.open()
    assert dana.post(f"/desk/follow-ups/{entry.id}/close", {"how": "reached"}).status_code == 303
    late = marc.post(f"/desk/follow-ups/{entry.id}/close", {"how": "reached"})
    assert late.status_code == 409
    page = marc.get("/desk/follow-ups").text
    assert "Nobody is waiting to be rung back." in page and "reached · dana" in page
    assert dana.post(f"/desk/follow-ups/{entry.id}/close", {"how": "forgotten"}).status_code in (400, 409)
