"""Planning from heard facts to said facts, on a real PostgreSQL."""

import random
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.dispatch.adapters.postgres_plans import PostgresDirtyCities, PostgresPlans
from services.dispatch.planning import Planning, plan_city
from services.dispatch.worker import Sweep
from shared.contracts.party import PartyAmended, PartyWithdrawn
from shared.contracts.route import PlanPublished, RouteUpdated
from shared.contracts.visit import VisitScheduled, VisitUnscheduled
from shared.db import Pool
from shared.inbox import Inbox
from tests.dispatch.builders import at, city_fact, make_party, make_team, party_fact, place
from tests.dispatch.fakes import FakeLock
from tests.dispatch.hearing import hear, said

TEAMS = (make_team("t1"), make_team("t2", kinds=("fire",)))


def evening(pool: Pool) -> Any:
    with pool.connection() as conn:
        return PostgresPlans(conn).evening("pasadena")


def dirty(pool: Pool) -> bool:
    with pool.connection() as conn:
        return PostgresDirtyCities(conn).read("pasadena") is not None


def test_a_registered_party_is_visited_and_everybody_hears_of_it(
    inbox: Inbox, pool: Pool, planning: Planning, hinted: list[str]
) -> None:
    hear(inbox, city_fact(teams=TEAMS), party_fact(make_party()))
    assert plan_city(planning, "pasadena") == 1
    assert hinted == ["pasadena", "pasadena"]
    (visit,) = said(pool, VisitScheduled)
    assert (visit.subject, visit.revision, visit.correlation) == ("p1", 1, "because-p1")
    assert visit.data.window.opens <= visit.data.arrives_at <= visit.data.window.closes
    (route,) = said(pool, RouteUpdated)
    assert [stop.party_id for stop in route.data.stops] == ["p1"]
    (plan,) = said(pool, PlanPublished)
    assert (plan.data.version, plan.data.parties, plan.data.visited) == (1, 1, 1)
    assert not dirty(pool)


def test_a_plan_that_changes_nothing_says_nothing(
    inbox: Inbox, pool: Pool, planning: Planning
) -> None:
    hear(inbox, city_fact(teams=TEAMS), party_fact(make_party()))
    plan_city(planning, "pasadena")
    before = len(said(pool))
    hear(inbox, party_fact(make_party(people=500), 2, kind=PartyAmended))
    plan_city(planning, "pasadena")
    assert len(said(pool)) == before
    assert not dirty(pool)


