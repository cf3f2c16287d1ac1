"""The staffing page: the same answers as the command, in an address that can be sent on."""

from __future__ import annotations

from tests.desk.desk_house import House


def test_the_page_answers_as_the_command_does(house: House) -> None:
    page = house.signed_in("marc").get("/desk/staffing").text
    assert '<span class="big">14</span> operators on the line' in page
    assert "20 people on the roster" in page
    assert "88.8%" in page
    assert "Overloaded: the queue grows without end" in page
    assert "Erlang C" in page


def test_patience_turns_it_into_erlang_a_and_a_comma_is_fine(house: House) -> None:
    asked = "/desk/staffing?calls=100&interval_min=30&aht_s=180&share_percent=80,0&within_s=20&patience_s=300"
    page = house.signed_in("marc").get(asked).text
    assert '<span class="big">13</span>' in page
    assert "Erlang A" in page
    assert "Give up" in page
    assert "Overloaded: the queue" not in page


def test_what_cannot_be_reckoned_with_is_said_and_kept_in_the_form(house: House) -> None:
    for asked in ("calls=many", "calls=0", "aht_s=-1", "share_percent=100", "shrinkage_percent=100", "calls=1e12"):
        answer = house.signed_in("marc").get(f"/desk/staffing?{asked}")
        assert answer.status_code == 422, asked
        assert "These figures cannot be reckoned with" in answer.text
        assert f'value="{asked.partition("=")[2]}"' in answer.text


def test_it_is_for_supervisors(house: House) -> None:
    assert house.signed_in("dana").get("/desk/staffing").status_code == 403


def test_the_chart_loads_nothing_from_elsewhere(house: House) -> None:
    marc = house.signed_in("marc")
    page = marc.get("/desk/staffing").text
    assert "style=" not in page
    for file in ("vendor/uplot.esm.js", "vendor/uplot.min.css", "scripts/staffing.js", "styles/staffing.css"):
        with marc.get(f"/static/{file}") as answer:
            assert answer.status_code == 200
            assert file in page or file.startswith("vendor/uplot.esm")  # the script imports that one
