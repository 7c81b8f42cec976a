"""A planner's list on the real database: found, filtered, changed, undone, by the pages."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.ids import new_id
from tests.entering import sign_in
from tests.registration.builders import body
from tests.registration.conftest import SECRET, Service

LIST = "/staff/pasadena/parties"


@pytest.fixture
def planner(service: Service) -> FlaskClient:
    """A planner's browser."""
    client = service.client
    sign_in(client, "registration", SECRET, "planner@pasadena", name="Kim Lee")
    return client


def enter(service: Service, **changes: Any) -> str:
    """Register a party by the API; its id."""
    given = body(**({"phone": None, "email": f"{new_id()}@example.org"} | changes))
    answer = service.client.post("/api/v1/cities/pasadena/parties", json=given)
    assert answer.status_code == 201, answer.text
    return str(service.ask("select id from parties order by id desc limit 1")[0][0])


def send(client: FlaskClient, path: str, status: int = 303, **fields: Any) -> TestResponse:
    """Send a form with its guard, as a page would."""
    page = client.get(f"{LIST}/new").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    answer = client.post(path, data={"csrf_token": token[1], **fields})
    assert answer.status_code == status, answer.text
    return answer


def revision(service: Service, party_id: str) -> int:
    return int(service.ask("select revision from parties where id = %s", party_id)[0][0])


def detail(service: Service, party_id: str, *path: str) -> Any:
    query = "select document #> %s from parties where id = %s"
    return service.ask(query, list(path), party_id)[0][0]


def step(client: FlaskClient, service: Service, party_id: str, name: str, **fields: Any) -> None:
    send(client, f"{LIST}/{party_id}/{name}", revision=revision(service, party_id), **fields)


def test_the_list_finds_by_name_address_host_code_and_digits(
    service: Service, planner: FlaskClient
) -> None:
    enter(service, name="Oak Grove", host_name="Bo Diaz", phone="(626) 555-0177")
    enter(service, name="Elm Row", address="12 Elm St", host_name="Cy Young")
    code = service.ask("select code from parties where document #>> '{details,name}' = 'Elm Row'")
    for words in ("oak gr", "bo diaz", "555-0177", "0177"):
        page = planner.get(LIST, query_string={"q": words}).text
        assert re.findall("Oak Grove</a>|Elm Row</a>", page) == ["Oak Grove</a>"], words
    assert "Elm Row" in planner.get(LIST, query_string={"q": code[0][0].lower()}).text
    assert "No party fits" in planner.get(LIST, query_string={"q": "' or 1=1 --%"}).text


WISHES: list[tuple[dict[str, str], dict[str, Any]]] = [
    ({"place": "missing"}, {"lat": None, "lon": None}),
    ({"area": "north"}, {"area": "north"}),
    ({"visit": "unwanted"}, {"wanted": [], "no_visit": True}),
    ({"wanted": "fire_engine"}, {"wanted": ["fire_engine"]}),
    ({"language": "es"}, {"language": "es"}),
    ({"closure": "wanted"}, {"closure": True}),
    ({"materials": "home_safety"}, {"materials": ["home_safety"]}),
    ({"doubles": "yes"}, {"address": "500 block of N Maple St", "lat": 34.2}),
]


def test_every_filter_keeps_what_fits_and_nothing_else(
    service: Service, planner: FlaskClient
) -> None:
    enter(service, name="Plain", address="9 Far Rd", host_name="Zoe", lat=34.1)
    for number, (_, changes) in enumerate(WISHES):
        apart = {"address": f"{number}00 Lone Rd", "host_name": f"H {number}"}
        apart |= {"lat": 34.12 + number / 500}
        enter(service, name=f"Sought {number}", **(apart | changes))
    enter(service, name="Sought 7", address="512 N Maple Street", host_name="Una", lat=34.22)
    for number, (wish, _) in enumerate(WISHES):
        page = planner.get(LIST, query_string=wish).text
        shown = set(re.findall(r">(Sought \d|Plain)</a>", page))
        assert shown == {f"Sought {number}"}, wish
    for wish in ({"source": "host"}, {"confirmed": "unknown"}, {"state": "registered"}):
        assert "<strong>10 fit.</strong>" in planner.get(LIST, query_string=wish).text
    for wish in ({"source": "import"}, {"late": "yes"}, {"note": "yes"}, {"visit": "planned"}):
        assert "No party fits" in planner.get(LIST, query_string=wish).text


