"""Actions of the night on a real PostgreSQL: undo, conflicts, late taps, teams, time passing."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from services.dispatch.adapters.acting import ClockedNights, sessions
from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.phone_view import phone_view
from services.dispatch.domain.actions import By, Kind
from services.dispatch.domain.evening import Window
from services.dispatch.domain.policy import Policies
from services.dispatch.handlers.acting import Stale, Taken, Tap, apply_taps
from services.dispatch.handlers.previewing import preview
from services.dispatch.handlers.proposing import live_of
from services.dispatch.handlers.watching import Watch
from shared.contracts.visit import VisitArrived, VisitCompleted, VisitInterrupted
from shared.db import Pool
from shared.failures import Refused
from shared.ids import new_id
from tests.dispatch.builders import ZERO, at, make_party, place
from tests.dispatch.evening import ANNA, CITY, Running, ring, two_teams
from tests.dispatch.hearing import said


@pytest.fixture
def night(url: str, pool: Pool) -> Running:
    running = Running(url, pool)
    running.set_up(ring(6), two_teams(members=("A. Officer", "B. Officer")))
    running.do("open_night")
    return running


def tap(night: Running, *taps: Tap, team: str = "t1") -> list[Taken | str]:
    with night.begin() as session:
        return apply_taps(live_of(session), CITY, team, taps, By("", "Team", "phone"))


def state(night: Running, team: str = "t1") -> str:
    with night.begin() as session:
        return live_of(session).nights.teams(CITY)[team].state


def test_an_event_soon_after_a_plan_is_not_kept_waiting(night: Running) -> None:
    pauses: list[float] = []
    night.planning = replace(night.planning, pause=pauses.append)
    night.plan()
    night.do("to_call", "t1")
    assert night.plan() == 1
    assert pauses == []


def test_taps_that_come_late_and_twice_end_where_they_would_have(
    night: Running, pool: Pool
) -> None:
    first, second = night.route("t1")[:2]
    night.clock.pass_by(60)
    taps = [
        Tap(new_id(), Kind.ARRIVED, at(10), first),
        Tap(new_id(), Kind.LEFT, at(25), first),
        Tap(new_id(), Kind.ARRIVED, at(40), second),
    ]
    tap(night, taps[2])
    tap(night, taps[1], taps[0])
    again = tap(night, *taps)
    assert all(isinstance(one, Taken) and one.already for one in again)
    with night.begin() as session:
        team = live_of(session).nights.teams(CITY)["t1"]
    assert (team.state, team.party) == ("on_scene", second)
    assert team.visits[first].arrived_at == at(10)
    assert team.visits[first].left_at == at(25)
    completed = [fact.data.party_id for fact in said(pool, VisitCompleted)]
    assert set(completed) == {first}


def test_a_wrong_clock_is_marked_and_held_to_what_is_possible(night: Running) -> None:
    night.clock.pass_by(30)
    (taken,) = tap(night, Tap(new_id(), Kind.ARRIVED, at(300)))
    assert isinstance(taken, Taken)
    assert taken.entry.action.clamped
    assert taken.entry.action.at == at(30)
    assert taken.entry.action.told_at == at(300)


def test_a_tap_that_says_nothing_new_is_kept_and_has_no_effect(night: Running) -> None:
    (taken,) = tap(night, Tap(new_id(), Kind.BACK_FROM_CALL))
    assert isinstance(taken, Taken)
    assert not taken.entry.applied
    assert taken.entry.refusal == "The team is at no call."
    (strange,) = tap(night, Tap(new_id(), Kind.CLOSE_NIGHT))
    assert strange == "A team cannot do this from its telephone."


def test_undoing_takes_back_what_was_said(night: Running, pool: Pool) -> None:
    first = night.route("t1")[0]
    taken = night.do("arrived", "t1")
    assert [f.data.party_id for f in said(pool, VisitArrived)] == [first]
    night.undo(taken)
    assert state(night) == "en_route"
    with pytest.raises(Refused):
        night.undo(taken)


def test_undoing_is_refused_with_what_came_later(night: Running) -> None:
    arrived = night.do("arrived", "t1")
    left = night.do("left", "t1")
    with pytest.raises(Stale) as refused:
        night.undo(arrived)
    assert [entry.action.id for entry in refused.value.changed] == [left.entry.action.id]
    night.undo(left)
    night.undo(arrived)
    assert state(night) == "en_route"


def test_a_call_says_nothing_but_that_the_visit_is_open_again(night: Running, pool: Pool) -> None:
    night.do("to_call", "t1", reason="secret")
    (fact,) = said(pool, VisitInterrupted)
    assert "secret" not in repr(fact)


def test_two_dispatchers_at_one_moment_cannot_both_win(night: Running) -> None:
    seen = night.reader.night(CITY)
    assert seen is not None
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def act(kind: str) -> None:
        barrier.wait()
        try:
            night.do(kind, "t1", seen=seen[0])
            outcomes.append("won")
        except Stale:
            outcomes.append("lost")

    threads = [threading.Thread(target=act, args=(k,)) for k in ("to_call", "break_start")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost", "won"]


def test_what_was_done_stays_written_down(night: Running, pool: Pool) -> None:
    night.do("broadcast", words="Drive carefully.")
    with pytest.raises(Exception, match="stays written down"), pool.connection() as conn:
        conn.execute("delete from actions")
    with pytest.raises(Exception, match="stays written down"), pool.connection() as conn:
        conn.execute("update actions set by_name = 'somebody else'")


def test_a_broadcast_reaches_the_teams_whose_next_stop_is_in_the_area(url: str, pool: Pool) -> None:
    night = Running(url, pool)
    night.set_up([replace(party, area=f"around {party.id}") for party in ring(6)], two_teams())
    night.do("open_night")
    for team in ("t1", "t2"):
        night.do("arrived", team)
        night.do("left", team)

    def heard(team: str) -> set[str]:
        with pool.connection() as conn:
            view = phone_view(conn, CITY, team)
        return {message.words for message in view.messages} if view else set()

    first, second = night.route("t1")[:2]
    night.do("broadcast", words="Flooded street.", areas=(f"around {second}",))
    night.do("broadcast", words="You two.", teams=("t1", "t2"))
    night.do("broadcast", "t2", words="Only you.")
    night.do("broadcast", words="Everybody.")
    assert heard("t1") == {"Flooded street.", "You two.", "Everybody."}
    assert heard("t2") == {"You two.", "Only you.", "Everybody."}
    told = {one["words"]: one["teams"] for one in night.shown()["broadcasts"]}
    assert (told["Flooded street."], told["Everybody."]) == (["t1"], [])
    with pytest.raises(Refused) as nobody:
        night.do("broadcast", words="Hello?", areas=(f"around {first}",))
    assert nobody.value.fields == {"areas": ["No team has its next stop there."]}
    with pytest.raises(Refused):
        night.do("broadcast", words="Hello?", teams=("t9",))


def test_a_team_is_split_and_joined_again(night: Running) -> None:
    taken = night.do("split_team", "t1", members=("B. Officer",), name="Team One and a Half")
    teams = {team.name: team for team in night.evening().teams}
    part = teams["Team One and a Half"]
    assert (part.members, teams["Team t1"].members) == (("B. Officer",), ("A. Officer",))
    night.do("join_teams", part.id, other="t1")
    teams = {team.id: team for team in night.evening().teams}
    assert teams["t1"].members == ("A. Officer", "B. Officer")
    assert state(night, part.id) == "ended"
    with pytest.raises(Stale):
        night.undo(taken)
    with pytest.raises(Refused, match="not in"):
        night.do("split_team", "t1", members=("Z. Stranger",))


def test_a_late_party_and_one_that_ends_early_move_their_windows(night: Running) -> None:
    party = night.route("t1")[-1]
    night.do("party_late", party=party, minutes=45)
    found = {p.id: p for p in night.evening().parties}[party]
    assert found.window.opens == ZERO + timedelta(minutes=45)
    night.clock.pass_by(60)
    night.do("party_ended_early", party=party, reason="Rain.")
    found = {p.id: p for p in night.evening().parties}[party]
    assert found.window.closes == at(60)


def test_a_cancelled_party_leaves_the_evening_and_comes_back_when_undone(night: Running) -> None:
    party = night.route("t1")[-1]
    taken = night.do("party_cancelled", party=party, reason="Ill.")
    assert party not in {p.id for p in night.evening().parties}
    night.undo(taken)
    assert party in {p.id for p in night.evening().parties}


def test_a_walk_up_is_shown_its_cheapest_place_before_it_is_added(night: Running) -> None:
    begin = sessions(night.pool, night.clock)
    spot = make_party("walk-up", place=place(1.2, 0.2), window=Window(at(10), at(240)))
    found = preview(begin, GreatCircle(), CITY, spot)
    assert {one.team_id for one in found.places} == {"t1", "t2"}
    costs = [(one.promises_broken + one.stops_lost, one.added_minutes) for one in found.places]
    assert costs == sorted(costs)
    far = make_party("far", place=place(400), window=Window(at(10), at(40)))
    assert preview(begin, GreatCircle(), CITY, far).places == []


def test_time_that_passes_has_a_running_evening_looked_at_each_minute(night: Running) -> None:
    hinted: list[str] = []
    night.plan()
    clocked = ClockedNights(night.pool, night.clock)
    watch = Watch(sessions(night.pool, night.clock), clocked, hinted.append)
    watch()
    watch()
    assert hinted == [CITY]
    night.clock.pass_by(1)
    watch()
    assert hinted == [CITY, CITY]


def test_a_proposal_that_nobody_answers_applies_in_time_for_the_hosts(
    night: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.plan()
    night.do("to_call", "t1")
    night.do("end_shift", "t2")
    night.plan()
    proposal = night.proposal()
    assert proposal is not None
    first = min(t.opens for t in night.evening().told.values() if t.opens)
    early = Policies().tell_not_coming_minutes_before
    assert proposal.applies_at == max(at(1), first - timedelta(minutes=early))
    night.clock.at = proposal.applies_at
    Watch(
        sessions(night.pool, night.clock), ClockedNights(night.pool, night.clock), lambda _: None
    )()
    assert night.proposal() is None
    assert night.route("t1") == []


def test_what_ways_and_stays_took_is_learned(night: Running) -> None:
    night.plan()
    night.clock.pass_by(12)
    night.do("arrived", "t1")
    night.clock.pass_by(20)
    night.do("left", "t1")
    night.clock.pass_by(9)
    night.do("arrived", "t1")
    with night.begin() as session:
        known = live_of(session).durations.all(CITY)
    assert {(one.kind, one.actual) for one in known} == {("dwell", 1200), ("drive", 540)}
    assert ANNA.name == "Anna"
