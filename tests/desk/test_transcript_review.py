"""Transcripts to read back: search, the call page, exports."""

from __future__ import annotations

from tests.desk.desk_house import House


def spoken(house: House) -> str:
    house.queues.set_presence(1, "ready")
    call_id = house.call()
    house.queues.match()
    house.queues.accept(house.offer_to(1).id, 1)
    house.talk(call_id, 1)
    house.say(call_id, "caller", 40.0, "mijn ticket is een nul vier vier twee", 1)
    house.say(call_id, "operator", 45.5, "knippert het lampje van de modem", 1)
    house.say(call_id, "caller", 52.25, "ja de lampjes knipperen <rood> & snel", 2)
    return call_id


def test_a_word_is_found_in_any_of_its_forms_with_a_mark_and_the_moment(house: House) -> None:
    call_id = spoken(house)
    sofie = house.signed_in("sofie")
    assert "Mijn <mark>ticket</mark> is 10442" in sofie.get("/desk/search?words=tickets").text
    page = sofie.get("/desk/search?words=knipperen").text
    assert "Ja de lampjes <mark>knipperen</mark> &lt;rood&gt; &amp; snel" in page
    assert f"/desk/calls/{call_id}#said-caller-52250" in page


def test_a_search_is_narrowed_by_speaker_queue_and_day(house: House) -> None:
    spoken(house)
    sofie = house.signed_in("sofie")
    assert "said-operator" not in sofie.get("/desk/search?words=lampje&speaker=caller").text
    assert "said-operator" in sofie.get("/desk/search?words=lampje&speaker=operator").text
    assert "said-" not in sofie.get("/desk/search?words=lampje&queue=invoices").text
    assert "said-" in sofie.get("/desk/search?words=lampje&queue=internet&day=2026-11-23").text
    assert "said-" not in sofie.get("/desk/search?words=lampje&day=2026-11-22").text


def test_a_ticket_number_that_was_spelled_is_found_in_digits(house: House) -> None:
    spoken(house)
    assert "<mark>10442</mark>" in house.signed_in("sofie").get("/desk/search?words=10442").text


def test_operators_do_not_search_in_everybodys_calls(house: House) -> None:
    assert house.signed_in("dana").get("/desk/search?words=lampje").status_code == 403


def test_a_call_is_read_as_text_and_as_subtitles(house: House) -> None:
    call_id = spoken(house)
    sofie = house.signed_in("sofie")
    text = sofie.get(f"/desk/calls/{call_id}/transcript.txt")
    assert text.mimetype == "text/plain"
    assert "Mijn ticket is 10442" in text.text
    subtitles = sofie.get(f"/desk/calls/{call_id}/transcript.vtt")
    assert subtitles.mimetype == "text/vtt"
    assert subtitles.text.startswith("WEBVTT\n\n00:00:40.000 --> 00:00:42.000\n<v ")
    assert "Ja de lampjes knipperen &lt;rood&gt; &amp; snel" in subtitles.text


def test_the_call_page_shows_what_happened_between_the_sentences(house: House) -> None:
    call_id = spoken(house)
    page = house.signed_in("sofie").get(f"/desk/calls/{call_id}").text
    assert page.index('<li class="turn">') < page.index('id="said-caller-40000"')
    assert page.index('id="said-operator-45500"') < page.index('id="said-caller-52250"')
