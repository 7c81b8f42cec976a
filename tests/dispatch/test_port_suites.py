"""One suite per port, run on the fake and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest

from services.dispatch.adapters.advisory_lock import AdvisoryLock
from services.dispatch.adapters.postgres_ledger import PostgresBoards, PostgresLedger
from services.dispatch.adapters.postgres_plans import PostgresDirtyCities, PostgresPlans
from services.dispatch.ports.heard import HeardParty, Ledger, Message
from services.dispatch.ports.planning import Boards, DirtyCities, PlanningLock, Plans
from shared.db import connect
from tests.dispatch.builders import NOON, make_city, make_evening, make_party, make_team
from tests.dispatch.fakes import FakeLock, FakeWorld, withdrawn
from tests.dispatch.plans import after, plan


@dataclass
class Ports:
    """The ports under test, around one memory or one transaction."""

    ledger: Ledger
    dirty: DirtyCities
    boards: Boards
    plans: Plans


@pytest.fixture(params=["fake", "postgres"])
def ports(request: pytest.FixtureRequest) -> Iterator[Ports]:
    if request.param == "fake":
        world = FakeWorld()
        yield Ports(world.ledger, world.dirty, world.boards, world.plans)
        return
    with connect(request.getfixturevalue("url"), "test") as conn, conn.transaction():
        stores = (PostgresLedger(conn), PostgresDirtyCities(conn), PostgresBoards(conn))
        yield Ports(*stores, PostgresPlans(conn))


def heard(*parties: str, revision: int = 1) -> list[HeardParty]:
    return [HeardParty(make_party(party), revision, f"c{revision}") for party in parties]


def test_a_city_comes_back_as_it_was_kept(ports: Ports) -> None:
    teams = (make_team("t2", kinds=("fire", "police")), make_team("t1"))
    city = make_city(areas={"east": "East Pasadena"})
    assert ports.ledger.keep_city(city, teams, 1)
    assert ports.plans.evening("pasadena") == make_evening(teams=teams, city=city)
    assert ports.plans.evening("elsewhere") is None


def test_only_a_higher_revision_replaces_a_city(ports: Ports) -> None:
    assert ports.ledger.keep_city(make_city(), (make_team(),), 2)
    assert not ports.ledger.keep_city(make_city(name="Old"), (), 1)
    assert not ports.ledger.keep_city(make_city(name="Same"), (), 2)
    assert ports.ledger.keep_city(make_city(name="New"), (), 3)
    found = ports.plans.evening("pasadena")
    assert found is not None
    assert (found.city.name, found.teams) == ("New", ())


def test_parties_come_back_as_they_were_kept(ports: Ports) -> None:
    ports.ledger.keep_city(make_city(), (), 1)
    given = {"wanted": ("fire", "police"), "materials": ("home_safety",)}
    lost = HeardParty(make_party("p2", place=None, **given), 1, "c")
    assert ports.ledger.keep_parties("pasadena", [*heard("p1"), lost]) == 2
    found = ports.plans.evening("pasadena")
    assert found is not None
    assert found.parties == (make_party("p1"), lost.party)


def test_only_a_higher_revision_replaces_a_party(ports: Ports) -> None:
    ports.ledger.keep_city(make_city(), (), 1)
    assert ports.ledger.keep_parties("pasadena", heard("p1", revision=2)) == 1
    assert ports.ledger.keep_parties("pasadena", heard("p1", revision=1)) == 0
    assert ports.ledger.keep_parties("pasadena", heard("p1", revision=2)) == 0
    assert ports.plans.correlations("pasadena", {"p1", "p2"}) == {"p1": "c2"}


def test_withdrawn_parties_take_no_part(ports: Ports) -> None:
    ports.ledger.keep_city(make_city(), (), 1)
    gone = HeardParty(withdrawn(make_party("p2")), 1, "c")
    ports.ledger.keep_parties("pasadena", [*heard("p1"), gone])
    found = ports.plans.evening("pasadena")
    assert found is not None
    assert [party.id for party in found.parties] == ["p1"]


def test_a_message_is_kept_once_and_success_outlives_failure(ports: Ports) -> None:
    failed = Message("m1", "p1", "window", "sms", "no route", NOON)
    sent = replace(failed, fault="")
    assert ports.ledger.keep_messages("pasadena", [failed]) == 1
    assert ports.ledger.keep_messages("pasadena", [failed]) == 0
    assert ports.ledger.keep_messages("pasadena", [sent]) == 1
    assert ports.ledger.keep_messages("pasadena", [failed, sent]) == 0


def test_dirt_keeps_its_first_moment_and_raises_its_generation(ports: Ports) -> None:
    ports.dirty.mark("pasadena", NOON)
    first = ports.dirty.read("pasadena")
    ports.dirty.mark("pasadena", NOON + timedelta(seconds=9))
    second = ports.dirty.read("pasadena")
    assert first is not None
    assert second is not None
    assert first.since == second.since == NOON
    assert second.generation > first.generation


def test_dirt_is_cleared_only_by_whoever_saw_all_of_it(ports: Ports) -> None:
    ports.dirty.mark("pasadena", NOON)
    seen = ports.dirty.read("pasadena")
    assert seen is not None
    ports.dirty.mark("pasadena", NOON)
    assert not ports.dirty.clear("pasadena", seen.generation)
    newest = ports.dirty.read("pasadena")
    assert newest is not None
    assert ports.dirty.clear("pasadena", newest.generation)
    assert ports.dirty.read("pasadena") is None
    ports.dirty.mark("pasadena", NOON)
    assert not ports.dirty.clear("pasadena", newest.generation)


def test_only_known_cities_wait_the_longest_first(ports: Ports) -> None:
    for number, city in enumerate(("pasadena", "dallas", "unknown")):
        ports.dirty.mark(city, NOON - timedelta(seconds=number))
        if city != "unknown":
            ports.ledger.keep_city(make_city(id=city), (), 1)
    assert list(ports.dirty.waiting()) == ["dallas", "pasadena"]


def test_a_plan_comes_back_in_the_next_evening(ports: Ports) -> None:
    ports.ledger.keep_city(make_city(), (make_team(),), 1)
    ports.ledger.keep_parties("pasadena", heard("p1", "p2"))
    before = ports.plans.evening("pasadena")
    assert before is not None
    assert ports.plans.made_at("pasadena") is None
    made = plan(before)
    ports.plans.keep("pasadena", made)
    assert ports.plans.evening("pasadena") == after(before, made)
    assert ports.plans.made_at("pasadena") == NOON


def test_a_later_plan_replaces_only_what_it_changes(ports: Ports) -> None:
    ports.ledger.keep_city(make_city(), (make_team(),), 1)
    for parties in (("p1",), ("p2", "p3")):
        ports.ledger.keep_parties("pasadena", heard(*parties))
        found = ports.plans.evening("pasadena")
        assert found is not None
        ports.plans.keep("pasadena", plan(found))
    found = ports.plans.evening("pasadena")
    assert found is not None
    assert found.version == 2
    assert {stop.party_id for stop in found.routes["t1"]} == {"p1", "p2", "p3"}
    assert plan(found).changes_nothing


def test_boards_take_any_number_of_changes(ports: Ports) -> None:
    ports.boards.changed("pasadena", NOON)
    ports.boards.changed("pasadena", NOON, trouble="Something is wrong.")
    ports.boards.changed("pasadena", NOON, trouble="")


@pytest.fixture(params=["fake", "postgres"])
def lock(request: pytest.FixtureRequest) -> PlanningLock:
    if request.param == "fake":
        return FakeLock()
    return AdvisoryLock(partial(connect, request.getfixturevalue("url"), "test"))


def test_a_city_s_planning_lock_is_held_by_one_at_a_time(lock: PlanningLock) -> None:
    with lock.hold("pasadena") as first, lock.hold("pasadena") as second:
        assert (first, second) == (True, False)
        with lock.hold("dallas") as other:
            assert other
    with lock.hold("pasadena") as again:
        assert again
