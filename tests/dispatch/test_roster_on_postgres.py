"""The roster as handlers and the API keep it, on a real PostgreSQL."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.dispatch.adapters.postgres_plans import PostgresDirtyCities, PostgresPlans
from services.dispatch.adapters.postgres_rosters import PostgresRosters
from services.dispatch.adapters.roster_desk import roster_desk
from services.dispatch.domain.evening import Team
from services.dispatch.domain.roster.moving import Mover
from services.dispatch.domain.roster.values import Roster
from services.dispatch.planning import Planning, plan_city
from services.dispatch.rostering import (
    Desk,
    Overtaken,
    Unknown,
    add_entry,
    change_entry,
    move_entries,
    remove_entry,
    undo_change,
)
from shared.clock import SystemClock
from shared.db import Pool
from shared.failures import Refused
from shared.inbox import Inbox
from shared.web import LARGEST_BODY
from shared.work import begin
from tests.dispatch.builders import city_fact, make_party, make_team, party_fact, place
from tests.dispatch.hearing import hear
from tests.dispatch.rostered import workbook

CITY = "pasadena"
ROSTER = "/api/v1/cities/pasadena/roster"
TEAMS = [make_team("t1"), make_team("t2", members=("B. Officer",))]


@contextmanager
def desk(pool: Pool, name: str = "Kim Lee") -> Iterator[Desk]:
    with begin(pool, SystemClock()) as work:
        yield roster_desk(work, "kim", name)


def roster(pool: Pool) -> Roster:
    with pool.connection() as conn:
        found = PostgresRosters(conn).read(CITY)
    assert found is not None
    return found[1]


def teams(pool: Pool) -> dict[str, Team]:
    with pool.connection() as conn:
        found = PostgresPlans(conn).evening(CITY)
    assert found is not None
    return {team.id: team for team in found.teams}


def board(pool: Pool) -> tuple[int, bool]:
    """The board's counter, and whether the city waits for a plan."""
    with pool.connection() as conn:
        row: Any = conn.execute("select change from boards where city = %s", (CITY,)).fetchone()
        return row[0], PostgresDirtyCities(conn).read(CITY) is not None


def add(pool: Pool, what: Any, **given: Any) -> str:
    with desk(pool) as opened:
        entry = add_entry(opened, CITY, what, given).entry
    assert entry is not None
    return entry.id


@pytest.fixture
def city(inbox: Inbox, planning: Planning) -> None:
    hear(inbox, city_fact(teams=TEAMS))
    plan_city(planning, CITY)


@pytest.mark.usefixtures("city")
def test_a_person_added_and_moved_makes_a_new_team_for_the_plan(pool: Pool) -> None:
    before = board(pool)
    ann = add(pool, "people", name="Ann", languages="Spanish")
    assert board(pool) == (before[0] + 1, False)
    with desk(pool) as opened:
        done = move_entries(opened, CITY, [Mover("people", ann)], "t1")
    assert done.change is not None
    assert done.change.words == "Moved Ann to Team t1."
    assert teams(pool)["t1"].members == ("A. Officer", "Ann")
    assert board(pool) == (before[0] + 2, True)


@pytest.mark.usefixtures("city")
def test_all_fields_come_back_as_they_were_kept(pool: Pool) -> None:
    car = add(pool, "vehicles", name="Unit 12", kind="Patrol car", seats=4)
    given = {
        "name": "Alpha",
        "vehicle": car,
        "start": {"lat": 34.1, "lon": -118.1},
        "start_name": "Park",
        "end": "34.2, -118.2",
        "opens": "6 pm",
        "closes": "00:30",
        "breaks": ["20:00-20:15"],
        "areas": ["north"],
        "most_stops": 5,
        "kinds": ["police"],
    }
    alpha = add(pool, "teams", **given)
    found = roster(pool).teams[alpha]
    assert (found.opens, found.closes, found.breaks) == (1080, 1470, ((1200, 1215, 15),))
    team = teams(pool)[alpha]
    assert (team.areas, team.most_stops, team.vehicle) == (("north",), 5, "Unit 12")
    assert team.end is not None
    assert [pause.closes - pause.opens for pause in team.breaks] == [timedelta(minutes=15)]