def test_contacts_are_masked_and_a_look_at_them_is_noted(
    service: Service, planner: FlaskClient
) -> None:
    party = enter(service, phone="(626) 555-0177", email="secret@example.org")
    for page in (planner.get(LIST).text, planner.get(f"{LIST}/{party}").text):
        assert "555-0177" not in page
        assert "+16265550177" not in page
        assert "secret@" not in page
    shown = send(planner, f"{LIST}/{party}/contact", 200)
    assert "(626) 555-0177" in shown.text
    noted = service.ask("select actor, what from audit")
    assert noted == [("Kim Lee", "contact revealed")]


def test_a_party_taken_in_by_phone_keeps_the_consent_as_it_was_said(
    service: Service, planner: FlaskClient
) -> None:
    form = {"name": "By phone", "address": "1 Elm St", "starts_at": "18:00", "ends_at": "20:00"}
    form |= {"host_name": "Ana", "phone": "(626) 555-0101", "sms_consent": "yes", "note": "Called"}
    sent = send(planner, f"{LIST}/new", **form)
    page = planner.get(sent.headers["Location"]).text
    assert "Said by phone: I agree" in page
    assert "Taken in by phone" in page
    assert "Kim Lee" in page
    assert "Called" in page
    assert service.said()[-1].startswith("party.registered")


def test_what_hosts_may_not_needs_a_reason(service: Service, planner: FlaskClient) -> None:
    form = {"name": "At noon", "address": "1 Elm St", "starts_at": "12:00", "ends_at": "13:00"}
    refused = send(planner, f"{LIST}/new", 422, **form)
    assert "Please give the host’s name, or a reason below." in refused.text
    sent = send(planner, f"{LIST}/new", why="A school that has no evening", **form)
    assert "A school that has no evening" in planner.get(sent.headers["Location"]).text


def test_a_change_on_an_outdated_page_shows_what_changed(
    service: Service, planner: FlaskClient
) -> None:
    party = enter(service)
    step(planner, service, party, "area", value="north")
    late = send(planner, f"{LIST}/{party}/withdraw", 409, revision=1)
    assert "The party was changed meanwhile." in late.text
    assert "Area: none → North" in late.text
    assert detail(service, party, "state") == "registered"


def test_history_names_who_and_undoes_one_change(service: Service, planner: FlaskClient) -> None:
    party = enter(service)
    step(planner, service, party, "area", value="north")
    step(planner, service, party, "confirmed")
    page = planner.get(f"{LIST}/{party}").text
    assert "Kim Lee" in page
    assert "Area: none → North" in page
    send(planner, f"{LIST}/{party}/undo/2")
    assert detail(service, party, "details", "area") == ""
    assert detail(service, party, "confirmed") == "yes"
    refused = send(planner, f"{LIST}/{party}/undo/2", 422)
    assert "area was changed again since" in refused.text


def test_undoing_a_withdrawal_brings_the_party_back(service: Service, planner: FlaskClient) -> None:
    party = enter(service)
    step(planner, service, party, "withdraw")
    send(planner, f"{LIST}/{party}/undo/2")
    assert detail(service, party, "state") == "registered"
    said = [kind.removesuffix(".v1") for kind in service.said()]
    assert said[-3:] == ["party.registered", "party.withdrawn", "party.amended"]


