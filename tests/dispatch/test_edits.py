"""Hand edits stay: through re-plans, new parties and restarts; one that cannot hold says why."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.dispatch.domain.edit_words import EditShown
from services.dispatch.domain.evening import Window
from services.dispatch.planning import Planning, plan_city
from services.dispatch.preparing.edits import add_edit, list_edits, withdraw_edit
from services.dispatch.preparing.office import NoSuchThing, Office, Overtaken
from services.dispatch.preparing.policies import change_policies
from shared.contracts.party import PartyAmended, PartyWithdrawn
from shared.contracts.visit import VisitScheduled
from shared.db import Pool
from shared.failures import Refused
from shared.inbox import Inbox
from tests.dispatch.builders import at, city_fact, make_party, make_team, party_fact, place
from tests.dispatch.hearing import hear, said
from tests.dispatch.planned import evening, routes, unvisited

TWO = (make_team("t1"), make_team("t2", kinds=("fire",)))
Plan = Callable[[], None]


@pytest.fixture(params=["insertion", "search"])
def plan(request: Any, planning: Planning, searching: Planning) -> Plan:
    """Plans Pasadena: once without and once with the search."""
    chosen = searching if request.param == "search" else planning
    return lambda: plan_city(chosen, "pasadena") and None


@pytest.fixture
def town(inbox: Inbox) -> Callable[..., None]:
    def make(names: str, teams: Sequence[Any] = TWO) -> None:
        parties = [make_party(p, place=place(n * 0.5, n % 3)) for n, p in enumerate(names)]
        hear(inbox, city_fact(teams=teams), *(party_fact(party) for party in parties))

    return make


def shown(office: Office) -> list[EditShown]:
    return list(list_edits(office, "pasadena").edits)


def edit(office: Office, **document: Any) -> EditShown:
    return add_edit(office, "pasadena", document, by="Ada").edit


def test_a_pin_to_a_team_holds_through_re_plans_and_new_parties(
    office: Office, town: Callable[..., None], plan: Plan, pool: Pool, inbox: Inbox
) -> None:
    town("abcd")
    plan()
    before = routes(pool)
    other = {"t1": "t2", "t2": "t1"}
    (team,) = (team for team, stops in before.items() if "a" in stops)
    made = edit(office, kind="pin", party="A", team=other[team], reason="The mayor lives there.")
    assert made.words == f"Team {other[team]} visits a Street (A)."
    plan()
    assert "a" in routes(pool)[other[team]]
    hear(inbox, *(party_fact(make_party(f"n{n}", place=place(n / 3))) for n in range(6)))
    plan()
    assert "a" in routes(pool)[other[team]]
    (held,) = shown(office)
    assert (held.by, held.reason, held.status) == ("Ada", "The mayor lives there.", "holds")
    assert said(pool, VisitScheduled)[-1]


def test_a_pin_to_a_time_moves_the_visit_and_tells_the_host(
    office: Office, town: Callable[..., None], plan: Plan, pool: Pool
) -> None:
    town("abc")
    plan()
    edit(office, kind="pin", party="a", earliest="20:00", latest="20:10")
    plan()
    told = evening(pool).told["a"]
    assert told.arrives_at
    assert at(120) <= told.arrives_at <= at(130)
    assert told.revision == 2


def test_forbidden_visits_are_not_made(
    office: Office, town: Callable[..., None], plan: Plan, pool: Pool
) -> None:
    town("abc")
    edit(office, kind="forbid", party="a")
    edit(office, kind="forbid", party="b", team="t1")
    plan()
    assert unvisited(pool) == ["a"]
    assert evening(pool).told["a"].reason == "not_chosen"
    assert "b" in routes(pool)["t2"]


def test_a_locked_order_is_driven_and_found_again(
    office: Office, town: Callable[..., None], plan: Plan, pool: Pool, inbox: Inbox
) -> None:
    town("abcdef")
    plan()
    edit(office, kind="lock", team="t1", parties=["f", "a", "c"])
    plan()
    assert [p for p in routes(pool)["t1"] if p in "fac"] == ["f", "a", "c"]
    hear(inbox, party_fact(make_party("g", place=place(0.7))))
    plan()
    assert [p for p in routes(pool)["t1"] if p in "fac"] == ["f", "a", "c"]


def test_a_pin_takes_room_from_others_where_there_is_none(
    office: Office, inbox: Inbox, searching: Planning, pool: Pool
) -> None:
    teams = [make_team(shift=Window(at(0), at(40)))]
    parties = [make_party(p, place=place(n / 2)) for n, p in enumerate("abc")]
    hear(inbox, city_fact(teams=teams), *(party_fact(party) for party in parties))
    plan_city(searching, "pasadena")
    assert unvisited(pool) == ["c"]
    edit(office, kind="pin", party="c", team="t1")
    plan_city(searching, "pasadena")
    assert "c" in routes(pool)["t1"]


def test_what_can_no_longer_hold_is_listed_with_its_reason(
    office: Office, town: Callable[..., None], plan: Plan, inbox: Inbox, pool: Pool
) -> None:
    town("abcd")
    edit(office, kind="pin", party="a", team="t1")
    edit(office, kind="pin", party="b", team="t2")
    edit(office, kind="pin", party="c", earliest="21:00", latest="21:30")
    edit(office, kind="pin", party="d")
    hear(inbox, party_fact(make_party("a"), 2, kind=PartyWithdrawn))
    hear(inbox, city_fact(teams=TWO[:1], revision=2))
    short = make_party("c", window=Window(at(0), at(60)))
    hear(inbox, party_fact(short, 2, kind=PartyAmended))
    hear(inbox, party_fact(make_party("d", no_visit=True), 2, kind=PartyAmended))
    plan()
    assert [(e.status, e.why) for e in shown(office)] == [
        ("void", "The party was withdrawn."),
        ("void", "Team t2 is no longer in the roster."),
        ("void", "The visit can start 6:00–6:45 PM only."),
        ("void", "The host now asks for no visit."),
    ]
    assert shown(office)[0].words == "Team t1 visits a Street (A)."
    hear(inbox, city_fact(teams=TWO, revision=3))
    plan()
    assert shown(office)[1].status == "holds"
    assert "b" in routes(pool)["t2"]


def test_of_two_edits_that_differ_the_later_holds(
    office: Office, town: Callable[..., None], plan: Plan, pool: Pool
) -> None:
    town("ab")
    edit(office, kind="pin", party="a", team="t1")
    added = add_edit(office, "pasadena", {"kind": "forbid", "party": "a"}, by="Bo")
    assert [e.why for e in added.overruled] == ["A later edit forbids the visit."]
    plan()
    assert unvisited(pool) == ["a"]
    withdraw_edit(office, "pasadena", added.edit.id, by="Ada")
    plan()
    assert "a" in routes(pool)["t1"]
    assert [e.status for e in shown(office)] == ["holds"]
    (gone,) = list_edits(office, "pasadena").withdrawn
    assert gone.why == "Ada withdrew it."
    with pytest.raises(NoSuchThing):
        withdraw_edit(office, "pasadena", added.edit.id, by="Ada")


def test_a_pin_that_nobody_can_keep_is_said_to_be_unmet(
    office: Office, inbox: Inbox, plan: Plan
) -> None:
    far = make_party("far", place=place(90), window=Window(at(0), at(30)))
    hear(inbox, city_fact(teams=TWO), party_fact(far))
    edit(office, kind="pin", party="far")
    plan()
    assert [e.status for e in shown(office)] == ["unmet"]


def test_a_pin_goes_before_a_beat_and_the_cap(
    office: Office, inbox: Inbox, plan: Plan, pool: Pool
) -> None:
    parties = [make_party(p, area=area) for p, area in (("a", "north"), ("b", "south"))]
    hear(inbox, city_fact(teams=TWO[:1]), *(party_fact(party) for party in parties))
    change_policies(office, "pasadena", {"beats": {"t1": ["north"]}, "cap": 1}, by="Ada")
    plan()
    assert routes(pool) == {"t1": ["a"]}
    edit(office, kind="pin", party="b", team="t1")
    plan()
    assert sorted(routes(pool)["t1"]) == ["a", "b"]


def test_what_is_wrong_is_said_field_by_field(office: Office, town: Callable[..., None]) -> None:
    town("ab")

    def faults(**document: Any) -> dict[str, list[str]]:
        with pytest.raises(Refused) as found:
            edit(office, **document)
        return found.value.fields

    assert faults(kind="pin", party="z", team="t9") == {
        "party": ["There is no party 'z'."],
        "team": ["There is no team 't9'."],
    }
    assert faults(kind="lock", parties=["a"]) == {
        "parties": ["An order needs two parties at least."],
        "team": ["Please say which team drives this order."],
    }
    assert "earliest" in faults(kind="pin", party="a", earliest="soon")
    only = "The visit can start 6:00–9:45 PM only."
    assert faults(kind="pin", party="a", latest="17:00") == {"latest": [only]}
    assert list_edits(office, "pasadena").edits == ()


def test_two_planners_are_shown_what_the_other_did(
    office: Office, town: Callable[..., None]
) -> None:
    town("ab")
    seen = list_edits(office, "pasadena").version
    edit(office, kind="pin", party="a", team="t1")
    with pytest.raises(Overtaken, match="Ada edited the same") as found:
        add_edit(office, "pasadena", {"kind": "forbid", "party": "a"}, by="Bo", seen=seen)
    assert found.value.changed == ("Ada: Team t1 visits a Street (A).",)
    add_edit(office, "pasadena", {"kind": "forbid", "party": "b"}, by="Bo", seen=seen)
    assert shown(office)[1].status == "holds"
