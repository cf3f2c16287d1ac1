"""What the operator's screen does with the words of a call: suggestions, flags, doubt, missing sound, opting out."""

from __future__ import annotations

from tests.desk.desk_house import EventReader, House, Visitor
from transcription.store import MissingSound


def talking(house: House, language: str = "nl") -> tuple[str, Visitor]:
    """Dana talks with a caller; her browser."""
    dana = house.signed_in("dana")
    house.queues.set_presence(1, "ready")
    call_id = house.call(language=language)
    house.queues.match()
    offer = house.offer_to(1)
    house.queues.accept(offer.id, 1)
    house.talk(call_id, 1)
    return call_id, dana


def test_an_article_is_suggested_with_the_sentence_that_triggered_it_and_opens_when_it_is_used(house: House) -> None:
    call_id, dana = talking(house)
    house.say(call_id, "caller", 40.0, "sinds gisteren werkt onze internet niet meer", 1)
    house.say(call_id, "caller", 45.0, "het lampje van de modem knippert rood", 2)
    page = dana.get("/desk/operator").text
    assert "Geen internet: het lampje van de modem knippert rood" in page
    assert '<q class="small muted">het lampje van de modem knippert rood</q>' in page
    dana.post(f"/desk/calls/{call_id}/suggestions/article/no-internet-modem", {"state": "used"})
    (used,) = [each for each in house.services.suggestions.of_call(call_id, "nl") if each.state == "used"]
    assert (used.subject, used.decided_by) == ("no-internet-modem", "dana")
    assert "<details open>" in dana.get("/desk/operator").text


def test_a_dismissed_article_stays_away_and_makes_room(house: House) -> None:
    call_id, dana = talking(house)
    house.say(call_id, "caller", 40.0, "de printer print niet en het papier zit vast", 1)
    dana.get("/desk/operator")
    before = [each.subject for each in house.services.suggestions.of_call(call_id, "nl")]
    assert "paper-jam" in before
    dana.post(f"/desk/calls/{call_id}/suggestions/article/paper-jam", {"state": "dismissed"})
    assert 'id="suggestion-paper-jam"' not in dana.get("/desk/operator").text
    house.say(call_id, "caller", 50.0, "het papier zit nog altijd vast in de printer", 2)
    assert 'id="suggestion-paper-jam"' not in dana.get("/desk/operator").text


def test_a_complaint_raises_a_flag_that_can_be_put_away(house: House) -> None:
    call_id, dana = talking(house)
    house.say(call_id, "caller", 40.0, "ik wil een klacht indienen dit is onaanvaardbaar", 1)
    assert 'id="flag-complaint"' in dana.get("/desk/operator").text
    dana.post(f"/desk/calls/{call_id}/suggestions/flag/complaint", {"state": "dismissed"})
    assert 'id="flag-complaint"' not in dana.get("/desk/operator").text


def test_a_sentence_that_comes_in_draws_the_suggestions_again(house: House) -> None:
    call_id, dana = talking(house)
    answer = dana.get("/live/events?regions=suggestions,talk")
    reader = EventReader(answer)
    reader.until("region", "suggestions")
    reader.until("region", "talk")
    house.say(call_id, "caller", 40.0, "mijn mailbox is vol en ik kan niets meer ontvangen", 1)
    said = {"speaker": "caller", "start_s": 40.0, "end_s": 42.0, "text": "mijn mailbox is vol", "id": 1}
    house.live.publish(f"call:{call_id}", "segment", {**said, "display": [["Mijn", False], ["mailbox", True]]})
    sentence = reader.until("segment")
    assert 'Mijn <span class="unsure"' in sentence.data["html"]
    assert "mailbox-full" in reader.until("region", "suggestions").data["html"]
    reader.close()


def test_missing_sound_is_still_shown_after_a_reload(house: House) -> None:
    call_id, dana = talking(house)
    house.say(call_id, "caller", 40.0, "hallo", 1)
    house.transcripts.add_gap(MissingSound(call_id, "caller", "MZ1", start_s=42.0, end_s=47.0))
    page = dana.get("/desk/operator").text
    assert 'id="gap-caller-42000"' in page
    assert 'id="gap-caller-42000"' in dana.get(f"/desk/calls/{call_id}").text


def test_opting_out_stops_both_streams_at_once_and_offers_to_delete_what_was_written(house: House) -> None:
    call_id, dana = talking(house)
    house.say(call_id, "caller", 40.0, "hallo met els", 1)
    page = dana.get("/desk/operator").text
    assert 'id="opt-out"' in page
    dana.post(f"/desk/calls/{call_id}/opt-out")
    assert house.streams.stopped == [(f"CA-{call_id}", "caller"), ("CA-op1", "operator-1")]
    assert not house.log.record_of(call_id).transcription
    page = dana.get("/desk/operator").text
    assert 'id="delete-transcript"' in page and 'id="opt-out"' not in page
    dana.post(f"/desk/calls/{call_id}/transcript/delete")
    assert house.transcripts.of_call(call_id) == []
    assert 'id="delete-transcript"' not in dana.get("/desk/operator").text


def test_another_operator_cannot_opt_out_of_or_delete_a_call(house: House) -> None:
    call_id, _ = talking(house)
    house.say(call_id, "caller", 40.0, "hallo met els", 1)
    karim = house.signed_in("karim")
    karim.get("/desk/operator")
    assert karim.post(f"/desk/calls/{call_id}/opt-out").status_code == 409
    assert karim.post(f"/desk/calls/{call_id}/transcript/delete").status_code == 409
    assert house.log.record_of(call_id).transcription
    assert len(house.transcripts.of_call(call_id)) == 1