def test_a_closure_is_decided_with_a_note_and_says_nothing_to_others(
    service: Service, planner: FlaskClient
) -> None:
    party = enter(service, closure=True)
    before = len(service.said())
    step(planner, service, party, "closure", value="granted", why="Fire lane stays free")
    assert detail(service, party, "closure_state") == "granted"
    assert "Fire lane stays free" in planner.get(f"{LIST}/{party}").text
    assert len(service.said()) == before


def test_a_bulk_change_is_previewed_done_and_undone_row_by_row(
    service: Service, planner: FlaskClient
) -> None:
    one, two, gone = enter(service, name="One"), enter(service, name="Two"), enter(service)
    step(planner, service, gone, "withdraw")
    said = len(service.said())
    asked = {"kind": "confirmed", "party": [one, two, gone]}
    preview = send(planner, "/staff/pasadena/bulk/preview", 200, **asked)
    assert "would change 2 of 3 parties" in preview.text
    assert "it is withdrawn" in preview.text
    assert revision(service, one) == 1
    sent = send(planner, "/staff/pasadena/bulk", kind="withdraw", ids=f"{one} {two} {gone}")
    result = sent.headers["Location"]
    assert "2 done, 1 unchanged, 0 refused" in planner.get(result).text
    assert len(service.said()) == said + 2
    step(planner, service, two, "restore")
    sheet = planner.get(f"{result}.csv").text.splitlines()
    assert sheet[0] == "code,party,outcome,why"
    assert len(sheet) == 4
    undone = send(planner, f"{result}/undo")
    page = planner.get(undone.headers["Location"]).text
    assert "1 done, 0 unchanged, 1 refused" in page
    assert "state was changed again since" in page
    assert detail(service, one, "state") == "registered"
    send(planner, f"{result}/undo", 422)


def test_a_bulk_change_of_all_that_fit_leaves_the_others(
    service: Service, planner: FlaskClient
) -> None:
    inside, outside = enter(service, closure=True), enter(service)
    asked = {"kind": "note", "note": "Ask the works", "whole": "yes", "list-closure": "wanted"}
    preview = send(planner, "/staff/pasadena/bulk/preview", 200, **asked).text
    assert "would change 1 of 1 party" in preview
    sent = send(planner, "/staff/pasadena/bulk", kind="note", note="Ask the works", ids=inside)
    assert "Ask the works" in planner.get(f"{LIST}/{inside}").text
    assert "Ask the works" not in planner.get(f"{LIST}/{outside}").text
    assert "1 note" in planner.get(LIST).text
    send(planner, sent.headers["Location"] + "/undo")
    page = planner.get(f"{LIST}/{inside}").text
    notes, history = page.split('id="notes"')[1].split('id="history"')
    assert "No notes." in notes
    assert "Kim Lee: took back a note together with others" in history
    assert "<del>Ask the works</del>" in history
    assert "1 note" not in planner.get(LIST).text
    assert inside not in planner.get(LIST, query_string={"note": "yes"}).text


def test_a_page_after_the_last_leads_to_the_last(service: Service, planner: FlaskClient) -> None:
    enter(service, closure=True)
    beyond = planner.get(LIST, query_string={"closure": "wanted", "page": "9"})
    assert beyond.headers["Location"] == f"{LIST}?closure=wanted"


def test_navigation_offers_what_the_reader_may_open(service: Service) -> None:
    reader = service.client
    sign_in(reader, "registration", SECRET, "dispatcher@pasadena")
    page = reader.get(LIST).text
    for part, offered in (("held", True), ("doubles", True), ("import", False), ("places", False)):
        assert (f'href="/staff/pasadena/{part}"' in page) is offered, part
        assert (reader.get(f"/staff/pasadena/{part}").status_code == 200) is offered, part