@pytest.mark.usefixtures("city")
def test_areas_and_most_stops_hold_for_the_plan(
    pool: Pool, inbox: Inbox, planning: Planning
) -> None:
    spots = {"p1": "north", "p2": "north", "p3": "south"}
    hear(
        inbox,
        *(
            party_fact(make_party(party, area=area, place=place(n * 0.2)))
            for n, (party, area) in enumerate(spots.items())
        ),
    )
    with desk(pool) as opened:
        version = roster(pool).teams["t2"].version
        remove_entry(opened, CITY, "teams", "t2", version)
        version = roster(pool).teams["t1"].version
        change_entry(opened, CITY, "teams", "t1", {"areas": ["north"], "most_stops": 1}, version)
    plan_city(planning, CITY)
    with pool.connection() as conn:
        found = PostgresPlans(conn).evening(CITY)
    assert found is not None
    (stop,) = found.routes["t1"]
    assert spots[stop.party_id] == "north"


@pytest.mark.usefixtures("city")
def test_who_saw_an_older_version_is_told_what_changed(pool: Pool) -> None:
    seen = roster(pool).teams["t1"].version
    with desk(pool) as opened:
        change_entry(opened, CITY, "teams", "t1", {"name": "Alpha"}, seen)
    with desk(pool, "Lou") as opened, pytest.raises(Overtaken) as late:
        change_entry(opened, CITY, "teams", "t1", {"name": "Beta"}, seen)
    (changed,) = late.value.changed
    assert (changed.field, changed.was, changed.now) == ("name", "Team t1", "Alpha")
    assert changed.by == "Kim Lee"
    assert roster(pool).teams["t1"].name == "Alpha"


