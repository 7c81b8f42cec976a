"""Planning while the evening runs, by the planner's own re-plan, on a real PostgreSQL."""

from datetime import timedelta

import pytest

from services.dispatch.domain.evening import Window
from services.dispatch.handlers.acting import Stale
from shared.contracts.night import NightOpened, NightResumed
from shared.contracts.party import PartyWithdrawn
from shared.contracts.visit import VisitEnRoute, VisitRescheduled, VisitScheduled, VisitUnscheduled
from shared.db import Pool
from tests.dispatch.builders import at, make_party, party_fact, place
from tests.dispatch.evening import CITY, Running, ring, two_teams
from tests.dispatch.hearing import hear, said


@pytest.fixture
def night(url: str, pool: Pool) -> Running:
    """Eight parties and two teams, planned and opened."""
    running = Running(url, pool)
    running.set_up(ring(8), two_teams())
    running.do("open_night")
    running.plan()
    return running


def test_opening_the_night_sends_the_teams_out_and_changes_no_promise(
    night: Running, pool: Pool
) -> None:
    assert len(said(pool, NightOpened)) == 1
    assert len(said(pool, VisitEnRoute)) == 2
    assert said(pool, VisitRescheduled) == []
    assert night.proposal() is None


def test_a_team_at_a_call_leads_to_a_proposal_that_waits_for_an_answer(
    night: Running, pool: Pool
) -> None:
    before = night.evening()
    night.do("to_call", "t1")
    night.plan()
    proposal = night.proposal()
    assert proposal is not None
    assert proposal.needs_answer
    assert {change.promised for change in proposal.changes} == {True}
    assert all("is not available" in change.reason for change in proposal.changes)
    assert proposal.loss.unmade == len(before.routes["t1"])
    assert night.evening().routes == before.routes
    night.accept(proposal.id)
    assert night.route("t1") == []
    assert set(night.route("t2")) >= {stop.party_id for stop in before.routes["t2"]}
    assert night.proposal() is None
    told = said(pool, VisitRescheduled) + said(pool, VisitUnscheduled)
    assert {one.data.party_id for one in told} >= {s.party_id for s in before.routes["t1"]}


@pytest.mark.parametrize("rest", ["to_call", "break_start"])
def test_a_team_that_is_busy_elsewhere_is_expected_nowhere_before_now(
    night: Running, rest: str
) -> None:
    night.clock.pass_by(240)
    night.do(rest, "t1")
    shown = night.shown()
    team = next(team for team in shown["teams"] if team["id"] == "t1")
    assert all(stop["expected_at"] >= shown["now"] for stop in team["stops"])
    assert team["late_seconds"] > 0


def test_a_proposal_made_on_an_old_version_is_refused_and_made_anew(night: Running) -> None:
    night.do("to_call", "t1")
    night.plan()
    first = night.proposal()
    assert first is not None
    night.do("arrived", "t2")
    with pytest.raises(Stale):
        night.accept(first.id)
    night.plan()
    second = night.proposal()
    assert second is not None
    assert second.base_version > first.base_version
    night.accept(second.id)


def test_a_team_back_from_its_call_takes_the_proposal_away(night: Running) -> None:
    before = night.evening().routes
    taken = night.do("to_call", "t1")
    night.plan()
    assert night.proposal()
    night.undo(taken)
    night.plan()
    assert night.proposal() is None
    order = {team: [stop.party_id for stop in stops] for team, stops in before.items()}
    assert {team: night.route(team) for team in order} == order


def test_a_walk_up_party_is_taken_in_at_once_where_no_promise_changes(night: Running) -> None:
    spot = place(1.0, 1.5)
    window = Window(at(30), at(240))
    taken = night.do("add_party", place=spot, window=window, name="Walk-up on Elm")
    night.plan()
    party = taken.entry.action.party
    assert party in night.route("t1") + night.route("t2")
    assert night.proposal() is None


def test_the_next_stop_of_a_moving_team_never_changes_by_itself(night: Running) -> None:
    first = {team: night.route(team)[0] for team in ("t1", "t2")}
    for n in range(4):
        night.do("add_party", place=place(0.1 * n, 0.1), window=Window(at(0), at(60)))
    night.plan()
    assert {team: night.route(team)[0] for team in ("t1", "t2")} == first


def test_what_is_done_stays_and_its_host_hears_nothing_new(night: Running, pool: Pool) -> None:
    first, second = night.route("t1")[:2]
    night.clock.pass_by(60)
    night.do("arrived", "t1")
    night.clock.pass_by(30)
    night.do("left", "t1")
    night.plan()
    assert night.route("t1")[:2] == [first, second]
    heard = [one.subject for one in said(pool) if isinstance(one.data, VisitRescheduled)]
    assert first not in heard


def test_a_party_that_withdraws_makes_room(night: Running, pool: Pool) -> None:
    gone = night.route("t1")[-1]
    party = next(p for p in ring(8) if p.id == gone)
    hear(night.inbox, party_fact(party, 2, kind=PartyWithdrawn))
    night.plan()
    assert gone not in night.route("t1") + night.route("t2")
    (fact,) = said(pool, VisitUnscheduled)
    assert (fact.subject, fact.data.reason) == (gone, "withdrawn")


