"""The console's pages, API and event stream, on a real server and a real PostgreSQL."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from services.dispatch.console.hub import Hub
from shared.db import Pool
from shared.inbox import Inbox
from tests.dispatch.builders import city_fact, make_city, make_party, party_fact
from tests.dispatch.hearing import hear
from tests.waiting import eventually


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """Server-sent events, one dictionary each; comments under the empty name."""
    event: dict[str, str] = {}
    for line in lines:
        if not line:
            yield event
            event = {}
            continue
        name, _, value = line.partition(": ")
        event[name] = value


def changes(lines: Iterator[str]) -> Iterator[int]:
    return (int(e["id"]) for e in events(lines) if e.get("event") == "change")


def test_the_root_leads_to_the_only_city(
    client: httpx.Client, pasadena: Callable[..., None]
) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (302, "/pasadena")


def test_the_root_lists_cities_and_helps_while_there_is_none(
    client: httpx.Client, inbox: Inbox
) -> None:
    assert "No city has been set up yet" in client.get("/").text
    hear(inbox, city_fact(), city_fact(make_city(id="dallas", name="Dallas")))
    page = client.get("/").text
    assert 'href="/dallas"' in page
    assert 'href="/pasadena"' in page


def test_the_first_paint_needs_no_script(
    client: httpx.Client, pasadena: Callable[..., None]
) -> None:
    pasadena("p1")
    page = client.get("/pasadena").text
    assert "Party p1" in page
    assert "Host was told" in page
    assert "Refresh" in page
    assert re.search(r"<script(?![^>]*src=)", page) is None
    assert " style=" not in page
    assert " onclick" not in page


@pytest.mark.parametrize("page", ["", "/plan", "/roster"])
def test_night_plan_and_roster_lead_to_each_other(
    client: httpx.Client, pasadena: Callable[..., None], page: str
) -> None:
    pasadena("p1")
    found = client.get(f"/pasadena{page}").text
    for path, words in (("", "Night"), ("/plan", "Plan"), ("/roster", "Roster")):
        at_home = path == page == "/plan"
        assert at_home or re.search(rf'href="/pasadena{path}"[^>]*>{words}</a>', found)


def test_markup_in_a_party_s_name_stays_text(client: httpx.Client, inbox: Inbox) -> None:
    party = make_party(name="<script>alert(1)</script>", no_visit=True)
    hear(inbox, city_fact(), party_fact(party))
    page = client.get("/pasadena").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_unknown_city_is_a_page_and_in_the_api_a_problem(client: httpx.Client) -> None:
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "There is no city" in page.text
    answer = client.get("/api/v1/cities/nowhere/board")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "There is no city 'nowhere'."


def test_the_board_has_a_tag_that_saves_reading_it_again(
    client: httpx.Client, pasadena: Callable[..., None]
) -> None:
    pasadena("p1")
    first = client.get("/api/v1/cities/pasadena/board")
    assert first.json()["planned"] == 1
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get("/api/v1/cities/pasadena/board", headers=again).status_code == 304
    pasadena("p2", plan=False)
    second = client.get("/api/v1/cities/pasadena/board", headers=again)
    assert second.status_code == 200
    assert second.json()["waiting"] == 1


def test_plan_and_route_can_be_read(client: httpx.Client, pasadena: Callable[..., None]) -> None:
    pasadena("p1")
    plan = client.get("/api/v1/cities/pasadena/plan").json()
    assert (plan["version"], plan["visited"], plan["unvisited"]) == (1, 1, 0)
    route = client.get("/api/v1/cities/pasadena/teams/t1/route").json()
    assert [stop["party_id"] for stop in route["stops"]] == ["p1"]
    assert client.get("/api/v1/cities/pasadena/teams/t9/route").status_code == 404


def test_a_change_reaches_an_open_stream(
    client: httpx.Client, pasadena: Callable[..., None]
) -> None:
    shown = client.get("/api/v1/cities/pasadena/board").json()["change"]
    with client.stream("GET", f"/pasadena/events?since={shown}") as stream:
        heard = changes(stream.iter_lines())
        pasadena("p1", plan=False)
        assert next(heard) == shown + 1
        pasadena(plan=True)
        assert next(heard) == shown + 2


def test_a_stream_resumes_where_it_was_lost(
    client: httpx.Client, pasadena: Callable[..., None], hub: Hub
) -> None:
    seen = client.get("/api/v1/cities/pasadena/board").json()["change"]
    pasadena("p1")
    newest = client.get("/api/v1/cities/pasadena/board").json()["change"]
    eventually(lambda: hub.change("pasadena"), newest)
    late = {"Last-Event-ID": str(seen)}
    with client.stream("GET", "/pasadena/events", headers=late) as stream:
        assert next(changes(stream.iter_lines())) == newest
    with client.stream("GET", "/pasadena/events", headers={"Last-Event-ID": str(newest)}) as stream:
        alive = next(e for e in events(stream.iter_lines()) if e.get("event"))
        assert alive["event"] == "alive"
        assert '"listening":true' in alive["data"]


def test_a_stream_says_when_the_database_is_away_and_catches_up(
    client: httpx.Client, pasadena: Callable[..., None], hub: Hub, pool: Pool
) -> None:
    eventually(lambda: hub.change("pasadena") > 0)
    with client.stream("GET", f"/pasadena/events?since={hub.change('pasadena')}") as stream:
        heard = events(stream.iter_lines())
        signs = (e["data"] for e in heard if e.get("event") == "alive")
        assert '"listening":true' in next(signs)
        with pool.connection() as conn:
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'test-hub' and datname = current_database()"
            )
        assert '"listening":false' in next(signs)
        assert '"listening":true' in next(signs)
        pasadena("p1", plan=False)
        assert next(e["event"] for e in heard) == "change"