@pytest.mark.usefixtures("city")
def test_two_who_move_the_same_person_do_not_both_succeed(pool: Pool) -> None:
    ann = add(pool, "people", name="Ann")
    refused: list[str] = []
    start = threading.Barrier(2)

    def move(to: str) -> None:
        start.wait()
        try:
            with desk(pool) as opened:
                move_entries(opened, CITY, [Mover("people", ann)], to)
        except Overtaken as late:
            refused.append(str(late))

    threads = [threading.Thread(target=move, args=(to,)) for to in ("t1", "t2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert refused[0].startswith("Ann was moved meanwhile and is now in Team t")
    assert sum(ann in crew.members for crew in roster(pool).teams.values()) == 1


@pytest.mark.usefixtures("city")
def test_a_removal_is_undone_and_the_undo_too(pool: Pool) -> None:
    before = teams(pool)
    ann = next(iter(roster(pool).teams["t1"].members))
    with desk(pool) as opened:
        done = remove_entry(opened, CITY, "people", ann, roster(pool).people[ann].version)
    assert done.change is not None
    assert teams(pool)["t1"].members == ()
    with desk(pool) as opened:
        back = undo_change(opened, CITY, done.change.version)
    assert back.change is not None
    assert (back.change.words, back.change.undoes) == ("Undone: Removed A. Officer.", 3 - 1)
    assert teams(pool) == before
    with desk(pool) as opened, pytest.raises(Overtaken, match="undone already"):
        undo_change(opened, CITY, done.change.version)
    with desk(pool) as opened:
        undo_change(opened, CITY, back.change.version)
    assert ann not in roster(pool).people


@pytest.mark.usefixtures("city")
def test_the_history_says_who_did_what_when(pool: Pool) -> None:
    add(pool, "people", name="Ann")
    with desk(pool) as opened:
        newest, first = opened.rosters.changes(CITY)
    assert (newest.actor_name, newest.words, newest.verb) == ("Kim Lee", "Added Ann.", "added")
    assert (newest.deltas[0].before, newest.deltas[0].name) == (None, "Ann")
    assert (first.verb, first.can_be_undone) == ("file", False)


@pytest.mark.usefixtures("city")
def test_a_change_that_changes_nothing_leaves_no_trace(pool: Pool) -> None:
    version, before = roster(pool).version, board(pool)
    with desk(pool) as opened:
        done = change_entry(opened, CITY, "teams", "t1", {"name": "Team t1"}, version)
    assert done.change is None
    assert (roster(pool).version, board(pool)) == (version, before)


@pytest.mark.usefixtures("city")
def test_what_is_not_there_is_said_so(pool: Pool) -> None:
    with desk(pool) as opened, pytest.raises(Unknown):
        add_entry(opened, "elsewhere", "people", {"name": "Ann"})
    with desk(pool) as opened, pytest.raises(Unknown):
        change_entry(opened, CITY, "people", "nobody", {}, 9)
    with desk(pool) as opened, pytest.raises(Unknown):
        move_entries(opened, CITY, [Mover("people", "nobody")], "t1")
    with desk(pool) as opened, pytest.raises(Refused) as refused:
        add_entry(opened, CITY, "people", {"name": "", "group": "pirate"})
    assert set(refused.value.fields) == {"name", "group"}


def test_a_newer_city_file_leaves_what_was_edited_here(
    inbox: Inbox, pool: Pool, city: None
) -> None:
    with desk(pool) as opened:
        version = roster(pool).teams["t1"].version
        change_entry(opened, CITY, "teams", "t1", {"name": "Alpha"}, version)
    assert roster(pool).kept_since is not None
    newer = [make_team("t1", name="Beta", kinds=("fire",)), make_team("t3")]
    hear(inbox, city_fact(teams=newer, revision=2))
    found = teams(pool)
    assert list(found) == ["t1", "t3"]
    assert (found["t1"].name, found["t1"].kinds) == ("Alpha", ("fire",))
    hear(inbox, city_fact(teams=newer, revision=3))
    assert teams(pool) == found


def test_a_city_from_before_the_roster_has_its_teams(inbox: Inbox, pool: Pool, city: None) -> None:
    with pool.connection() as conn:
        for table in ("people", "vehicles", "teams", "changes"):
            conn.execute(f"delete from roster_{table}".encode())
        conn.execute("delete from rosters")
    before = teams(pool)
    assert [crew.name for crew in roster(pool).teams.values()] == ["Team t1", "Team t2"]
    add(pool, "people", name="Ann")
    assert teams(pool) == before
    assert {p.name for p in roster(pool).people.values()} == {"A. Officer", "B. Officer", "Ann"}


# --- the API ---


def test_the_api_adds_changes_moves_removes_and_undoes(client: httpx.Client, city: None) -> None:
    made = client.post(f"{ROSTER}/people", json={"name": "Ann", "languages": ["Spanish"]})
    assert made.status_code == 201
    ann = made.json()["entry"]
    assert (ann["languages"], ann["group"]) == (["es"], "officer")
    patched = client.patch(
        f"{ROSTER}/people/{ann['id']}", json={"call_sign": "7", "seen": ann["version"]}
    )
    assert patched.json()["entry"]["call_sign"] == "7"
    late = client.patch(f"{ROSTER}/people/{ann['id']}", json={"name": "B", "seen": ann["version"]})
    assert late.status_code == 409
    assert late.headers["content-type"] == "application/problem+json"
    assert late.json()["changed"][0]["field"] == "call_sign"
    move = {"move": [{"what": "people", "id": ann["id"], "from": ""}], "to": "t1"}
    assert client.post(f"{ROSTER}/moves", json=move).json()["words"] == "Moved Ann to Team t1."
    assert client.post(f"{ROSTER}/moves", json=move).status_code == 409
    team = client.get(f"{ROSTER}/teams/t1").json()
    assert (team["members"][-1], team["shift"]) == (ann["id"], "6:00–10:00 PM")
    path, version = f"{ROSTER}/people/{ann['id']}", patched.json()["version"]
    gone = client.request("DELETE", path, params={"seen": version}, json={})
    back = client.post(f"{ROSTER}/changes/{gone.json()['version']}/undo", json={})
    assert back.json()["words"] == "Undone: Removed Ann."
    changes = client.get(f"{ROSTER}/changes").json()["changes"]
    assert [change["verb"] for change in changes[:2]] == ["undone", "removed"]
    assert changes[0]["by"] == "Kim Lee"


def test_the_api_tells_what_a_team_brings_and_what_is_wrong(
    client: httpx.Client, inbox: Inbox, city: None
) -> None:
    hear(inbox, party_fact(make_party("p1", wanted=("fire",))))
    answer = client.get(ROSTER)
    body = answer.json()
    assert body["counts"] == ["2 teams", "2 officers"]
    assert body["conflicts"][0]["words"] == "1 party asks for Fire engine, and no team brings it."
    assert body["teams"][0]["brings"] == ["police"]
    same = client.get(ROSTER, headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/people", {"name": ""}, 422),
        ("POST", "/people", ["no", "object"], 400),
        ("PATCH", "/teams/t1", {"name": "A"}, 422),
        ("PATCH", "/teams/none", {"name": "A", "seen": 1}, 404),
        ("POST", "/moves", {"move": []}, 422),
        ("POST", "/moves", {"move": [{"what": "teams", "id": "t1"}]}, 422),
        ("POST", "/changes/99/undo", {}, 404),
        ("DELETE", "/teams/t1?seen=x", {}, 422),
        ("POST", "/dragons", {}, 404),
    ],
)
def test_the_api_refuses_what_makes_no_sense(
    client: httpx.Client, city: None, method: str, path: str, body: object, status: int
) -> None:
    answer = client.request(method, ROSTER + path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


# --- the import's pages ---


@pytest.fixture
def post(client: httpx.Client) -> Callable[..., httpx.Response]:
    """Posts a form with its guard."""

    def send(path: str, data: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        page = client.get("/pasadena/roster/import").text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        form = {"csrf_token": token, **(data or {})}
        return client.post(f"/pasadena/roster{path}", data=form, follow_redirects=True, **more)

    return send


def upload(post: Callable[..., httpx.Response], data: bytes, name: str = "r.xlsx") -> str:
    """The address of the preview."""
    answer = post("/import", files={"file": (name, data)})
    assert answer.status_code == 200
    return answer.url.path.removeprefix("/pasadena/roster")


def test_an_import_is_looked_at_then_used_and_undone_as_one(
    post: Callable[..., httpx.Response], pool: Pool, city: None, client: httpx.Client
) -> None:
    rows = [["Who", "Tongue", "Squad"], ["Ann", "Spanish", "Team t1"], ["<b>Bo", "Klingonish", ""]]
    path = upload(post, workbook([["A title"], *rows]))
    page = client.get(f"/pasadena/roster{path}").text
    assert "Say which column holds the name." in page
    chosen = {
        **{"what": "people", "sheet": "0", "header": "2", "read_as": "0/people"},
        **{"column_0": "name", "column_1": "languages", "column_2": "team"},
    }
    looked = post(path, chosen)
    assert "2 rows: 1 new, 1 with errors." in looked.text
    assert "&lt;b&gt;Bo" in looked.text
    assert "Ann" not in {person.name for person in roster(pool).people.values()}
    errors = post(f"{path}/errors.csv", chosen)
    assert "Klingonish" in errors.text
    assert errors.headers["content-disposition"].startswith("attachment")
    used = post(path, {**chosen, "apply": "1"})
    assert "<b>Imported.</b> 2 rows: 1 new, 1 with errors." in used.text
    assert teams(pool)["t1"].members == ("A. Officer", "Ann")
    again = upload(post, workbook([["A title"], *rows]))
    assert "1 the same" in client.get(f"/pasadena/roster{again}").text  # columns remembered
    with desk(pool) as opened:
        undo_change(opened, CITY, opened.rosters.changes(CITY)[0].version)
    assert teams(pool)["t1"].members == ("A. Officer",)


def test_a_file_is_taken_up_to_the_limit_that_the_page_names(
    post: Callable[..., httpx.Response], city: None
) -> None:
    many = [["Name", "Remarks"], *([f"Person {n}", "x" * 490] for n in range(1900))]
    rows = "\n".join(",".join(row) for row in many).encode()
    assert len(rows) > 3 * LARGEST_BODY
    path = upload(post, rows, "people.csv")
    assert path.startswith("/import/")
    book = workbook(
        [["Name", "Remarks"], *([f"P{n}", secrets.token_hex(240)] for n in range(1900))]
    )
    assert len(book) > 2 * LARGEST_BODY
    assert upload(post, book).startswith("/import/")
    more = post("/import", files={"file": ("big.csv", b"Name\n" * 900_000)})
    assert (more.status_code, "larger than 4 MB" in more.text) in ((422, True), (413, False))


def test_a_file_that_is_none_is_refused_on_the_page(
    post: Callable[..., httpx.Response], city: None
) -> None:
    answer = post("/import", files={"file": ("x.xlsx", b"PK\x03\x04nonsense")})
    assert answer.status_code == 422
    assert "no XLSX that we can read" in answer.text


def test_exports_and_duty_sheets_are_there(client: httpx.Client, city: None) -> None:
    text = client.get("/pasadena/roster/export-people.csv").text
    assert "A. Officer,officer,,,,Team t1" in text
    assert client.get("/pasadena/roster/export.xlsx").content[:2] == b"PK"
    sheets = client.get("/pasadena/roster/print", params={"team": "t2"}).text
    assert "B. Officer" in sheets
    assert "A. Officer" not in sheets
    assert client.get("/elsewhere/roster").status_code == 404
