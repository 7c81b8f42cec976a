"""What holds for every endpoint of registration, the ones of tomorrow among them.

The endpoints are read from the application itself, so that a new one is tried without being named.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from services.registration.adapters.links import Links
from services.registration.main.access import ACCESS
from services.registration.main.web import make_web
from services.registration.settings import Settings
from shared.access import Door, Row, row_for
from shared.grants import ROLES
from shared.tokens import issue
from tests.entering import sign_in
from tests.looks import LOOKS
from tests.registration.builders import answered, body, city_text
from tests.registration.conftest import SECRET, Service

HERE, ELSEWHERE = "pasadena", "dallas"
NOBODY = str(UUID(int=0))
READS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON = {"Content-Type": "application/json"}
SHUT = frozenset({401, 403, 404})
PHONE = re.compile(r"626\)?\W{0,2}555\W{0,2}0123")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)
UNLIKE = frozenset({"pages.send_link"})
"""Answers the same to everybody, whatever is asked."""


@pytest.fixture
def party(service: Service) -> dict[str, str]:
    """A party of this city, with another city beside it."""
    service.add_city(city_text(slug=ELSEWHERE, name="Dallas"))
    service.app.extensions["desk"].cities.forget()
    made = service.client.post(f"/api/v1/cities/{HERE}/parties", json=body())
    return answered(made)


def endpoints(service: Service, *doors: Door) -> Iterator[tuple[Rule, Row, str]]:
    """Every rule behind these doors, with its row and each of its methods."""
    for rule in service.app.url_map.iter_rules():
        row = row_for(ACCESS, rule.endpoint)
        assert row is not None, f"{rule.endpoint} has no row in main/access.py"
        if row.door in doors:
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield rule, row, method


def path_of(rule: Rule, party: dict[str, str], **changed: str) -> str:
    """The rule's path with the party's own values in it, or with others."""
    known = {"city": HERE, "token": party["api_url"].rpartition("/")[2], "party_id": party["id"]}
    known |= changed
    values: dict[str, object] = {}
    for name in rule.arguments:
        values[name] = known.get(name, 1 if f"<int:{name}>" in rule.rule else NOBODY)
        if choice := re.search(rf"<any\((\w+)[^)]*\):{name}>", rule.rule):
            values[name] = choice[1]
    _, path = rule.build(values, append_unknown=False) or ("", "")
    return path


def is_shut(answer: TestResponse) -> bool:
    """Refused, or sent to sign in."""
    asked_in = answer.status_code in (302, 303) and "/pass?" in answer.headers["Location"]
    return answer.status_code in SHUT or asked_in


def staff(service: Service, *roles: str) -> FlaskClient:
    """A browser in which somebody with these roles is signed in."""
    client = service.client
    sign_in(client, "registration", SECRET, *roles)
    return client


def test_every_endpoint_about_a_city_names_it_or_is_for_all(
    service: Service, party: dict[str, str]
) -> None:
    rules = list(endpoints(service, *(set(Door) - {Door.PUBLIC, Door.OWN})))
    assert len(rules) > 10, party["id"]
    for rule, row, _ in rules:
        assert (row.door is Door.CITY) == ("city" in rule.arguments), rule.endpoint
        assert row.roles <= set(ROLES), rule.endpoint


def test_whoever_has_not_signed_in_is_shut_out_of_everything_for_staff(
    service: Service, party: dict[str, str]
) -> None:
    doors = set(Door) - {Door.PUBLIC, Door.OWN, Door.SEALED}
    open_ = [
        f"{method} {rule}"
        for rule, _, method in endpoints(service, *doors)
        if not is_shut(service.client.open(path_of(rule, party), method=method, headers=JSON))
    ]
    assert open_ == []


def test_the_staff_and_the_tokens_of_another_city_open_nothing_of_this_one(
    service: Service, party: dict[str, str]
) -> None:
    other = staff(service, *(f"{role}@{ELSEWHERE}" for role in ROLES))
    bearers = [{"Authorization": f"Bearer {issue(SECRET, r, ELSEWHERE, 1)}"} for r in ROLES]
    open_ = []
    for rule, _, method in endpoints(service, Door.CITY, Door.EVERY_CITY):
        path = path_of(rule, party)
        if not is_shut(other.open(path, method=method, headers=JSON)):
            open_.append(f"{method} {rule} to staff")
        for bearer in bearers:
            answer = service.client.open(path, method=method, headers=JSON | bearer)
            open_ += [] if is_shut(answer) else [f"{method} {rule} to a token"]
    path = f"/api/v1/cities/{HERE}/parties"
    assert {service.client.get(path, headers=bearer).status_code for bearer in bearers} == {403}
    assert open_ == []


def test_staff_reaches_no_party_of_another_city_by_its_id(
    service: Service, party: dict[str, str]
) -> None:
    other = staff(service, *(f"{role}@{ELSEWHERE}" for role in ROLES))
    guard = _guard(other, f"/staff/{ELSEWHERE}/import")
    before = service.ask("select document from parties")
    found = []
    for rule, _, method in endpoints(service, Door.CITY):
        if "party_id" not in rule.arguments:
            continue
        path = path_of(rule, party, city=ELSEWHERE)
        answer = other.open(path, method=method, data={"csrf_token": guard})
        assert answer.status_code < 500, f"{method} {path}"
        if party["code"] in answer.text or answer.status_code == 200:
            found.append(f"{method} {rule}")
    assert found == []
    assert service.ask("select document from parties") == before


def test_a_role_that_the_table_does_not_name_is_shut_out(
    service: Service, party: dict[str, str]
) -> None:
    open_ = []
    for role in sorted(set(ROLES) - {"administrator"}):
        client = staff(service, f"{role}@*")
        for rule, row, method in endpoints(service, Door.CITY, Door.SOME_CITY, Door.EVERY_CITY):
            answer = client.open(path_of(rule, party), method=method, headers=JSON)
            if role not in row.roles and not is_shut(answer):
                open_.append(f"{method} {rule} to {role}")
    assert open_ == []


def test_every_form_of_staff_needs_its_guard(service: Service, party: dict[str, str]) -> None:
    everybody = staff(service, *(f"{role}@*" for role in ROLES))
    doors = set(Door) - {Door.PUBLIC, Door.OWN, Door.SEALED}
    forms = [(r, m) for r, row, m in endpoints(service, *doors) if m not in READS]
    assert len(forms) > 3
    for rule, method in forms:
        answer = everybody.open(path_of(rule, party), method=method, data={"a": "b"})
        assert answer.status_code == 403, f"{method} {rule}"
        foreign = {"Origin": "https://evil.example"}
        answer = everybody.open(path_of(rule, party), method=method, json={}, headers=foreign)
        assert answer.status_code == 403, f"{method} {rule}"


def test_no_form_of_a_host_does_anything_without_its_guard(
    service: Service, party: dict[str, str]
) -> None:
    before = service.ask("select document from parties"), service.said()
    for rule, _, method in endpoints(service, Door.OWN):
        if rule.endpoint.startswith("pages.") and method not in READS:
            answer = service.client.open(path_of(rule, party), method=method, data=body())
            assert answer.status_code < 500, rule
            assert answer.status_code in (302, 303, 403, 422), f"{method} {rule}"
    assert (service.ask("select document from parties"), service.said()) == before


def test_every_page_has_a_strict_policy_and_nothing_that_needs_a_looser_one(
    service: Service, party: dict[str, str]
) -> None:
    everybody = staff(service, *(f"{role}@*" for role in ROLES))
    pages = 0
    for rule, _, method in endpoints(service, *(set(Door) - {Door.SEALED})):
        if method != "GET" or rule.endpoint.endswith("static"):
            continue
        answer = everybody.get(path_of(rule, party))
        assert answer.status_code < 500 or rule.endpoint == "readyz", rule
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy or "default-src 'none'" in policy, rule
        assert "unsafe" not in policy, rule
        assert answer.headers["X-Content-Type-Options"] == "nosniff", rule
        if answer.mimetype == "text/html":
            pages += 1
            assert INLINE.search(answer.text) is None, rule
    assert pages > 8


def test_cookies_are_for_our_own_pages_over_https_only(
    database: Callable[[str], str], service: Service, party: dict[str, str]
) -> None:
    environ = service.environ | {"REGISTRATION_URL": "https://register.example"}
    safe = make_web(Settings.read(environ), service.pool).test_client()
    set_: list[str] = []
    for path in (f"/{HERE}", f"/staff/{HERE}/import", "/enter?pass=x"):
        set_ += safe.get(path, base_url="https://register.example").headers.getlist("Set-Cookie")
    draft = safe.post(f"/{HERE}/draft", data=_hidden(safe.get(f"/{HERE}").text) | {"name": "a"})
    set_ += draft.headers.getlist("Set-Cookie")
    assert len(set_) >= 3, party["id"]
    for cookie in set_:
        assert "Secure" in cookie, cookie
        assert "HttpOnly" in cookie, cookie
        assert "SameSite=Lax" in cookie, cookie


def test_a_link_that_is_none_of_ours_gets_one_answer_everywhere(
    service: Service, party: dict[str, str]
) -> None:
    true = party["api_url"].rpartition("/")[2]
    wrong = (
        "x",
        true[:-9] + ("A" if true[-9] != "A" else "B") + true[-8:],
        Links("another secret", "http://localhost").token(party["id"]),
        Links(SECRET, "http://localhost").token(NOBODY),
    )
    for rule, _, method in endpoints(service, Door.OWN):
        if "token" not in rule.arguments or rule.endpoint in UNLIKE or method == "HEAD":
            continue
        guard = {"csrf_token": _guard(client := service.client, f"/{HERE}")}
        answers = set()
        for token in wrong:
            path = path_of(rule, party, token=token)
            body_ = {} if path.startswith("/api/") else None
            data = None if path.startswith("/api/") else guard
            answer = client.open(path, method=method, json=body_, data=data)
            answers.add((answer.status_code, _without_guard(answer.text)))
        assert len(answers) == 1, f"{method} {rule}"
        assert answers.pop()[0] in (404, 405), f"{method} {rule}"


def test_a_private_link_opens_nothing_under_another_city(
    service: Service, party: dict[str, str]
) -> None:
    for rule, _, method in endpoints(service, Door.OWN):
        if {"token", "city"} <= rule.arguments:
            client = service.client
            guard = {"csrf_token": _guard(client, f"/{HERE}")}
            path = path_of(rule, party, city=ELSEWHERE)
            answer = client.open(path, method=method, data=guard)
            assert answer.status_code in (404, 405), f"{method} {rule}"


def test_no_endpoint_takes_more_than_it_needs(service: Service, party: dict[str, str]) -> None:
    everybody = staff(service, *(f"{role}@*" for role in ROLES))
    guard = _guard(everybody, f"/staff/{HERE}/import")
    for rule, _, method in endpoints(service, *(set(Door) - {Door.SEALED})):
        if method in READS | {"DELETE"} or rule.endpoint.endswith(".upload"):
            continue
        data = {"csrf_token": guard, "file": "x" * 600_000}
        answer = everybody.open(path_of(rule, party), method=method, data=data)
        ignored = answer.status_code == 200 and rule.endpoint == "party.restore"
        shut = answer.status_code in (302, 303, 400, 403, 404, 413, 415, 422)
        assert shut or ignored, f"{method} {rule}"


def test_a_list_of_megabytes_is_taken_and_larger_ones_are_refused(
    service: Service, party: dict[str, str]
) -> None:
    everybody = staff(service, *(f"{role}@*" for role in ROLES))
    guard = _guard(everybody, f"/staff/{HERE}/import")
    for size, fits in ((1024**2, True), (25 * 1024**2, False)):
        file = (BytesIO(b"Address,Remarks\n" + b"1 Elm St,x\n" * (size // 11)), "list.csv")
        data = {"csrf_token": guard, "file": file}
        answer = everybody.post(f"/staff/{HERE}/import", data=data)
        assert (answer.status_code == 303) == fits, answer.text
        assert fits or answer.status_code in (413, 422)


def test_whatever_shows_a_number_to_staff_is_in_the_audit_log(
    service: Service, party: dict[str, str]
) -> None:
    everybody = staff(service, *(f"{role}@*" for role in ROLES))
    guard = _guard(everybody, f"/staff/{HERE}/import")
    unnoted, seen, shown = [], 0, set()
    doors = (Door.CITY, Door.SOME_CITY, Door.EVERY_CITY, Door.SIGNED_IN)
    for rule, _, method in endpoints(service, *doors):
        if method == "HEAD":
            continue
        before = service.count("audit")
        sent = {} if method == "GET" else {"csrf_token": guard}
        answer = everybody.open(path_of(rule, party), method=method, data=sent)
        if PHONE.search(answer.text):
            seen += 1
            shown.add(rule.endpoint)
            if service.count("audit") == before:
                unnoted.append(f"{method} {rule}")
    bearer = service.bearer("planner", HERE)
    before = service.count("audit")
    listed = service.client.get(f"/api/v1/cities/{HERE}/parties", headers=bearer)
    assert PHONE.search(listed.text)
    assert service.count("audit") == before + 1
    assert unnoted == []
    assert shown <= set(LOOKS["registration"])


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def _guard(client: FlaskClient, path: str) -> str:
    return _hidden(client.get(path).text).get("csrf_token", "")


def _without_guard(page: str) -> str:
    return re.sub(r'(name="csrf_token" value=")[^"]*|/party/[^"/?]+|/parties/[^"/?]+', r"\1", page)