def test_a_held_area_is_left_out_and_comes_back(url: str, pool: Pool) -> None:
    running = Running(url, pool)
    parties = [make_party(f"p{n}", place=place(n), area="north" if n > 2 else "") for n in range(6)]
    running.set_up(parties, two_teams())
    running.do("open_night")
    running.plan()
    running.do("hold_night", areas=("north",), reason="A storm.")
    running.plan()
    if proposal := running.proposal():
        running.accept(proposal.id)
    moving = {running.route(team)[0] for team in ("t1", "t2") if running.route(team)}
    on = set(running.route("t1") + running.route("t2"))
    assert not (on - moving) & {"p3", "p4", "p5"}
    running.do("resume_night")
    running.plan()
    assert {"p3", "p4", "p5"} <= set(running.route("t1") + running.route("t2"))


def test_an_area_that_is_called_off_loses_its_visits_until_that_is_undone(
    url: str, pool: Pool
) -> None:
    running = Running(url, pool)
    parties = [make_party(f"p{n}", place=place(n), area="north" if n > 2 else "") for n in range(6)]
    running.set_up(parties, two_teams())
    running.do("open_night")
    running.plan()
    moving = {running.route(team)[0] for team in ("t1", "t2") if running.route(team)}
    off = {"p3", "p4", "p5"} - moving
    taken = running.do("call_off_area", areas=("north",), reason="A storm.")
    running.plan()
    assert running.proposal() is None
    assert not set(running.route("t1") + running.route("t2")) & off
    told = {fact.subject: fact.data for fact in said(pool, VisitUnscheduled)}
    assert told.keys() == off
    assert {(one.reason, one.detail) for one in told.values()} == {
        ("called_off", "Visits in your part of the city are called off: A storm.")
    }
    assert said(pool, NightResumed) == []
    shown = running.shown()
    states = {p["id"]: (p["state"], p["reason"], p["detail"]) for p in shown["parties"]}
    assert {states[party] for party in off} == {("withdrawn", "called_off", "A storm.")}
    assert {a["code"]: a["called_off"] for a in shown["areas"]} == {"": False, "north": True}
    running.do("hold_night", reason="A storm.")
    running.do("resume_night")
    running.plan()
    assert not set(running.route("t1") + running.route("t2")) & off
    running.undo(taken)
    running.plan()
    assert off <= set(running.route("t1") + running.route("t2"))
    assert running.shown()["night"]["called_off"] == []


def test_an_area_is_called_off_at_once_though_the_whole_city_is_held(url: str, pool: Pool) -> None:
    running = Running(url, pool)
    parties = [make_party(f"p{n}", place=place(n), area="north" if n > 2 else "") for n in range(6)]
    running.set_up(parties, two_teams())
    running.do("open_night")
    running.plan()
    before = {team: running.route(team) for team in ("t1", "t2")}
    off = {"p3", "p4", "p5"} - {route[0] for route in before.values() if route}
    running.do("hold_night", reason="A storm.")
    running.do("call_off_area", areas=("north",), reason="Major incident.")
    running.plan()
    told = {fact.subject: fact.data for fact in said(pool, VisitUnscheduled)}
    assert told.keys() == off
    assert {(one.reason, one.why) for one in told.values()} == {("called_off", "Major incident.")}
    for team, route in before.items():
        assert running.route(team) == [party for party in route if party not in off]
    version = running.evening().version
    running.plan()
    assert running.evening().version == version
    running.do("resume_night")
    running.plan()
    assert len(said(pool, VisitUnscheduled)) == len(off)


def test_a_visit_that_a_person_moves_goes_to_that_team_at_that_place(night: Running) -> None:
    moved = night.route("t1")[-1]
    night.do("move_visit", "t2", moved, other="t1", position=0)
    night.plan()
    if proposal := night.proposal():
        night.accept(proposal.id)
    assert moved not in night.route("t1")
    assert night.route("t2")[1] == moved


def test_a_declined_proposal_leaves_everything_as_it_is(night: Running) -> None:
    before = night.evening().routes
    night.do("to_call", "t1")
    night.plan()
    proposal = night.proposal()
    assert proposal is not None
    night.decline(proposal.id)
    assert night.proposal() is None
    assert night.evening().routes == before


def test_nothing_is_planned_while_the_whole_city_is_held(night: Running) -> None:
    version = night.evening().version
    night.do("hold_night", reason="A storm.")
    night.do("add_party", place=place(0.5), window=Window(at(30), at(200)))
    night.plan()
    assert night.evening().version == version
    night.do("resume_night")
    night.plan()
    assert night.evening().version > version


def test_every_promise_has_its_number_and_keeps_what_became_of_it(
    night: Running, pool: Pool
) -> None:
    first = night.route("t1")[0]
    told = {one.subject: one.data for one in said(pool, VisitScheduled)}
    night.clock.at = told[first].window.closes + timedelta(minutes=7)
    night.do("arrived", "t1", first)
    with pool.connection() as conn:
        rows = conn.execute(
            "select number, state, why from promises where city = %s and party_id = %s",
            (CITY, first),
        ).fetchall()
    assert rows == [(1, "broken", "The team arrived 7 min late.")]
