"""Every endpoint of dispatch has its row, and opens to nobody else: tried one by one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from services.dispatch.console.hub import Hub
from services.dispatch.main.access import ACCESS
from services.dispatch.main.web import assemble
from services.dispatch.pages.keeper import COOKIE
from shared.access import Door, Row, row_for
from shared.db import Pool
from shared.grants import ROLES
from shared.inbox import Inbox
from shared.tokens import issue
from tests.dispatch.builders import city_fact, make_city
from tests.dispatch.hearing import hear
from tests.dispatch.signing import SECRET, person, session_of, settings_of

ELSEWHERE = "dallas"
JSON = {"Content-Type": "application/json"}
CLOSED = {401, 403, 404}


@pytest.fixture
def whole(pool: Pool, hub: Hub, redis_url: str, inbox: Inbox) -> Flask:
    """The application as it is served, with two cities."""
    hear(inbox, city_fact(), city_fact(make_city(id=ELSEWHERE, name="Dallas")))
    return assemble(settings_of(redis_url), pool, hub)


def rules(app: Flask) -> list[tuple[Rule, Row, str]]:
    """Every rule that is not public, with its row and each of its methods."""
    found = []
    for rule in app.url_map.iter_rules():
        row = row_for(ACCESS, rule.endpoint)
        assert row is not None, f"{rule.endpoint} has no row in main/access.py"
        if row.door is not Door.PUBLIC:
            found += [(rule, row, m) for m in sorted(set(rule.methods or ()) - {"OPTIONS"})]
    return found


def ask(
    client: FlaskClient, rule: Rule, method: str, city: str = ELSEWHERE, **headers: str
) -> TestResponse:
    """One request to the rule, its arguments filled in."""
    values = {
        name: "00000000-0000-0000-0000-000000000000" if name.endswith("_id") else "1"
        for name in rule.arguments
    }
    values |= {"city": city} if "city" in rule.arguments else {}
    _, path = rule.build(values, append_unknown=False) or ("", "")
    return client.open(path, method=method, data=b"{}", headers=JSON | headers)


def is_shut(answer: TestResponse) -> bool:
    """Refused, or sent to sign in."""
    to_sign_in = answer.status_code in (302, 303) and "/sign-in" in answer.headers["Location"]
    return answer.status_code in CLOSED or to_sign_in


def client_of(app: Flask, pool: Pool, *roles: str) -> FlaskClient:
    """A browser in which somebody with these roles is signed in."""
    client = app.test_client()
    client.set_cookie(COOKIE, session_of(pool, person(pool, *roles)))
    return client


def test_every_endpoint_has_a_row_and_rows_about_a_city_name_one(whole: Flask) -> None:
    for rule, row, _ in rules(whole):
        assert (row.door is Door.CITY) == ("city" in rule.arguments), rule.endpoint
        unknown = row.roles - set(ROLES)
        assert unknown == set(), f"{rule.endpoint} names roles that do not exist"


def test_an_endpoint_without_a_row_is_refused_to_everybody(app: Flask, pool: Pool) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "here")
    answer = client_of(app, pool, "administrator@*").get("/forgotten")
    assert answer.status_code == 403


def test_whoever_has_not_signed_in_is_shut_out_everywhere(whole: Flask) -> None:
    open_ = [
        f"{method} {rule}"
        for rule, _, method in rules(whole)
        if not is_shut(ask(whole.test_client(), rule, method))
    ]
    assert open_ == []


def test_the_staff_of_another_city_is_shut_out_of_everything_of_this_one(
    whole: Flask, pool: Pool
) -> None:
    roles = [f"{role}@pasadena" for role in ROLES]
    client = client_of(whole, pool, *roles)
    open_ = [
        f"{method} {rule}"
        for rule, row, method in rules(whole)
        if row.door in (Door.CITY, Door.EVERY_CITY) and not is_shut(ask(client, rule, method))
    ]
    assert open_ == []


def test_a_token_of_another_city_opens_nothing_of_this_one(whole: Flask) -> None:
    open_ = [
        f"{method} {rule} to {role}"
        for role in ROLES
        for rule, row, method in rules(whole)
        if row.door in (Door.CITY, Door.EVERY_CITY)
        and not is_shut(_with_token(whole, rule, method, role, "pasadena"))
    ]
    assert open_ == []


def test_a_role_that_the_table_does_not_name_is_shut_out(whole: Flask, pool: Pool) -> None:
    open_ = []
    for role in ROLES:
        client = client_of(whole, pool, f"{role}@*")
        for rule, row, method in rules(whole):
            named = role in row.roles or role == "administrator" or row.door is Door.SIGNED_IN
            if not named and not is_shut(ask(client, rule, method)):
                open_.append(f"{method} {rule} to {role}")
    assert open_ == []


def test_pages_of_people_are_shut_to_every_token(whole: Flask) -> None:
    open_ = [
        f"{method} {rule}"
        for rule, row, method in rules(whole)
        if row.people and not is_shut(_with_token(whole, rule, method, "administrator", "*"))
    ]
    assert open_ == []


def test_the_right_role_opens_what_the_table_says(whole: Flask, pool: Pool) -> None:
    client = client_of(whole, pool, f"dispatcher@{ELSEWHERE}")
    assert client.get(f"/{ELSEWHERE}").status_code == 200
    assert client.get(f"/api/v1/cities/{ELSEWHERE}/board").status_code == 200
    assert client.get("/").headers["Location"] == f"/{ELSEWHERE}"
    assert client.get("/staff").status_code == 403
    assert client.get("/pasadena").status_code == 403


def test_programs_are_answered_by_problems_and_people_by_pages(whole: Flask, pool: Pool) -> None:
    stranger = whole.test_client()
    page = stranger.get("/pasadena?a=1")
    assert page.headers["Location"] == "/sign-in?next=/pasadena?a%3D1"
    api = stranger.get("/api/v1/cities/pasadena/board")
    assert (api.status_code, api.mimetype) == (401, "application/problem+json")
    assert api.headers["WWW-Authenticate"] == "Bearer"
    wrong = stranger.get("/api/v1/cities/pasadena/board", headers={"Authorization": "Bearer no"})
    assert (wrong.status_code, wrong.mimetype) == (401, "application/problem+json")
    client = client_of(whole, pool, "dispatcher@pasadena")
    assert "Your roles do not open this" in client.get(f"/{ELSEWHERE}").text
    assert client.get(f"/api/v1/cities/{ELSEWHERE}/board").mimetype == "application/problem+json"


def test_a_signed_token_opens_its_city(whole: Flask) -> None:
    headers = {"Authorization": f"Bearer {issue(SECRET, 'planner', ELSEWHERE, 1)}"}
    client = whole.test_client()
    path = f"/api/v1/cities/{ELSEWHERE}/board"
    assert client.get(path, headers=headers).status_code == 200
    assert client.get(path, auth=("", headers["Authorization"][7:])).status_code == 200


def _with_token(app: Flask, rule: Rule, method: str, role: str, city: str) -> TestResponse:
    token = issue(SECRET, role, city, 1)
    return ask(app.test_client(), rule, method, Authorization=f"Bearer {token}")
