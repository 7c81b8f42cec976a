"""Drafts by name: made, compared, finalized, made anew; and a plan made by hand, checked."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.postgres_drafts import PostgresDrafts
from services.dispatch.adapters.search import check_twice
from services.dispatch.domain.evening import Window
from services.dispatch.planner import Iterations
from services.dispatch.planning import Planning, plan_city
from services.dispatch.preparing.checking import (
    ask_forecast,
    check_plan,
    forecast_now,
    read_routes,
)
from services.dispatch.preparing.drafts import (
    ask_draft,
    compare_drafts,
    drop_draft,
    finalize_draft,
    list_drafts,
    rebase_draft,
    show_draft,
)
from services.dispatch.preparing.edits import add_edit
from services.dispatch.preparing.making import Maker, make_waiting
from services.dispatch.preparing.office import NoSuchThing, Office, Overtaken
from services.dispatch.preparing.policies import change_policies, show_policies
from services.dispatch.worker import MAKE_DRAFTS, Sweep, register_drafting
from shared.clock import SystemClock
from shared.contracts.route import PlanPublished
from shared.db import Pool
from shared.failures import Refused
from shared.inbox import Inbox
from shared.worker import make_celery
from tests.dispatch.builders import NOON, at, city_fact, make_party, make_team, party_fact, place
from tests.dispatch.hearing import hear, said
from tests.dispatch.planned import evening, routes

SHORT = Window(at(0), at(40))
CITY = "pasadena"
Make = Callable[..., None]


@pytest.fixture
def maker(pool: Pool) -> Maker:
    return Maker(pool, SystemClock(), GreatCircle(), check_twice, Iterations(500))


@pytest.fixture
def made(office: Office, maker: Maker) -> Make:
    """Has a draft made."""

    def make(name: str, **document: Any) -> None:
        ask_draft(office, CITY, {"name": name, "iterations": 2000, **document}, by="Ada")
        make_waiting(maker, CITY)

    return make


@pytest.fixture
def town(inbox: Inbox) -> None:
    """Three parties in two areas, and one team that has time for two."""
    areas = {"a": "north", "b": "north", "c": "south"}
    parties = [
        make_party(p, area=area, place=place(n / 2), received_at=NOON + timedelta(minutes=n))
        for n, (p, area) in enumerate(areas.items())
    ]
    hear(inbox, city_fact(teams=[make_team(shift=SHORT)]), *map(party_fact, parties))


@pytest.mark.usefixtures("town")
def test_a_draft_keeps_figures_reasons_and_who_asked(office: Office, made: Make) -> None:
    made("first", seed=7)
    draft = show_draft(office, CITY, "first").draft
    assert (draft.by, draft.state, draft.wish.seed) == ("Ada", "ready", 7)
    assert draft.content
    figures = draft.content.figures
    assert (figures.visited, figures.parties, figures.late) == (2, 3, 0)
    assert figures.areas == {"north": (2, 2), "south": (0, 1)}
    assert figures.spare >= 0
    (left,) = draft.content.left
    assert (left.party, left.reason) == ("c", "no_time_left")
    assert left.ways.startswith("Only Team t1 could come, by dropping")
    assert [effect.policy for effect in draft.content.effects] == ["first_visit_bonus", "stability"]


@pytest.mark.usefixtures("town")
def test_a_draft_tries_other_policies_out_and_finalizing_settles_them(
    office: Office, made: Make, pool: Pool
) -> None:
    made("as it is")
    made("fair", policies={"equity_points": 50})
    side = compare_drafts(office, CITY, "as it is", "fair")
    rows = {row.label: (row.first, row.second) for row in side.areas}
    assert rows == {
        "north": ("100% (2 of 2)", "50% (1 of 2)"),
        "south": ("0% (0 of 1)", "100% (1 of 1)"),
    }
    assert {str(change.party) for change in side.changes} >= {"c Street (C)"}
    assert show_policies(office, CITY).settled.version == 0
    version = finalize_draft(office, CITY, "fair", by="Bo")
    assert "c" in routes(pool)["t1"]
    settled = show_policies(office, CITY).settled
    assert (settled.policies.equity_points, settled.by) == (50, "Bo")
    assert show_draft(office, CITY, "fair").draft.plan_version == version
    with pool.connection() as conn:
        row = conn.execute("select name, made_by, made_under from plans").fetchone()
    assert row
    assert row[:2] == ("fair", "Bo")
    assert "equity_points" in [effect["policy"] for effect in row[2]]  # type: ignore[attr-defined]  # a row is of objects


@pytest.mark.usefixtures("town")
def test_a_draft_of_a_city_that_has_changed_is_refused_until_it_is_rebased(
    office: Office, made: Make, maker: Maker, inbox: Inbox, pool: Pool
) -> None:
    made("early")
    hear(inbox, party_fact(make_party("d", place=place(0.1))))
    add_edit(office, CITY, {"kind": "pin", "party": "c"}, by="Ada")
    with pytest.raises(Overtaken, match="1 party new, 1 edit added") as refused:
        finalize_draft(office, CITY, "early", by="Ada")
    assert "Rebase it" in str(refused.value)
    assert show_draft(office, CITY, "early").since == ("1 party new", "1 edit added")
    rebase_draft(office, CITY, "early", by="Bo")
    with pytest.raises(NoSuchThing, match="is not ready"):
        finalize_draft(office, CITY, "early", by="Ada")
    make_waiting(maker, CITY)
    finalize_draft(office, CITY, "early", by="Ada")
    assert "c" in routes(pool)["t1"]
    assert len(said(pool, PlanPublished)) == 1


@pytest.mark.usefixtures("town")
def test_a_plan_published_since_is_no_harm_unless_more_hosts_are_moved(
    office: Office, made: Make, planning: Planning, pool: Pool
) -> None:
    made("fair", policies={"equity_points": 50})
    plan_city(planning, CITY)
    assert "c" not in routes(pool)["t1"]
    with pytest.raises(Overtaken, match="more hosts would be moved"):
        finalize_draft(office, CITY, "fair", by="Ada")
    assert routes(pool) == {"t1": ["a", "b"]}


@pytest.mark.usefixtures("town")
def test_the_plan_that_holds_is_compared_as_current(
    office: Office, made: Make, planning: Planning
) -> None:
    plan_city(planning, CITY)
    made("fair", policies={"equity_points": 50, "stability": "soft"})
    side = compare_drafts(office, CITY, "current", "fair")
    rows = {row.label: (row.first, row.second, row.better) for row in side.rows}
    assert rows["Parties visited"] == ("2", "2", 0)
    assert rows["Hosts told otherwise"][2] == 1
    assert side.changes[0].kind == "only in the second"


@pytest.mark.usefixtures("town")
def test_a_draft_that_was_dropped_is_given_up(office: Office, maker: Maker, pool: Pool) -> None:
    ask_draft(office, CITY, {"name": "x", "seconds": 300}, by="Ada")
    with pool.connection() as conn:
        assert PostgresDrafts(conn).waiting() == [CITY]
        claimed = PostgresDrafts(conn).claim(CITY)
    assert claimed
    drop_draft(office, CITY, "x")
    with pool.connection() as conn:
        assert not PostgresDrafts(conn).tell(claimed.id, 0.5, "")
    assert list_drafts(office, CITY) == []
    with pytest.raises(NoSuchThing):
        drop_draft(office, CITY, "x")


@pytest.mark.usefixtures("town")
def test_a_draft_whose_maker_died_is_found_again(office: Office, pool: Pool, maker: Maker) -> None:
    ask_draft(office, CITY, {"name": "x", "iterations": 500}, by="Ada")
    hinted: list[str] = []
    with pool.connection() as conn:
        PostgresDrafts(conn).claim(CITY)
        assert PostgresDrafts(conn).waiting() == []
        conn.execute("update drafts set seen_at = now() - interval '2 minutes'")
    Sweep(pool, lambda _: None, hint_drafts=hinted.append)()
    assert hinted == [CITY]
    assert make_waiting(maker, CITY) == 1
    assert show_draft(office, CITY, "x").draft.state == "ready"


@pytest.mark.usefixtures("town")
def test_the_planners_task_makes_what_was_asked_for(office: Office, maker: Maker) -> None:
    celery = make_celery("dispatch", "redis://nowhere")
    register_drafting(celery, partial(make_waiting, maker))
    ask_draft(office, CITY, {"name": "x", "iterations": 500}, by="Ada")
    celery.tasks[MAKE_DRAFTS](city=CITY)
    assert show_draft(office, CITY, "x").draft.state == "ready"


@pytest.mark.usefixtures("town")
def test_a_forecast_says_what_can_be_promised_and_when_it_is_outdated(
    office: Office, maker: Maker, inbox: Inbox
) -> None:
    assert forecast_now(office, CITY).state == "none"
    ask_forecast(office, CITY)
    assert forecast_now(office, CITY).state == "waiting"
    make_waiting(maker, CITY)
    found = forecast_now(office, CITY)
    assert found.words == "With this team you can promise 2 visits; one more team adds 1."
    assert found.outdated == ()
    hear(inbox, party_fact(make_party("d")))
    assert forecast_now(office, CITY).outdated == ("1 party new",)


@pytest.mark.usefixtures("town")
def test_a_plan_made_by_hand_is_told_what_it_breaks(office: Office, inbox: Inbox) -> None:
    add_edit(office, CITY, {"kind": "forbid", "party": "A", "team": "t1"}, by="Ada")
    add_edit(office, CITY, {"kind": "pin", "party": "c"}, by="Ada")
    verdict = check_plan(office, CITY, {"routes": {"Team t1": ["a", "B", "zz"], "t9": ["b"]}})
    assert [fault.words for fault in verdict.faults] == [
        "There is no team t9.",
        "b Street (B) is visited 2 times.",
        "a Street (A) cannot be visited: no team assigned.",
        "There is no party zz.",
        "c Street (C) has to be visited and is not.",
    ]
    late = check_plan(office, CITY, {"routes": {"t1": ["b", "c"]}})
    assert late.faults == ()
    assert late.valid
    far = make_party("f", place=place(9), window=Window(at(0), at(30)))
    hear(inbox, party_fact(far))
    verdict = check_plan(office, CITY, {"routes": {"t1": ["b", "c", "f"]}})
    words = [fault.words for fault in verdict.faults]
    assert words[0].startswith("Team t1 reaches f Street (F) at 6:5")
    assert words[0].endswith("the visit can start 6:00–6:15 PM.")
    assert words[1].startswith("Team t1 works ")


def test_routes_are_read_from_a_sheet_and_rubbish_is_refused(office: Office, town: None) -> None:
    assert read_routes("party,team\na,t1\nb,t2\nc,t1\n") == {"t1": ["a", "c"], "t2": ["b"]}
    with pytest.raises(Refused, match="columns team and party"):
        read_routes("x,y\n")
    for rubbish in ([], {"routes": []}, {"routes": {"t1": [1]}}):
        with pytest.raises(Refused):
            check_plan(office, CITY, rubbish)


@pytest.mark.usefixtures("town")
def test_what_is_wrong_with_a_draft_is_said_field_by_field(office: Office, made: Make) -> None:
    made("x")

    def faults(**document: Any) -> dict[str, list[str]]:
        with pytest.raises(Refused) as found:
            ask_draft(office, CITY, document, by="Ada")
        return found.value.fields

    assert faults(name="x") == {"name": ["There is a draft of that name already."]}
    assert "name" in faults(name="a/b")
    assert faults(name="current")["name"] == ["That is the name of the plan that holds."]
    assert "seconds" in faults(name="y", seconds=1e9)
    assert faults(name="y", policies={"cap": -1}) == {"cap": ["A whole number from 0 to 100000."]}
    assert faults(name="y", start="z") == {"start": ["There is no such draft."]}


@pytest.mark.usefixtures("town")
def test_a_policy_settled_since_makes_a_draft_outdated(office: Office, made: Make) -> None:
    made("x")
    change_policies(office, CITY, {"cap": 2}, by="Bo")
    with pytest.raises(Overtaken, match="the policies changed"):
        finalize_draft(office, CITY, "x", by="Ada")


@pytest.mark.usefixtures("town")
def test_a_city_that_is_being_planned_takes_no_draft(office: Office, made: Make) -> None:
    made("x")
    with office.planning.lock.hold(CITY), pytest.raises(Overtaken, match="is being planned"):
        finalize_draft(office, CITY, "x", by="Ada")


def test_the_next_planning_leaves_a_finalized_draft_as_it_is(
    office: Office, made: Make, town: None, pool: Pool, planning: Planning
) -> None:
    made("fair", policies={"equity_points": 50})
    finalize_draft(office, CITY, "fair", by="Ada")
    before = routes(pool)
    assert plan_city(planning, CITY) == 0
    change_policies(office, CITY, {"most_stops": {"t1": 5}}, by="Ada")
    plan_city(planning, CITY)
    assert routes(pool) == before
    assert evening(pool).version == 1
