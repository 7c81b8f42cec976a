"""Signing in: invitation, password, second factor, sessions; on a real PostgreSQL and Redis."""

import re
import time
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.dispatch.adapters.factors import Codes
from services.dispatch.desk.people import People
from services.dispatch.main.desk import make_desk
from services.dispatch.pages.keeper import COOKIE
from shared.audit import record
from shared.db import Pool
from shared.web import make_app
from tests.dispatch.signing import (
    PASSWORD,
    QUICK,
    SECRET,
    grants_of,
    guard,
    person,
    session_of,
    settings_of,
)

EVERYTHING = frozenset(grants_of(["administrator@*"]))


@pytest.fixture
def people(pool: Pool, redis_url: str) -> People:
    return make_desk(settings_of(redis_url), pool, QUICK).people


def guard_of(client: FlaskClient, path: str) -> str:
    """The form's guard on the page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def post(client: FlaskClient, path: str, page: str = "", **fields: str) -> TestResponse:
    """Send a form as a browser would that has just shown `page`."""
    form = {"csrf_token": guard_of(client, page or path), **fields}
    return client.post(path, data=form)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return post(client, "/sign-in", email=email, password=password, **more)


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie(COOKIE)
    return found.value if found else ""


def log(pool: Pool) -> list[tuple[str, str]]:
    """What the audit log has, oldest first."""
    with pool.connection() as conn:
        rows = conn.execute("select what, actor from audit order by id").fetchall()
    return [(str(what), str(actor)) for what, actor in rows]


def test_the_first_link_makes_an_administrator_once(app: Flask, pool: Pool, people: People) -> None:
    path = f"/invitation/{people.invite_first()}"
    client = app.test_client()
    assert "Welcome to Porchlight" in client.get(path).text
    short = post(client, path, name="Kim", email="kim@example.org", password="x", again="x")
    assert short.status_code == 422
    assert "at least 12 characters" in short.text
    fields = {"name": "Kim", "email": "Kim@Example.org", "password": PASSWORD, "again": PASSWORD}
    assert post(client, path, **fields).headers["Location"] == "/"
    assert "Kim" in client.get("/staff").text
    assert client.get(path).status_code == 404
    assert people.invite_first() == ""
    fresh = app.test_client()
    assert sign_in(fresh, "kim@example.org").status_code == 303
    assert fresh.get("/account").status_code == 200


def test_an_older_first_link_is_no_longer_good(app: Flask, people: People) -> None:
    old = people.invite_first()
    people.invite_first()
    assert app.test_client().get(f"/invitation/{old}").status_code == 404


def test_nothing_tells_an_unknown_account_from_a_wrong_password(app: Flask, pool: Pool) -> None:
    person(pool, email="kim@example.org")
    texts = set()
    for email in ("kim@example.org", "nobody@example.org"):
        answer = sign_in(app.test_client(), email, "wrong")
        assert answer.status_code == 422
        without_guard = re.sub(r'value="[^"]*"', "", answer.text)
        texts.add(without_guard)
    assert len(texts) == 1
    assert log(pool) == [("sign-in refused", "")] * 2


def test_too_many_attempts_are_not_looked_at_and_look_alike(app: Flask, pool: Pool) -> None:
    person(pool, email="kim@example.org")
    for email in ("kim@example.org", "nobody@example.org"):
        client = app.test_client()
        answers = [sign_in(client, email, "wrong").status_code for _ in range(9)]
        assert answers == [422] * 8 + [429]
    assert sign_in(app.test_client(), "kim@example.org").status_code == 429


def test_attempts_are_counted_while_redis_is_away(pool: Pool) -> None:
    desk = make_desk(settings_of("redis://127.0.0.1:1/0"), pool, QUICK)
    counted = [desk.entrance.throttle.attempt("kim", "127.0.0.1") for _ in range(9)]
    assert counted == [True] * 8 + [False]


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(app: Flask, pool: Pool) -> None:
    person(pool, "dispatcher@pasadena", email="kim@example.org")
    client = app.test_client()
    client.set_cookie(COOKIE, "chosen by somebody else")
    answer = sign_in(client, "kim@example.org", next="/account")
    assert answer.headers["Location"] == "/account"
    cookie = answer.headers.getlist("Set-Cookie")[0]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secret = cookie_of(client)
    assert secret != "chosen by somebody else"
    with pool.connection() as conn:
        kept = conn.execute("select hash from staff_sessions").fetchall()
    assert secret not in str(kept)
    post(client, "/sign-out", "/account")
    client.set_cookie(COOKIE, secret)
    assert client.get("/account").status_code == 302
    assert [what for what, _ in log(pool)] == ["signed in", "signed out"]


@pytest.mark.parametrize("further", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(app: Flask, pool: Pool, further: str) -> None:
    person(pool, "dispatcher@pasadena", email="kim@example.org")
    answer = sign_in(app.test_client(), "kim@example.org", next=further)
    assert answer.headers["Location"] == "/"


def test_a_session_ends_when_idle_when_old_and_when_disabled(app: Flask, pool: Pool) -> None:
    def gone(change: str) -> bool:
        staff_id = person(pool, "dispatcher@pasadena")
        client = app.test_client()
        client.set_cookie(COOKIE, session_of(pool, staff_id))
        with pool.connection() as conn:
            conn.execute(change.encode(), {"id": staff_id})
        return client.get("/account").status_code == 302

    when = "update staff_sessions set {} = now() - interval '9 hours' where staff_id = %(id)s"
    assert not gone("select %(id)s::text")
    assert gone(when.format("seen_at"))
    assert gone(when.format("ends_at"))
    assert gone("update staff set state = 'disabled' where id = %(id)s")


class Phone:
    """The authenticator app."""

    def __init__(self, client: FlaskClient) -> None:
        page = client.get("/account/second-factor").text
        found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
        assert found
        self.totp = pyotp.TOTP(found[1].replace(" ", ""))

    def code(self, steps: int = 0) -> str:
        """The code of now, or of a neighbouring step."""
        return self.totp.at(int(time.time()) + 30 * steps)


def enrol(app: Flask, pool: Pool) -> tuple[FlaskClient, Phone, list[str]]:
    """Somebody who has just switched the second factor on, and the recovery codes."""
    person(pool, "dispatcher@pasadena", email="kim@example.org")
    client = app.test_client()
    sign_in(client, "kim@example.org")
    phone = Phone(client)
    answer = post(client, "/account/second-factor", code=phone.code(-1))
    codes = re.findall(r"<li>([A-Z0-9]{5}-[A-Z0-9]{5})</li>", answer.text)
    return client, phone, codes


def test_a_second_factor_is_asked_for_and_no_code_is_good_twice(app: Flask, pool: Pool) -> None:
    _, phone, codes = enrol(app, pool)
    assert len(codes) == 10
    client = app.test_client()
    answer = sign_in(client, "kim@example.org", next="/account")
    assert answer.headers["Location"] == "/sign-in/code?next=/account"
    half = cookie_of(client)
    assert client.get("/account").status_code == 302
    assert post(client, "/sign-in/code", code="000000").status_code == 422
    code = phone.code()
    done = post(client, "/sign-in/code", code=code, next="/account")
    assert done.headers["Location"] == "/account"
    assert cookie_of(client) != half
    assert client.get("/account").status_code == 200
    again = app.test_client()
    sign_in(again, "kim@example.org")
    assert post(again, "/sign-in/code", code=code).status_code == 422


def test_a_recovery_code_is_good_once_and_kept_as_a_hash(app: Flask, pool: Pool) -> None:
    _, _, codes = enrol(app, pool)
    with pool.connection() as conn:
        kept = conn.execute("select hash from staff_recovery_codes").fetchall()
        sealed: Any = conn.execute("select totp from staff").fetchone()
    assert codes[0] not in str(kept)
    assert Codes(SECRET).words(sealed[0]).replace(" ", "") not in sealed[0]
    for status in (303, 422):
        client = app.test_client()
        sign_in(client, "kim@example.org")
        assert post(client, "/sign-in/code", code=codes[0].lower()).status_code == status


def test_guessing_codes_ends_the_half_way_session(app: Flask, pool: Pool) -> None:
    enrol(app, pool)
    client = app.test_client()
    sign_in(client, "kim@example.org")
    answers = [post(client, "/sign-in/code", code="000000").status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_changing_the_password_changes_this_session_and_ends_the_others(
    app: Flask, pool: Pool
) -> None:
    staff_id = person(pool, "dispatcher@pasadena", email="kim@example.org")
    other = app.test_client()
    other.set_cookie(COOKIE, session_of(pool, staff_id))
    client = app.test_client()
    sign_in(client, "kim@example.org")
    before = cookie_of(client)
    new = "a brand new long password"
    wrong = post(client, "/account/password", "/account", current="no", new=new, again=new)
    assert wrong.status_code == 422
    post(client, "/account/password", "/account", current=PASSWORD, new=new, again=new)
    assert cookie_of(client) != before
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert sign_in(app.test_client(), "kim@example.org", new).status_code == 303


def test_sessions_are_listed_and_ended_one_by_one_and_all(app: Flask, pool: Pool) -> None:
    staff_id = person(pool, "dispatcher@pasadena", email="kim@example.org")
    others = [app.test_client() for _ in range(3)]
    for other in others:
        other.set_cookie(COOKIE, session_of(pool, staff_id))
    client = app.test_client()
    sign_in(client, "kim@example.org")
    page = client.get("/account").text
    ends = re.findall(r'action="(/account/sessions/[^"]+/end)"', page)
    assert len(ends) == 3
    post(client, ends[0], "/account")
    states = [other.get("/account").status_code for other in others]
    assert sorted(states) == [200, 200, 302]
    post(client, "/account/sessions/end-others", "/account")
    assert [other.get("/account").status_code for other in others] == [302] * 3
    assert client.get("/account").status_code == 200


def test_other_sites_and_forms_without_their_guard_are_refused(app: Flask, pool: Pool) -> None:
    client = app.test_client()
    client.set_cookie(COOKIE, session_of(pool, person(pool, "administrator@*")))
    guard = guard_of(client, "/staff")
    form = {"email": "a@b.org", "role": "planner", "city": "*"}
    good = form | {"csrf_token": guard}
    assert client.post("/staff", data=form).status_code == 403
    assert client.post("/sign-in", data={"email": "a", "password": "b"}).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    assert client.post("/staff", data=good, headers=foreign).status_code == 403
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/staff", data=good, headers=cross).status_code == 403
    assert client.post("/staff", data=good).status_code == 200
    header = {"X-CSRFToken": guard}
    assert (
        client.post("/staff", data=form | {"email": "c@d.org"}, headers=header).status_code == 200
    )


def test_the_audit_log_is_only_added_to(pool: Pool) -> None:
    person(pool)
    with pool.connection() as conn:
        record(conn, "looked at")
    for order in ("update audit set what = 'y'", "delete from audit", "truncate audit"):
        with pytest.raises(Exception, match="only added to"), pool.connection() as conn:
            conn.execute(order.encode())


def test_a_seal_of_another_key_opens_nothing() -> None:
    sealed = Codes("one").new()
    assert Codes("another").step_of(sealed, "123456") is None


@pytest.mark.parametrize(("proxies", "address"), [("0", "127.0.0.1"), ("1", "192.0.2.7")])
def test_addresses_that_proxies_tell_count_only_where_there_are_proxies(
    pool: Pool, redis_url: str, proxies: str, address: str
) -> None:
    app = make_app("services.dispatch", secret=SECRET, pool=pool, redis_url=redis_url, expects=())
    guard(app, pool, redis_url, PROXIES=proxies)
    client = app.test_client()
    form = {"email": "a@b.org", "password": "x", "csrf_token": guard_of(client, "/sign-in")}
    client.post("/sign-in", data=form, headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"})
    with pool.connection() as conn:
        assert conn.execute("select address from audit").fetchall() == [(address,)]
