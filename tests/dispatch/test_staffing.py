"""Dispatch says who is in which team and how they are reached, and again when it changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from services.dispatch.adapters.acting import acting_of
from services.dispatch.adapters.postgres_rosters import PostgresRosters
from services.dispatch.adapters.roster_desk import roster_desk
from services.dispatch.domain.actions import Details, Kind
from services.dispatch.domain.roster.moving import Mover
from services.dispatch.domain.roster.values import Person, Roster
from services.dispatch.handlers.acting import Order, take
from services.dispatch.handlers.staffing import say_staffed
from services.dispatch.importing import exported
from services.dispatch.rostering import Desk, add_entry, move_entries, remove_entry
from shared.clock import SystemClock
from shared.contracts.team import TeamMember, TeamStaffed
from shared.db import Pool
from shared.failures import Refused
from shared.ids import new_id
from shared.inbox import Inbox
from shared.work import begin
from tests.dispatch.builders import city_fact, make_team
from tests.dispatch.fakes import FakePublisher, FakeStaffing
from tests.dispatch.hearing import hear, said
from tests.dispatch.rostered import make_crew, make_roster

CITY = "pasadena"
ANN = {"name": "Ann", "phone": "(626) 555-0137", "email": "ann@Example.org"}


@contextmanager
def desk(pool: Pool) -> Iterator[Desk]:
    with begin(pool, SystemClock()) as work:
        yield roster_desk(work, "kim", "Kim Lee")


@pytest.fixture
def city(inbox: Inbox) -> None:
    hear(inbox, city_fact(teams=[make_team("t1"), make_team("t2", members=("B. Officer",))]))


def add(pool: Pool, **given: Any) -> str:
    with desk(pool) as opened:
        entry = add_entry(opened, CITY, "people", given).entry
    assert entry is not None
    return entry.id


def roster(pool: Pool) -> Roster:
    with pool.connection() as conn:
        found = PostgresRosters(conn).read(CITY)
    assert found is not None
    return found[1]


def told(pool: Pool) -> list[tuple[str, int, list[str]]]:
    """Team, revision and members of each fact, in order."""
    return [
        (fact.subject, fact.revision, [member.name for member in fact.data.members])
        for fact in said(pool, TeamStaffed)
    ]


@pytest.mark.usefixtures("city")
def test_a_city_without_contacts_says_nothing_and_with_the_first_one_all(pool: Pool) -> None:
    add(pool, name="Bo")
    assert told(pool) == []
    ann = add(pool, **ANN, message_language="Spanish")
    assert told(pool) == [("t1", 1, ["A. Officer"]), ("t2", 1, ["B. Officer"])]
    with desk(pool) as opened:
        move_entries(opened, CITY, [Mover("people", ann)], "t1")
    assert told(pool)[2:] == [("t1", 2, ["A. Officer", "Ann"])]
    fact = said(pool, TeamStaffed)[-1].data
    assert fact.members[-1] == TeamMember(ann, "Ann", "+16265550137", "ann@example.org", "es")
    assert (fact.team_name, fact.page_url) == ("Team t1", "")


@pytest.mark.usefixtures("city")
def test_a_team_that_goes_is_said_to_have_nobody(pool: Pool, inbox: Inbox) -> None:
    add(pool, **ANN)
    with desk(pool) as opened:
        remove_entry(opened, CITY, "teams", "t2", roster(pool).teams["t2"].version)
    assert told(pool)[2:] == [("t2", 2, [])]
    hear(inbox, city_fact(teams=[make_team("t1", members=("C. New",))], revision=2))
    assert told(pool)[3:] == [("t1", 2, ["C. New"])]


@pytest.mark.usefixtures("city")
def test_a_team_that_is_split_tonight_is_said_with_its_part(pool: Pool) -> None:
    ann = add(pool, **ANN)
    with desk(pool) as opened:
        move_entries(opened, CITY, [Mover("people", ann)], "t1")
    with begin(pool, SystemClock()) as work:
        take(acting_of(work), CITY, Order(new_id(), Kind.OPEN_NIGHT))
    split = Order(new_id(), Kind.SPLIT_TEAM, "t1", details=Details(members=("Ann",)))
    with begin(pool, SystemClock()) as work:
        take(acting_of(work), CITY, split)
    (rest, part) = said(pool, TeamStaffed)[3:]
    assert (rest.subject, [m.name for m in rest.data.members]) == ("t1", ["A. Officer"])
    assert [m.phone for m in part.data.members] == ["+16265550137"]


def test_of_two_of_one_name_the_team_s_own_is_meant() -> None:
    twins = [Person("1", "Ann", phone="+16265550137"), Person("2", "Ann", phone="+16265550138")]
    found = make_roster(*twins, make_crew("c", members=("2",)))
    publisher = FakePublisher()
    say_staffed(FakeStaffing(found, [make_team("c", members=("Ann",))]), publisher, CITY)
    (fact,) = publisher.of(TeamStaffed)
    assert [member.officer_id for member in fact.members] == ["2"]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "12", "must be a telephone number"),
        ("phone", "626-555-0137 x12", "without an extension"),
        ("email", "ann@", "must be a full address"),
        ("message_language", "Klingonish", "write a language"),
    ],
)
def test_what_cannot_reach_anybody_is_refused(
    pool: Pool, field: str, value: str, words: str
) -> None:
    with desk(pool) as opened, pytest.raises(Refused) as refused:
        add_entry(opened, CITY, "people", {"name": "Ann", field: value})
    assert words in refused.value.fields[field][0]


@pytest.mark.usefixtures("city")
def test_the_page_shows_and_the_export_holds_how_somebody_is_reached(
    pool: Pool, client: httpx.Client
) -> None:
    ann = add(pool, **ANN, message_language="es")
    page = client.get(f"/{CITY}/roster/people/{ann}").text
    for words in ('value="•••• 37"', 'value="a…@example.org"', 'value="Spanish"'):
        assert words in page
    header, *rows = exported(roster(pool), "people").rows
    row = next(dict(zip(header, row, strict=True)) for row in rows if "Ann" in row)
    assert (row["Phone"], row["Message language"]) == ("+16265550137", "es")


def _guard_of(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


@pytest.mark.usefixtures("city")
def test_a_look_at_contacts_is_noted_and_a_mask_sent_back_changes_nothing(
    pool: Pool, client: httpx.Client
) -> None:
    ann = add(pool, **ANN)
    path = f"/{CITY}/roster/people/{ann}"
    guard = {"csrf_token": _guard_of(client.get(path).text)}
    shown = client.post(f"{path}/contacts", data=guard)
    assert 'value="+16265550137"' in shown.text
    assert f'action="{path}" class="sheet"' in shown.text  # the form goes where it always goes
    assert shown.headers["Cache-Control"] == "no-store"
    api = f"/api/v1/cities/{CITY}/roster/people/{ann}"
    assert client.get(api).json()["phone"] == "•••• 37"
    asked = client.post(f"{api}/contacts", json={}).json()
    assert asked == {"phone": "+16265550137", "email": "ann@example.org"}
    with pool.connection() as conn:
        said = conn.execute("select what, object from audit order by id").fetchall()
    assert said[-2:] == [("contact revealed", "Ann, roster")] * 2
    masked = guard | {"seen": "9", "name": "Anna", "phone": "•••• 37", "email": "a…@example.org"}
    assert client.post(path, data=masked).status_code == 303
    person = roster(pool).people[ann]
    assert (person.name, person.phone, person.email) == ("Anna", *asked.values())
    new = guard | {"seen": "9", "phone": "626 555 0199"}
    assert client.post(path, data=new).status_code == 303
    assert roster(pool).people[ann].phone == "+16265550199"
    late = client.patch(api, json={"phone": "626 555 0111", "seen": 1})
    assert late.status_code == 409
    assert "+1626" not in late.text
    assert "•••• 99" in late.text
