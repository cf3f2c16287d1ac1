"""Signing in: passwords, slowing down, roles, forms that somebody else sends."""

from __future__ import annotations

import pytest
from redis import Redis

from desk.slowdown import PER_ACCOUNT, PER_ADDRESS, SignInBrake
from foundation.errors import TooManyAttempts
from tests.desk.desk_house import House


def test_an_operator_comes_to_the_desk_and_a_supervisor_to_the_wallboard(house: House) -> None:
    assert house.visitor().sign_in("dana", "dana-demo").headers["Location"] == "/desk/operator"
    assert house.visitor().sign_in("sofie", "sofie-demo").headers["Location"] == "/desk/wallboard"


def test_a_wrong_password_keeps_the_name_and_says_so_without_saying_which_was_wrong(house: House) -> None:
    known = house.visitor().sign_in("dana", "nonsense")
    unknown = house.visitor().sign_in("nobody", "nonsense")
    assert known.status_code == unknown.status_code == 401
    assert 'value="dana"' in known.text
    assert known.text.count("field-error") == unknown.text.count("field-error") == 1


def test_wrong_passwords_are_slowed_down_also_for_the_right_one_after_them(house: House) -> None:
    for _ in range(PER_ACCOUNT.amount):
        assert house.visitor().sign_in("dana", "guess").status_code == 401
    answer = house.visitor().sign_in("dana", "dana-demo")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= PER_ACCOUNT.get_expiry()
    assert answer.headers["Retry-After"] in answer.text
    assert house.visitor().sign_in("karim", "karim-demo").status_code == 303


def test_an_address_is_slowed_down_whatever_names_it_tries(house: House) -> None:
    brake = house.services.brake
    answers = {house.visitor().sign_in("sofie", "sofie-demo").status_code}
    for _ in range(PER_ADDRESS.amount):
        brake.failed("127.0.0.1")
    answers.add(house.visitor().sign_in("marc", "marc-demo").status_code)
    assert answers == {303, 429}


def test_wrong_passwords_are_slowed_down_while_redis_is_away() -> None:
    away = Redis.from_url("unix:///nowhere/redis.sock", decode_responses=True)
    brake = SignInBrake(away)
    for _ in range(PER_ACCOUNT.amount):
        brake.check("dana", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        brake.check("dana", "192.0.2.1")
    brake.succeeded("dana")
    brake.check("dana", "192.0.2.1")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/desk/..\\evil", "javascript:alert(1)", "/\t/evil"],
)
def test_signing_in_leads_to_no_other_site(house: House, target: str) -> None:
    answer = house.visitor().sign_in("dana", "dana-demo", next=target)
    assert answer.headers["Location"] == "/desk/operator"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.get("/desk/calls?queue=internet")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/desk/sign-in?next=")
    answer = visitor.sign_in("sofie", "sofie-demo", next="/desk/calls?queue=internet")
    assert answer.headers["Location"] == "/desk/calls?queue=internet"


def test_the_cookie_stays_out_of_scripts_and_other_sites(house: House) -> None:
    cookie = house.visitor().sign_in("dana", "dana-demo").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", ["/desk/operator", "/desk/operator/state", "/desk/softphone-token"])
def test_a_supervisor_has_no_operator_screen(house: House, path: str) -> None:
    assert house.signed_in("sofie").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/desk/calls", "/desk/targets"])
def test_an_operator_has_no_supervisor_pages(house: House, path: str) -> None:
    answer = house.signed_in("dana").get(path)
    assert answer.status_code == 403
    assert "Niet voor jouw rol" in answer.text


def test_a_form_without_its_token_is_refused_with_what_to_do(house: House) -> None:
    visitor = house.signed_in("robin")
    answer = visitor.client.post("/desk/presence", data={"state": "ready"})
    assert answer.status_code == 400
    assert "open for too long" in answer.text
    assert house.queues.presence(5).state == "away"
    answer = visitor.client.post("/desk/presence", data={"state": "ready"}, headers={"Accept": "application/json"})
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "form-expired"


def test_signing_out_makes_an_operator_away(house: House) -> None:
    visitor = house.signed_in("dana")
    visitor.post("/desk/presence", {"state": "ready"})
    assert house.queues.presence(1).state == "ready"
    assert visitor.post("/desk/sign-out").status_code == 303
    assert house.queues.presence(1).state == "away"
    assert visitor.get("/desk/operator").status_code == 303


def test_the_language_is_kept_in_the_account(house: House) -> None:
    visitor = house.signed_in("dana")
    assert "Mijn werkplek" in visitor.get("/desk/operator").text
    visitor.post("/desk/language", {"language": "fr", "next": "/desk/operator"})
    assert "Mon poste" in house.signed_in("dana").get("/desk/operator").text


def test_pages_carry_their_security_headers(house: House) -> None:
    headers = house.visitor().get("/desk/sign-in").headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_the_policy_opens_only_for_the_telephone_and_the_live_events(house: House) -> None:
    other = House(
        house.database, house.services.redis, house.clock,
        LIVE_BASE_URL="http://localhost:8001", SOFTPHONE_SDK_URL="http://localhost:8003/phone/sdk.js",
    )  # fmt: skip
    policy = other.visitor().get("/desk/sign-in").headers["Content-Security-Policy"]
    assert "script-src 'self' http://localhost:8003;" in policy
    assert "connect-src 'self' http://localhost:8001 http://localhost:8003 ws://localhost:*" in policy