def test_the_form_speaks_to_staff_of_the_host(service: Service, planner: FlaskClient) -> None:
    party = enter(service)
    for path in (f"{LIST}/new", f"{LIST}/{party}/change"):
        page = planner.get(path).text
        assert "<legend>The host</legend>" in page
        assert not re.findall(r"\b[Yy]ou\b|(?<!data-)\b[Yy]ours?\b", page)
        assert 'autocomplete="tel"' not in page  # it would offer the planner's own


def test_two_parties_are_merged_and_parted(service: Service, planner: FlaskClient) -> None:
    one = enter(service, name="Maple St", phone="(626) 555-0177", people=10)
    other = enter(service, name="Maple Street party", phone="(626) 555-0177", people=60)
    doubles = planner.get("/staff/pasadena/doubles").text
    assert "1 pair of parties" in doubles
    assert "same block, same host" in doubles
    path = f"/staff/pasadena/doubles/{one}/{other}"
    assert "Both have the same contact." in planner.get(path).text
    fields = {"one": 1, "other": 1, "keep": "one", "field-people": "other", "link_leads": "yes"}
    send(planner, path, **fields)
    assert detail(service, one, "details", "people") == 60
    assert detail(service, other, "state") == "withdrawn"
    links = service.app.extensions["desk"].links
    led = service.client.get(f"/pasadena/party/{links.token(other)}")
    assert led.headers["Location"] == f"/pasadena/party/{links.token(one)}"
    merge = service.ask("select id from merges")[0][0]
    send(planner, f"/staff/pasadena/merges/{merge}/undo")
    assert detail(service, one, "details", "people") == 10
    assert detail(service, other, "state") == "registered"
    send(planner, f"{path}/apart")
    assert "No pair of parties" in planner.get("/staff/pasadena/doubles").text


def test_a_merge_that_a_later_change_touched_stays(service: Service, planner: FlaskClient) -> None:
    one, other = enter(service, people=10), enter(service, people=60)
    path = f"/staff/pasadena/doubles/{one}/{other}"
    send(planner, path, one=1, other=1, keep="one", **{"field-people": "other"})
    step(planner, service, other, "restore")
    merge = service.ask("select id from merges")[0][0]
    send(planner, f"/staff/pasadena/merges/{merge}/undo", 422)
    assert detail(service, one, "details", "people") == 60


def test_a_host_is_asked_whether_a_party_like_it_is_his(service: Service) -> None:
    enter(service, name="Secret name", host_name="Hidden Host", phone="(626) 555-0177")
    client = service.client
    page = client.get("/pasadena").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {k: str(v) for k, v in body().items() if k not in ("wanted", "lat", "lon")}
    form |= {"csrf_token": token[1], "host_name": "Somebody", "phone": "(626) 555-0199"}
    form |= {"starts_at": "2027-08-03T18:30-07:00", "ends_at": "2027-08-03T20:30-07:00"}
    asked = client.post("/pasadena", data=form)
    assert asked.status_code == 200
    assert "Is this your party?" in asked.text
    assert "Secret name" not in asked.text
    assert "Hidden Host" not in asked.text
    assert client.post("/pasadena", data=form | {"another": "yes"}).status_code == 303
    elsewhere = {"address": "9 Elsewhere Rd", "phone": "(626) 555-0177", "email": ""}
    assert client.post("/pasadena", data=form | elsewhere).status_code == 303


def test_the_list_stays_quick_to_page_through_many(service: Service, planner: FlaskClient) -> None:
    party = enter(service, name="Party 000")
    service_sql = (
        "insert into parties (id, city, code, revision, state, received_at, changed_at, document)"
        " select gen_random_uuid(), city, 'X' || n, 1, state, received_at + %s * n, changed_at,"
        " document from parties, generate_series(1, 120) n where id = %s returning 1"
    )
    with service.pool.connection() as conn:
        conn.execute(service_sql, (timedelta(seconds=1), party))
    first = planner.get(LIST).text
    assert "Page 1 of 3" in first
    assert first.count('name="party"') == 50
    last = planner.get(LIST, query_string={"page": 3}).text
    assert last.count('name="party"') == 21
