"""The planning task, on fakes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.domain.evening import Place
from services.dispatch.domain.framing import frame
from services.dispatch.domain.problem import Draft, Problem, TimedStop
from services.dispatch.planning import REFUSED, Planning, plan_city, publish_draft
from services.dispatch.ports.heard import HeardParty
from services.dispatch.ports.planning import Times
from shared.contracts.route import PlanPublished, RouteUpdated
from shared.contracts.visit import VisitScheduled, VisitUnscheduled
from tests.dispatch.builders import NOON, make_city, make_party, make_team
from tests.dispatch.fakes import FakeWorld, SpoiltPlanner, withdrawn


class Scene:
    """A fake world with Pasadena in it, and planning whose pauses and complaints are kept."""

    def __init__(self) -> None:
        self.world = FakeWorld()
        self.pauses: list[float] = []
        self.complaints: list[list[str]] = []
        self.planning = Planning(
            begin=self.world.begin,
            lock=self.world.lock,
            planner=Insertion(),
            travel=GreatCircle(),
            pause=self.pauses.append,
            complain=lambda city, broken: self.complaints.append(broken),
        )
        self.world.ledger.keep_city(make_city(), (make_team(),), 1)

    def hear(self, *heard: HeardParty) -> None:
        self.world.ledger.keep_parties("pasadena", heard)
        self.world.dirty.mark("pasadena", self.world.now)

    def plan(self) -> int:
        return plan_city(self.planning, "pasadena")


def heard(id_: str = "p1", revision: int = 1) -> HeardParty:
    return HeardParty(make_party(id_), revision, f"because-{id_}")


def test_a_clean_city_is_left_alone() -> None:
    scene = Scene()
    assert scene.plan() == 0
    assert scene.world.publisher.said == []


def test_a_dirty_city_is_planned_and_told_once() -> None:
    scene = Scene()
    scene.hear(heard("p1"), heard("p2"))
    assert scene.plan() == 1
    assert scene.world.dirty.read("pasadena") is None
    kinds = [type(said.fact) for said in scene.world.publisher.said]
    assert kinds == [VisitScheduled, VisitScheduled, RouteUpdated, PlanPublished]
    assert scene.world.publisher.said[0].correlation == "because-p1"


def test_a_city_that_somebody_plans_already_is_left_to_them() -> None:
    scene = Scene()
    scene.hear(heard())
    scene.world.lock.taken.add("pasadena")
    assert scene.plan() == 0
    assert scene.world.dirty.read("pasadena") is not None


def test_a_quiet_city_is_planned_at_once_and_a_burst_is_let_settle() -> None:
    scene = Scene()
    scene.hear(heard("p1"))
    scene.plan()
    assert scene.pauses == []
    scene.hear(heard("p2"))
    scene.plan()
    assert scene.pauses == [0.2]
    scene.world.now += timedelta(seconds=5)
    scene.hear(heard("p3"))
    scene.plan()
    assert scene.pauses == [0.2]


def test_a_plan_that_breaks_a_rule_is_refused_and_the_old_one_stays() -> None:
    scene = Scene()
    scene.hear(heard("p1"))
    scene.plan()
    before = list(scene.world.publisher.said)
    scene.hear(heard("p2"))
    plan_city(replace(scene.planning, planner=SpoiltPlanner()), "pasadena")
    assert scene.world.publisher.said == before
    assert len(scene.world.memory.plans["pasadena"]) == 1
    assert scene.world.memory.troubles["pasadena"] == REFUSED
    assert "forgotten" in scene.complaints[0][0]
    scene.hear(heard("p3"))
    scene.plan()
    assert scene.world.memory.troubles["pasadena"] == ""


def test_a_withdrawn_party_is_told_of_only_if_it_was_promised_a_visit() -> None:
    scene = Scene()
    scene.hear(heard("p1"))
    scene.plan()
    gone = [HeardParty(withdrawn(make_party(p)), 2, "c") for p in ("p1", "p2")]
    scene.hear(*gone)
    scene.plan()
    (left,) = scene.world.publisher.of(VisitUnscheduled)
    assert (left.party_id, left.reason) == ("p1", "withdrawn")
    assert scene.world.publisher.said[-1].fact.parties == 0


def test_a_party_that_comes_back_is_visited_again() -> None:
    scene = Scene()
    for revision, party in enumerate((make_party(), withdrawn(make_party()), make_party()), 1):
        scene.hear(HeardParty(party, revision, "c"))
        scene.plan()
    revisions = [s.revision for s in scene.world.publisher.said if s.subject == "p1"]
    assert revisions == [1, 2, 3]
    assert scene.world.plans.made_at("pasadena") == NOON


class Improver:
    """Visits the first party alone, as late as it can be, where it is told to better plans."""

    def __init__(self, scene: Scene, better: bool = False) -> None:
        self.scene = scene
        self.better = better
        self.asked: list[Problem] = []
        self.meanwhile: list[HeardParty] = []

    def improve(self, problem: Problem, superseded: Callable[[], bool]) -> Draft | None:
        self.asked.append(problem)
        assert self.scene.world.dirty.read("pasadena") is not None
        if self.meanwhile:
            self.scene.hear(self.meanwhile.pop())
            assert superseded()
        visit = problem.visits[0]
        rest = tuple(other.id for other in problem.visits[1:])
        late = TimedStop(visit.party, visit.latest, visit.latest + visit.service)
        return Draft({"t1": (late,)}, rest) if self.better else None


def test_a_plan_that_holds_is_improved_before_the_city_counts_as_planned() -> None:
    scene = Scene()
    improver = Improver(scene, better=True)
    scene.hear(heard("p1"))
    assert plan_city(replace(scene.planning, improver=improver), "pasadena") == 1
    assert [plan.version for plan in scene.world.memory.plans["pasadena"]] == [1, 2]
    assert improver.asked[0].visits[0].promised is not None
    assert scene.world.dirty.read("pasadena") is None


def test_a_plan_that_cannot_be_improved_is_told_once() -> None:
    scene = Scene()
    scene.hear(heard("p1"))
    assert plan_city(replace(scene.planning, improver=Improver(scene)), "pasadena") == 1
    assert len(scene.world.memory.plans["pasadena"]) == 1
    assert scene.world.dirty.read("pasadena") is None


def test_an_improvement_of_what_is_out_of_date_is_thrown_away() -> None:
    scene = Scene()
    improver = Improver(scene, better=True)
    improver.meanwhile.append(heard("p2"))
    scene.hear(heard("p1"))
    assert plan_city(replace(scene.planning, improver=improver), "pasadena") == 2
    plans = scene.world.memory.plans["pasadena"]
    assert [plan.summary.parties for plan in plans] == [1, 2, 2]


def test_a_party_that_comes_while_the_first_plan_is_made_is_planned_next() -> None:
    scene = Scene()
    scene.hear(heard("p1"))

    class Interrupted:
        def plan(self, problem: Problem) -> Draft:
            if len(problem.visits) == 1:
                scene.hear(heard("p2"))
            return Insertion().plan(problem)

    planning = replace(scene.planning, planner=Interrupted(), improver=Improver(scene))
    assert plan_city(planning, "pasadena") == 2
    assert scene.world.memory.plans["pasadena"][-1].summary.visited == 2


class Unsure:
    """Travel times with a warning."""

    def times(self, places: Sequence[Place]) -> Times:
        return Times(GreatCircle().matrix(places), "Travel times are estimates.")


def test_a_warning_about_travel_times_stands_on_the_board_until_they_are_good_again() -> None:
    scene = Scene()
    scene.hear(heard("p1"))
    plan_city(replace(scene.planning, travel=Unsure()), "pasadena")
    assert scene.world.memory.troubles["pasadena"] == "Travel times are estimates."
    scene.hear(heard("p2"))
    scene.plan()
    assert scene.world.memory.troubles["pasadena"] == ""


def test_a_draft_is_published_only_while_it_is_of_the_present() -> None:
    scene = Scene()
    scene.hear(heard("p1"))
    evening = scene.world.plans.evening("pasadena")
    assert evening is not None
    framed = frame(evening)
    times = GreatCircle().times(framed.places)
    draft = Insertion().plan(framed.problem(times.seconds))
    assert publish_draft(scene.planning, framed, draft, times) == 1
    assert publish_draft(scene.planning, framed, draft, times) is None
    assert scene.world.dirty.read("pasadena") is None