def test_facts_in_any_order_and_twice_end_in_the_same_state(
    inbox: Inbox, pool: Pool, planning: Planning
) -> None:
    parties = [make_party(f"p{n}", place=place(n % 5, n // 5)) for n in range(20)]
    facts = [city_fact(teams=TEAMS)]
    facts += [party_fact(p) for p in parties]
    facts += [party_fact(replace(p, name="New"), 2, kind=PartyAmended) for p in parties]
    facts += [party_fact(p, 3, kind=PartyWithdrawn) for p in parties[:5]]
    random.Random(7).shuffle(facts)
    for first in range(0, len(facts), 7):
        hear(inbox, *facts[first : first + 7])
        hear(inbox, *facts[first : first + 7])
        plan_city(planning, "pasadena")
    found = evening(pool)
    assert {p.id for p in found.parties} == {p.id for p in parties[5:]}
    assert {p.name for p in found.parties} == {"New"}
    stops = [stop.party_id for route in found.routes.values() for stop in route]
    assert sorted(stops) == sorted(p.id for p in parties[5:])


def test_a_party_heard_before_its_city_waits_for_it(
    inbox: Inbox, pool: Pool, planning: Planning, hinted: list[str]
) -> None:
    hear(inbox, party_fact(make_party()))
    assert plan_city(planning, "pasadena") == 0
    assert dirty(pool)
    Sweep(pool, hinted.append)()
    assert hinted == ["pasadena"]
    hear(inbox, city_fact(teams=TEAMS))
    assert plan_city(planning, "pasadena") == 1
    assert len(said(pool, VisitScheduled)) == 1


def test_a_lost_hint_is_swept_up_again_and_again_with_growing_patience(
    inbox: Inbox, pool: Pool
) -> None:
    hear(inbox, city_fact(teams=TEAMS))
    times: list[float] = []
    now = 0.0
    sweep = Sweep(pool, lambda city: times.append(now), clock=lambda: now)
    for second in range(20):
        now = float(second)
        sweep()
    assert times == [0, 1, 3, 7, 15]
    hear(inbox, party_fact(make_party()))
    sweep()
    assert times[-1] == 19


def test_a_city_that_is_being_planned_is_not_swept(
    inbox: Inbox, pool: Pool, planning: Planning, hinted: list[str]
) -> None:
    hear(inbox, city_fact(teams=TEAMS))
    hinted.clear()
    sweep = Sweep(pool, hinted.append)
    with planning.lock.hold("pasadena"):
        sweep()
    assert hinted == []
    sweep()
    assert hinted == ["pasadena"]


def test_a_withdrawn_party_leaves_its_route_and_the_others_keep_theirs(
    inbox: Inbox, pool: Pool, planning: Planning
) -> None:
    parties = [make_party(f"p{n}", place=place(n)) for n in range(4)]
    hear(inbox, city_fact(teams=TEAMS[:1]), *(party_fact(p) for p in parties))
    plan_city(planning, "pasadena")
    before = [stop.party_id for stop in evening(pool).routes["t1"]]
    gone = before[1]
    hear(inbox, party_fact(parties[int(gone[1])], 2, kind=PartyWithdrawn))
    plan_city(planning, "pasadena")
    before.remove(gone)
    assert [stop.party_id for stop in evening(pool).routes["t1"]] == before
    (left,) = said(pool, VisitUnscheduled)
    assert (left.subject, left.data.reason, left.revision) == (gone, "withdrawn", 2)


def test_what_was_told_gets_a_new_revision_only_when_it_changes(
    inbox: Inbox, pool: Pool, planning: Planning
) -> None:
    hear(inbox, city_fact(teams=TEAMS[:1]), party_fact(make_party("p1", place=place(3))))
    plan_city(planning, "pasadena")
    hear(inbox, party_fact(make_party("p2", place=place(3.1))))
    plan_city(planning, "pasadena")
    assert [v.subject for v in said(pool, VisitScheduled)] == ["p1", "p2"]
    late = make_party("p1", place=place(3), window=replace(make_party().window, opens=at(180)))
    hear(inbox, party_fact(late, 2, kind=PartyAmended))
    plan_city(planning, "pasadena")
    last = said(pool, VisitScheduled)[-1]
    assert (last.subject, last.revision) == ("p1", 2)
    assert last.data.window.opens == at(180)


def test_two_planners_at_once_make_one_plan(inbox: Inbox, pool: Pool, planning: Planning) -> None:
    parties = [make_party(f"p{n:02}", place=place(n % 6 * 0.4, n // 6 * 0.4)) for n in range(24)]
    hear(inbox, city_fact(teams=TEAMS), *(party_fact(p) for p in parties))
    started = threading.Barrier(4)

    def plan() -> None:
        started.wait()
        plan_city(planning, "pasadena")

    threads = [threading.Thread(target=plan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said(pool, PlanPublished)) == 1
    assert len(said(pool, VisitScheduled)) == 24


def test_a_planner_that_lost_its_lock_and_was_overtaken_stores_nothing(
    inbox: Inbox, pool: Pool, planning: Planning
) -> None:
    hear(inbox, city_fact(teams=TEAMS), party_fact(make_party("p1")))

    class Overtaken:
        def plan(self, problem: Any) -> Any:
            plan_city(planning, "pasadena")
            return planning.planner.plan(problem)

    plan_city(replace(planning, lock=FakeLock(), planner=Overtaken()), "pasadena")
    assert len(said(pool, PlanPublished)) == 1
    assert not dirty(pool)


def test_what_comes_while_planning_is_absorbed_by_the_same_task(
    inbox: Inbox, pool: Pool, planning: Planning
) -> None:
    hear(inbox, city_fact(teams=TEAMS), party_fact(make_party("p1")))
    late = party_fact(make_party("p2"))

    class Interrupted:
        def __init__(self) -> None:
            self.calls = 0

        def plan(self, problem: Any) -> Any:
            self.calls += 1
            if self.calls == 1:
                hear(inbox, late)
            return planning.planner.plan(problem)

    rounds = plan_city(replace(planning, planner=Interrupted(), settle=timedelta(0)), "pasadena")
    assert rounds == 2
    assert [v.subject for v in said(pool, VisitScheduled)] == ["p1", "p2"]
    assert not dirty(pool)


def test_cities_are_strictly_apart(inbox: Inbox, pool: Pool, planning: Planning) -> None:
    hear(inbox, city_fact(teams=TEAMS), party_fact(make_party(), city="elsewhere"))
    plan_city(planning, "pasadena")
    assert said(pool, VisitScheduled) == []
    assert evening(pool).parties == ()
