"""Policies: each does what its sentence says, on a real PostgreSQL and in the live planning."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.dispatch.adapters.postgres_decisions import PostgresDecisions
from services.dispatch.domain.drawing import drawn, lot
from services.dispatch.domain.evening import Window
from services.dispatch.domain.policy import Lottery
from services.dispatch.planning import Planning, plan_city
from services.dispatch.preparing.office import Office, Overtaken
from services.dispatch.preparing.policies import change_policies, show_policies
from shared.db import Pool
from shared.failures import Refused
from shared.inbox import Inbox
from tests.dispatch.builders import (
    NOON,
    at,
    city_fact,
    make_evening,
    make_party,
    make_team,
    party_fact,
    place,
)
from tests.dispatch.hearing import hear
from tests.dispatch.planned import routes, unvisited

SHORT = Window(at(0), at(40))


@pytest.fixture
def city(inbox: Inbox, pool: Pool) -> Callable[..., None]:
    """Pasadena with these parties, registered a minute after one another, and these teams."""

    def make(parties: Sequence[Any], teams: Sequence[Any] = (make_team(shift=SHORT),)) -> None:
        turns = [replace(p, received_at=NOON + timedelta(minutes=n)) for n, p in enumerate(parties)]
        hear(inbox, city_fact(teams=teams), *(party_fact(party) for party in turns))

    return make


def test_without_any_every_party_counts_alike_and_the_sentences_say_so(
    office: Office, city: Callable[..., None]
) -> None:
    city([make_party("a")])
    shown = show_policies(office, "pasadena")
    assert shown.settled.version == 0
    assert [effect.policy for effect in shown.effects] == ["first_visit_bonus", "stability"]


def test_blocks_that_were_never_visited_come_first_and_the_plan_says_so(
    office: Office, city: Callable[..., None], searching: Planning, pool: Pool
) -> None:
    city([make_party(name, place=place(n / 2)) for n, name in enumerate("abc")])
    with pool.connection() as conn:
        history = [("A street", 2025), ("B  STREET.", 2025)]
        assert PostgresDecisions(conn).keep_history("pasadena", history) == 2
    plan_city(searching, "pasadena")
    assert unvisited(pool) == ["c"]
    change_policies(office, "pasadena", {"new_or_absent_factor": 3, "stability": "soft"}, by="Ada")
    plan_city(searching, "pasadena")
    assert "c" not in unvisited(pool)
    made = show_policies(office, "pasadena").effects
    assert "1 block never visited or not for 3 years counts 3 times." in [e.words for e in made]
    assert "1 of 1 is visited." in [e.outcome for e in made]


def test_first_come_first_served_and_a_cap(
    office: Office, city: Callable[..., None], searching: Planning, pool: Pool
) -> None:
    city([make_party(name, place=place((3 - n) / 2)) for n, name in enumerate("abc")])
    change_policies(office, "pasadena", {"first_come_first_served": 0.9}, by="Ada")
    plan_city(searching, "pasadena")
    assert unvisited(pool) == ["c"]
    change_policies(office, "pasadena", {"cap": 1}, by="Ada")
    plan_city(searching, "pasadena")
    assert unvisited(pool) == ["c"]
    change_policies(office, "pasadena", {"stability": "soft"}, by="Ada")
    plan_city(searching, "pasadena")
    assert unvisited(pool) == ["b", "c"]


def test_the_worst_served_area_gains_the_most(
    office: Office, city: Callable[..., None], searching: Planning, pool: Pool
) -> None:
    near = [make_party(f"n{n}", place=place(0.1 * n), area="near") for n in range(3)]
    city([*near, make_party("f", place=place(3), area="far")])
    plan_city(searching, "pasadena")
    assert "f" in unvisited(pool)
    document = {"equity_points": 50, "stability": "soft"}
    change_policies(office, "pasadena", document, by="Ada")
    plan_city(searching, "pasadena")
    assert "f" not in unvisited(pool)


def test_a_lottery_can_be_drawn_again_by_anybody_and_its_winners_are_visited(
    office: Office, city: Callable[..., None], searching: Planning, pool: Pool
) -> None:
    parties = [make_party(f"p{n}", place=place(n % 3, n // 3)) for n in range(9)]
    city(parties)
    winner = min((party.id for party in parties), key=lambda party: lot(7, party))
    document = {"lottery": {"guaranteed": 1, "seed": 7}, "stability": "soft"}
    settled = change_policies(office, "pasadena", document, by="Ada")
    assert drawn(settled.policies, parties) == {winner}
    plan_city(searching, "pasadena")
    assert winner not in unvisited(pool)
    again = change_policies(office, "pasadena", {"lottery": {"guaranteed": 2, "seed": 7}}, "Ada")
    assert again.policies.lottery
    assert settled.policies.lottery
    assert again.policies.lottery.drawn_at == settled.policies.lottery.drawn_at


def test_whoever_registers_after_the_draw_is_not_in_it() -> None:
    early, late = make_party("p1"), make_party("p2", received_at=NOON + timedelta(days=1))
    evening = make_evening([early, late])
    policies = replace(evening.policies, lottery=Lottery(5, 1, NOON + timedelta(hours=1)))
    assert drawn(policies, evening.parties) == {"p1"}


def test_beats_and_most_stops_bind_their_teams(
    office: Office, city: Callable[..., None], searching: Planning, pool: Pool
) -> None:
    areas = {"a": "north", "b": "south", "c": "south", "d": "south"}
    parties = [make_party(p, area=area, place=place(0.2)) for p, area in areas.items()]
    city(parties, [make_team("t1"), make_team("t2")])
    document = {"beats": {"t1": ["north"]}, "most_stops": {"t2": 2}}
    change_policies(office, "pasadena", document, by="Ada")
    plan_city(searching, "pasadena")
    made = routes(pool)
    assert made["t1"] == ["a"]
    assert len(made["t2"]) == 2


def test_a_team_stays_in_its_areas_unless_it_is_worth_it(
    office: Office, city: Callable[..., None], searching: Planning, pool: Pool
) -> None:
    areas = {"a": "north", "b": "south", "c": "north", "d": "south"}
    parties = [
        make_party(p, area=area, place=place(n, n % 2)) for n, (p, area) in enumerate(areas.items())
    ]
    city(parties, [make_team("t1"), make_team("t2")])
    change_policies(office, "pasadena", {"stay_in": {"t1": ["north"], "t2": ["south"]}}, by="Ada")
    plan_city(searching, "pasadena")
    made = routes(pool)
    assert (set(made["t1"]), set(made["t2"])) == ({"a", "c"}, {"b", "d"})


@pytest.mark.parametrize("kind", ["insertion", "search"])
def test_a_caravan_drives_its_own_parties_in_its_own_order(
    office: Office,
    city: Callable[..., None],
    planning: Planning,
    searching: Planning,
    pool: Pool,
    kind: str,
) -> None:
    city(
        [make_party(p, place=place(n)) for n, p in enumerate("abcd")],
        [make_team("t1"), make_team("t2")],
    )
    document = {"caravans": [{"team": "t1", "parties": ["d", "a", "c"]}]}
    change_policies(office, "pasadena", document, by="Ada")
    plan_city(searching if kind == "search" else planning, "pasadena")
    assert routes(pool) == {"t1": ["d", "a", "c"], "t2": ["b"]}


def test_what_is_wrong_is_said_field_by_field(office: Office, city: Callable[..., None]) -> None:
    city([make_party("a", area="north")])

    def faults(document: object) -> dict[str, list[str]]:
        with pytest.raises(Refused) as found:
            change_policies(office, "pasadena", document, by="Ada")
        return found.value.fields

    assert faults({"first_come_first_served": 2, "luck": 1}) == {
        "first_come_first_served": ["A share from 0 to 0.9."],
        "luck": ["Unknown field."],
    }
    assert faults({"beats": {"t9": ["north"], "t1": ["west"]}}) == {
        "beats": ["There is no team 't9'.", "No party lies in an area 'west'."]
    }
    assert "lottery.seed" in faults({"lottery": {"guaranteed": 3}})
    assert show_policies(office, "pasadena").settled.version == 0


def test_two_planners_cannot_overwrite_one_another(
    office: Office, city: Callable[..., None]
) -> None:
    city([make_party("a")])
    first = change_policies(office, "pasadena", {"cap": 5}, by="Ada", seen=0)
    with pytest.raises(Overtaken, match="Ada changed the policies"):
        change_policies(office, "pasadena", {"cap": 6}, by="Bo", seen=0)
    change_policies(office, "pasadena", {"cap": 6}, by="Bo", seen=first.version)
    assert show_policies(office, "pasadena").settled.policies.cap == 6
