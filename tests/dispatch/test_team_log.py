"""Following a team: every pair of state and action, and any order of late and doubled taps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.actions import Action, Details, Kind, clamp, complaints
from services.dispatch.domain.night import NightNow, NightState, TeamNow, TeamState, VisitState
from services.dispatch.domain.night_log import follow_night
from services.dispatch.domain.team_log import TABLE, Effect, follow, next_stop, step
from tests.dispatch.builders import ZERO, at

ROUTE = ("a", "b", "c")


def tap(kind: Kind, minute: float, party: str = "", **over: object) -> Action:
    details = Details(reason="Nobody was there.", minutes=10)
    made = Action(f"{kind}-{minute}-{party}", kind, at(minute), at(500), "t1", party, details)
    return replace(made, **over)


START: dict[TeamState, list[Action]] = {
    TeamState.OFF: [],
    TeamState.AT_KICK_OFF: [tap(Kind.CHECK_IN, 0)],
    TeamState.EN_ROUTE: [tap(Kind.EN_ROUTE, 1)],
    TeamState.ON_SCENE: [tap(Kind.ARRIVED, 2)],
    TeamState.TO_CALL: [tap(Kind.TO_CALL, 2)],
    TeamState.ON_BREAK: [tap(Kind.BREAK_START, 2)],
    TeamState.ENDED: [tap(Kind.END_SHIFT, 2)],
}
ENDS = {
    Effect.CHECK: {TeamState.AT_KICK_OFF},
    Effect.GO: {TeamState.EN_ROUTE},
    Effect.STAND: {TeamState.ON_SCENE},
    Effect.CALL: {TeamState.TO_CALL},
    Effect.RETURN: {TeamState.EN_ROUTE},
    Effect.PAUSE: {TeamState.ON_BREAK},
    Effect.END: {TeamState.ENDED},
}


@pytest.mark.parametrize("kind", sorted({kind for _, kind in TABLE}))
@pytest.mark.parametrize("state", [state for state in TeamState if state in START])
def test_each_action_does_in_each_state_what_the_table_says(state: TeamState, kind: Kind) -> None:
    team = follow(START[state], ROUTE).team
    assert team.state == state
    verdict = TABLE[state, kind]
    made = step(team, tap(kind, 10, "a"), ROUTE)
    if isinstance(verdict, str):
        assert made == verdict
        return
    assert isinstance(made, TeamNow), made
    assert made.state in ENDS.get(verdict, set(TeamState))
    if verdict in (Effect.SAME, Effect.LATE):
        assert made.state == state
    if verdict is Effect.LEAVE:
        assert made.visits["a"].state == VisitState.DONE
    if verdict is Effect.SKIP:
        assert made.visits["a"].state == VisitState.SKIPPED


def test_the_table_has_every_state_and_every_kind_of_a_team() -> None:
    assert len(TABLE) == len(TeamState) * len({kind for _, kind in TABLE})


def test_an_evening_as_it_is_meant_to_be() -> None:
    taps = [
        *(tap(Kind.OPEN_NIGHT, 0), tap(Kind.ARRIVED, 10), tap(Kind.LEFT, 25)),
        *(tap(Kind.TO_CALL, 30), tap(Kind.BACK_FROM_CALL, 50), tap(Kind.ARRIVED, 60)),
        *(tap(Kind.LEFT, 70), tap(Kind.SKIP, 75, "c")),
    ]
    team = follow(taps, ROUTE).team
    assert team.state == TeamState.READY
    assert {p: v.state for p, v in team.visits.items()} == {
        "a": VisitState.DONE,
        "b": VisitState.DONE,
        "c": VisitState.SKIPPED,
    }
    assert team.left_party == "b"
    assert team.free_at == at(70)


def test_two_taps_on_left_leave_one_party_and_not_the_next() -> None:
    taps = [tap(Kind.ARRIVED, 10), tap(Kind.LEFT, 25), tap(Kind.LEFT, 25.01)]
    followed = follow(taps, ROUTE)
    assert followed.team.party == "b"
    assert followed.team.visits["b"].state == VisitState.EN_ROUTE
    assert list(followed.refused) == [taps[2].id]


def test_a_forgotten_tap_is_implied_by_the_next() -> None:
    team = follow([tap(Kind.ARRIVED, 10, "a"), tap(Kind.ARRIVED, 40, "b")], ROUTE).team
    assert team.visits["a"].state == VisitState.DONE
    assert team.visits["a"].left_at == at(40)
    assert team.party == "b"


def test_a_visit_that_a_call_interrupts_is_open_again() -> None:
    team = follow([tap(Kind.ARRIVED, 10), tap(Kind.TO_CALL, 12)], ROUTE).team
    assert team.visits["a"].state == VisitState.PLANNED
    assert next_stop(team, ROUTE) == "a"


def test_a_clock_that_is_wrong_is_held_to_what_is_possible() -> None:
    night = NightNow(NightState.OPEN, opened_at=at(0))
    assert clamp(at(-90), night, at(60)) == at(0)
    assert clamp(at(120), night, at(60)) == at(60)
    assert clamp(at(30), night, at(60)) == at(30)
    assert clamp(None, night, at(60)) == at(60)
    assert tap(Kind.LEFT, 60, told_at=at(120)).clamped
    assert not tap(Kind.LEFT, 60, told_at=at(60)).clamped


TEAM_KINDS = sorted({kind for _, kind in TABLE} - {Kind.JOIN_TEAMS})
taps_of_an_evening = st.lists(
    st.builds(
        lambda kind, minute, party: tap(kind, minute, party if kind != Kind.SKIP else party or "a"),
        st.sampled_from(TEAM_KINDS),
        st.integers(0, 40),
        st.sampled_from(["", *ROUTE]),
    ),
    max_size=14,
)


@settings(max_examples=300, deadline=None)
@given(taps_of_an_evening, st.randoms(use_true_random=False), st.integers(0, 5))
def test_any_order_of_late_and_doubled_taps_ends_in_the_same_state(
    taps: list[Action], random: object, doubled: int
) -> None:
    wanted = follow(taps, ROUTE)
    mixed = [*taps, *taps[:doubled]]
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' random has no public type
    heard: list[Action] = []
    for one in mixed:
        heard.append(one)
        follow(heard, ROUTE)
    assert follow(heard, ROUTE) == wanted


@settings(max_examples=200, deadline=None)
@given(taps_of_an_evening)
def test_a_team_is_never_at_a_party_that_is_settled_and_visits_hold_together(
    taps: list[Action],
) -> None:
    team = follow(taps, ROUTE).team
    moving = [p for p, v in team.visits.items() if v.state in ("en_route", "on_scene")]
    if team.state in (TeamState.EN_ROUTE, TeamState.ON_SCENE):
        assert moving == [team.party]
        assert team.visits[team.party].state == team.state
    else:
        assert moving == []


NIGHT_STEPS = {
    ("planned", "open_night"): "open",
    ("open", "hold_night"): "held",
    ("held", "resume_night"): "open",
    ("open", "close_night"): "closed",
    ("held", "close_night"): "closed",
    ("planned", "close_night"): "closed",
}
NIGHT_START = {
    "planned": [],
    "open": [Kind.OPEN_NIGHT],
    "held": [Kind.OPEN_NIGHT, Kind.HOLD_NIGHT],
    "closed": [Kind.CLOSE_NIGHT],
}


@pytest.mark.parametrize(
    "kind", [Kind.OPEN_NIGHT, Kind.HOLD_NIGHT, Kind.RESUME_NIGHT, Kind.CLOSE_NIGHT]
)
@pytest.mark.parametrize("state", list(NIGHT_START))
def test_each_action_does_to_the_night_what_the_table_says(state: str, kind: Kind) -> None:
    before = [tap(one, minute) for minute, one in enumerate(NIGHT_START[state])]
    followed = follow_night([*before, tap(kind, 50)])
    wanted = NIGHT_STEPS.get((state, kind.value))
    assert followed.night.state == (wanted or state)
    assert bool(followed.refused) == (wanted is None)


def test_areas_are_held_and_resumed_one_by_one() -> None:
    def of(kind: Kind, minute: int, *areas: str) -> Action:
        return tap(kind, minute, details=Details(areas=areas))

    log = [tap(Kind.OPEN_NIGHT, 0), of(Kind.HOLD_NIGHT, 1, "north"), of(Kind.HOLD_NIGHT, 2, "east")]
    assert follow_night(log).night.held_areas == ("east", "north")
    log.append(of(Kind.RESUME_NIGHT, 3, "east"))
    assert follow_night(log).night.held_areas == ("north",)
    log.append(of(Kind.HOLD_NIGHT, 4))
    assert follow_night(log).night.all_held
    log.append(of(Kind.RESUME_NIGHT, 5))
    assert follow_night(log).night.state == NightState.OPEN
    assert follow_night(log).night.opened_at == ZERO + timedelta(0)


def test_areas_that_are_called_off_stay_so_whatever_is_held_or_resumed() -> None:
    def of(kind: Kind, minute: int, *areas: str) -> Action:
        return tap(kind, minute, details=Details(areas=areas, reason=f"At {minute}."))

    early = tap(Kind.CALL_OFF_AREA, 0, details=Details(areas=("west",)))
    log = [early, tap(Kind.OPEN_NIGHT, 1), of(Kind.CALL_OFF_AREA, 2, "north", "east")]
    log += [of(Kind.CALL_OFF_AREA, 3, "east", "south"), of(Kind.HOLD_NIGHT, 4)]
    log += [of(Kind.RESUME_NIGHT, 5), of(Kind.CALL_OFF_AREA, 6, "east")]
    followed = follow_night(log)
    off = {one.area: one.reason for one in followed.night.called_off}
    assert off == {"north": "At 2.", "east": "At 2.", "south": "At 3."}
    assert followed.refused.keys() == {early.id, log[-1].id}
    wrong = complaints(Kind.CALL_OFF_AREA, "", "", Details())
    assert wrong.keys() == {"areas", "reason"}
    assert "areas" in complaints(Kind.CLOSE_NIGHT, "", "", Details(areas=("north",)))
