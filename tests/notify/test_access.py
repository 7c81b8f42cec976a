"""Every endpoint of notify has its row, and opens to nobody else: tried one by one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from services.notify.main.access import ACCESS
from shared.access import Door, Row, row_for
from shared.grants import ROLES
from shared.tokens import issue
from tests.notify.facts import CITY, city_configured
from tests.notify.staff import SECRET, House

ELSEWHERE = "dallas"
JSON = {"Content-Type": "application/json"}
CLOSED = {401, 403, 404}


@pytest.fixture
def app(house: House) -> Flask:
    """The application as it is served, with two cities."""
    house.bench.hear(city_configured(ELSEWHERE))
    return house.app


def rules(app: Flask) -> list[tuple[Rule, Row, str]]:
    """Every rule that is not public, with its row and each of its methods."""
    found = []
    for rule in app.url_map.iter_rules():
        row = row_for(ACCESS, rule.endpoint)
        assert row is not None, f"{rule.endpoint} has no row in main/access.py"
        if row.door not in (Door.PUBLIC, Door.OWN, Door.SEALED):
            found += [(rule, row, m) for m in sorted(set(rule.methods or ()) - {"OPTIONS"})]
    return found


def ask(client: FlaskClient, rule: Rule, method: str, **headers: str) -> TestResponse:
    """One request to the rule, its arguments filled in."""
    whole = {name for name in rule.arguments if f"<int:{name}>" in rule.rule}
    values = {
        name: "1" if name in whole else "00000000-0000-0000-0000-000000000000"
        for name in rule.arguments
    }
    values |= {"city": ELSEWHERE} if "city" in rule.arguments else {}
    _, path = rule.build(values, append_unknown=False) or ("", "")
    return client.open(path, method=method, data=b"{}", headers=JSON | headers)


def is_shut(answer: TestResponse) -> bool:
    """Refused, or sent to sign in."""
    to_sign_in = answer.status_code in (302, 303) and "/pass?" in answer.headers["Location"]
    return answer.status_code in CLOSED or to_sign_in


def test_every_endpoint_has_a_row_and_rows_about_a_city_name_one(app: Flask) -> None:
    for rule, row, _ in rules(app):
        assert (row.door is Door.CITY) == ("city" in rule.arguments), rule.endpoint
        assert row.roles <= set(ROLES), rule.endpoint


def test_whoever_has_not_signed_in_is_shut_out_everywhere(app: Flask) -> None:
    client = app.test_client()
    assert [f"{m} {r}" for r, _, m in rules(app) if not is_shut(ask(client, r, m))] == []


def test_the_staff_of_another_city_is_shut_out_of_everything_of_this_one(
    app: Flask, house: House
) -> None:
    client = house.person(*(f"{role}@{CITY}" for role in ROLES))
    within = [(r, m) for r, row, m in rules(app) if row.door in (Door.CITY, Door.EVERY_CITY)]
    assert [f"{m} {r}" for r, m in within if not is_shut(ask(client, r, m))] == []


def test_a_role_that_the_table_does_not_name_is_shut_out(app: Flask, house: House) -> None:
    open_ = []
    for role in set(ROLES) - {"administrator"}:
        client = house.person(f"{role}@*")
        for rule, row, method in rules(app):
            named = role in row.roles or row.door is Door.SIGNED_IN
            if not named and not is_shut(ask(client, rule, method)):
                open_.append(f"{method} {rule} to {role}")
    assert open_ == []


def test_pages_of_people_are_shut_to_every_token(app: Flask) -> None:
    bearer = f"Bearer {issue(SECRET, role='administrator', city='*', days=1)}"
    client = app.test_client()
    open_ = [
        f"{method} {rule}"
        for rule, row, method in rules(app)
        if row.people and not is_shut(ask(client, rule, method, Authorization=bearer))
    ]
    assert open_ == []
