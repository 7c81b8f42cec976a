"""Looking after staff: invitations, roles, disabling, tokens, the audit log, passes."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.dispatch.pages.keeper import COOKIE
from shared import passes
from shared.db import Pool
from shared.grants import Grant
from shared.inbox import Inbox
from tests.dispatch.builders import city_fact, make_city
from tests.dispatch.hearing import hear
from tests.dispatch.signing import PASSWORD, SECRET, person, session_of
from tests.dispatch.test_sign_in import guard_of, post


@pytest.fixture(autouse=True)
def _cities(inbox: Inbox) -> None:
    hear(inbox, city_fact(), city_fact(make_city(id="dallas", name="Dallas")))


def of(app: Flask, pool: Pool, staff_id: str) -> FlaskClient:
    """A browser in which this person is signed in."""
    client = app.test_client()
    client.set_cookie(COOKIE, session_of(pool, staff_id))
    return client


def administrator(app: Flask, pool: Pool, city: str) -> FlaskClient:
    return of(app, pool, person(pool, f"administrator@{city}", name=f"Chief of {city}"))


def invite(client: FlaskClient, email: str, role: str, city: str) -> TestResponse:
    return post(client, "/staff", email=email, name="Ana", role=role, city=city)


def link_in(answer: TestResponse) -> str:
    found = re.search(r"<code>[^<]*(/invitation/[^<]+)</code>", answer.text)
    assert found, answer.text
    return found[1]


def what(client: FlaskClient) -> str:
    """The audit page as the client sees it."""
    return client.get("/audit").text


def test_an_invited_person_signs_in_and_sees_what_the_role_opens(app: Flask, pool: Pool) -> None:
    chief = administrator(app, pool, "pasadena")
    answer = invite(chief, "ana@example.org", "dispatcher", "pasadena")
    ana, path = app.test_client(), link_in(answer)
    made = post(ana, path, name="Ana Ruiz", password=PASSWORD, again=PASSWORD)
    assert made.status_code == 303
    assert ana.get("/pasadena").status_code == 200
    assert ana.get("/dallas").status_code == 403
    assert ana.get("/staff").status_code == 403
    assert invite(chief, "ana@example.org", "planner", "pasadena").status_code == 422
    assert "ana@example.org: dispatcher in pasadena" in what(chief)


@pytest.mark.parametrize("city", ["dallas", "*"])
def test_an_administrator_gives_roles_in_his_own_city_only(
    app: Flask, pool: Pool, city: str
) -> None:
    chief = administrator(app, pool, "pasadena")
    assert invite(chief, "ana@example.org", "planner", city).status_code == 422
    kim = person(pool, "planner@pasadena")
    guard = {"csrf_token": guard_of(chief, "/staff"), "grant": f"{city}/planner"}
    assert chief.post(f"/staff/{kim}/roles", data=guard).status_code == 422


def test_accounts_of_another_city_or_with_roles_in_two_are_out_of_reach(
    app: Flask, pool: Pool
) -> None:
    chief = administrator(app, pool, "pasadena")
    dallas = person(pool, "planner@dallas", name="Del Dallas")
    both = person(pool, "planner@dallas", "planner@pasadena", name="Bo Both")
    above = person(pool, "administrator@*", name="Top")
    page = chief.get("/staff").text
    assert "Bo Both" in page
    assert "Del Dallas" not in page
    guard = {"csrf_token": guard_of(chief, "/staff")}
    for one in (dallas, both, above):
        assert chief.get(f"/staff/{one}").status_code == 404
        for act in ("disable", "enable", "roles", "link", "sign-out", "second-factor/off"):
            assert chief.post(f"/staff/{one}/{act}", data=guard).status_code in (404, 422)
        assert of(app, pool, one).get("/account").status_code == 200


def test_changed_roles_end_the_persons_sessions_and_hold_at_once(app: Flask, pool: Pool) -> None:
    chief = administrator(app, pool, "*")
    kim_id = person(pool, "dispatcher@pasadena", name="Kim")
    kim = of(app, pool, kim_id)
    assert kim.get("/pasadena").status_code == 200
    post(chief, f"/staff/{kim_id}/roles", f"/staff/{kim_id}", grant="dallas/planner")
    assert kim.get("/pasadena").status_code == 302
    kim = of(app, pool, kim_id)
    assert kim.get("/pasadena").status_code == 403
    assert kim.get("/dallas").status_code == 200
    assert "Kim: dispatcher in pasadena → planner in dallas" in what(chief)


def test_a_disabled_person_is_out_at_once_and_cannot_come_back(app: Flask, pool: Pool) -> None:
    chief = administrator(app, pool, "*")
    kim_id = person(pool, "dispatcher@pasadena", email="kim@example.org")
    kim = of(app, pool, kim_id)
    assert kim.get("/account").status_code == 200
    post(chief, f"/staff/{kim_id}/disable", f"/staff/{kim_id}")
    assert kim.get("/account").status_code == 302
    fresh = app.test_client()
    assert post(fresh, "/sign-in", email="kim@example.org", password=PASSWORD).status_code == 422
    post(chief, f"/staff/{kim_id}/enable", f"/staff/{kim_id}")
    assert post(fresh, "/sign-in", email="kim@example.org", password=PASSWORD).status_code == 303


def test_nobody_shuts_himself_out(app: Flask, pool: Pool) -> None:
    me = person(pool, "administrator@*")
    client = of(app, pool, me)
    page = f"/staff/{me}"
    assert post(client, f"{page}/disable", page).status_code == 422
    assert post(client, f"{page}/roles", page, grant="*/planner").status_code == 422
    assert client.get(page).status_code == 200


def test_a_new_link_lets_a_person_choose_another_password(app: Flask, pool: Pool) -> None:
    chief = administrator(app, pool, "*")
    kim_id = person(pool, "dispatcher@pasadena", email="kim@example.org")
    old = of(app, pool, kim_id)
    path = link_in(post(chief, f"/staff/{kim_id}/link", f"/staff/{kim_id}"))
    new = "another long password"
    client = app.test_client()
    assert post(client, path, name="Kim", password=new, again=new).status_code == 303
    assert old.get("/account").status_code == 302
    fresh = app.test_client()
    assert post(fresh, "/sign-in", email="kim@example.org", password=PASSWORD).status_code == 422
    assert post(fresh, "/sign-in", email="kim@example.org", password=new).status_code == 303


def make_token(client: FlaskClient, **changes: str) -> TestResponse:
    form = {"name": "wall", "role": "dispatcher", "city": "pasadena", "days": "3", "scope": "read"}
    return post(client, "/tokens", **form | changes)


def test_a_token_opens_its_city_within_its_scopes_until_it_is_revoked(
    app: Flask, pool: Pool
) -> None:
    chief = administrator(app, pool, "pasadena")
    answer = make_token(chief)
    found = re.search(r"<code>(plt_[^<]+)</code>", answer.text)
    assert found
    headers = {"Authorization": f"Bearer {found[1]}"}
    program = app.test_client()
    board = "/api/v1/cities/pasadena/board"
    assert program.get(board, headers=headers).status_code == 200
    assert program.get(board.replace("pasadena", "dallas"), headers=headers).status_code == 403
    assert program.get("/account", headers=headers).status_code == 403
    with pool.connection() as conn:
        rows = conn.execute("select hash, used_at is not null from api_tokens").fetchall()
    assert found[1] not in str(rows)
    assert rows[0][1] is True
    revoke = re.search(r'action="(/tokens/[^"]+/revoke)"', chief.get("/tokens").text)
    assert revoke
    post(chief, revoke[1], "/tokens")
    assert program.get(board, headers=headers).status_code == 401
    assert "token made" in what(chief)
    assert "token revoked" in what(chief)


def test_a_token_that_has_ended_opens_nothing(app: Flask, pool: Pool) -> None:
    chief = administrator(app, pool, "*")
    answer = make_token(chief)
    found = re.search(r"<code>(plt_[^<]+)</code>", answer.text)
    assert found
    program = app.test_client()
    headers = {"Authorization": f"Bearer {found[1]}", "Content-Type": "application/json"}
    path = "/api/v1/cities/pasadena/board"
    assert program.get(path, headers=headers).status_code == 200
    with pool.connection() as conn:
        conn.execute("update api_tokens set ends_at = now()")
    assert program.get(path, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("days", "0"), ("scope", "all"), ("city", "dallas")]
)
def test_a_token_that_makes_no_sense_is_not_made(
    app: Flask, pool: Pool, field: str, value: str
) -> None:
    chief = administrator(app, pool, "pasadena")
    assert make_token(chief, **{field: value}).status_code == 422


def test_tokens_of_other_cities_are_out_of_reach(app: Flask, pool: Pool) -> None:
    make_token(administrator(app, pool, "dallas"), city="dallas", name="theirs")
    with pool.connection() as conn:
        row = conn.execute("select id from api_tokens").fetchone()
    assert row
    chief = administrator(app, pool, "pasadena")
    assert "theirs" not in chief.get("/tokens").text
    assert post(chief, f"/tokens/{row[0]}/revoke", "/tokens").status_code == 422


def test_an_auditor_sees_the_log_of_his_city_and_finds_in_it(app: Flask, pool: Pool) -> None:
    invite(administrator(app, pool, "pasadena"), "ana@example.org", "planner", "pasadena")
    invite(administrator(app, pool, "dallas"), "bo@example.org", "planner", "dallas")
    auditor = of(app, pool, person(pool, "auditor@pasadena"))
    page = auditor.get("/audit").text
    assert "ana@example.org" in page
    assert "bo@example.org" not in page
    everything = of(app, pool, person(pool, "auditor@*"))
    assert "bo@example.org" in everything.get("/audit?who=chief+of+dallas&what=invited").text
    assert "No entry fits" in everything.get("/audit?day=2020-01-01").text
    assert everything.get("/audit?day=never&before=x&city=%00").status_code == 200


def test_passes_are_given_to_who_is_signed_in_for_services_that_there_are(
    app: Flask, pool: Pool
) -> None:
    path = f"/pass?service=notify&key={passes.lock_of('key')}&back=/feed"
    assert app.test_client().get(path).headers["Location"].startswith("/sign-in?next=/pass")
    client = of(app, pool, person(pool, "notifier@pasadena", name="Kim"))
    answer = client.get(path)
    place = urlsplit(answer.headers["Location"])
    assert (place.netloc, place.path) == ("127.0.0.1:8002", "/enter")
    text = parse_qs(place.query)["pass"][0]
    caller = passes.verify(SECRET, text, "notify", "key")
    assert (caller.name, caller.grants) == ("Kim", {Grant("pasadena", "notifier")})
    for wrong in ("/pass?service=evil&key=a", "/pass?service=notify&key=", "/pass"):
        assert client.get(wrong).status_code == 404
