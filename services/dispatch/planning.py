"""Plans a city until nothing is out of date. Called by the planning task."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.dispatch.domain.checker import check
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.framing import Frame, frame
from services.dispatch.domain.plan import compose
from services.dispatch.domain.problem import Draft, Problem
from services.dispatch.handlers.publishing import Session, is_newest, store_plan
from services.dispatch.handlers.replanning import Replanning, is_running, replan_city
from services.dispatch.ports.planning import (
    Dirt,
    Improver,
    Planner,
    PlanningLock,
    Replanner,
    Times,
    TravelTimes,
)

Check = Callable[[Problem, Draft], list[str]]
"""Names every rule that a draft breaks."""

REFUSED = "The newest plan broke a rule and was not used; the plan before it still holds."


@dataclass(frozen=True, slots=True)
class Planning:
    """What planning needs. `settle` is waited after a first change where plans follow closely.

    With an `improver` a plan that holds is looked at once more before the city counts as planned.
    """

    begin: Callable[[], AbstractContextManager[Session]]
    lock: PlanningLock
    planner: Planner
    travel: TravelTimes
    pause: Callable[[float], object]
    complain: Callable[[str, list[str]], None]
    improver: Improver | None = None
    replanner: Replanner | None = None
    check: Check = check
    settle: timedelta = timedelta(milliseconds=200)
    close: timedelta = timedelta(seconds=2)


def plan_city(planning: Planning, city: str) -> int:
    """Plan until the city is clean or somebody else plans it; returns how many rounds it took.

    Whoever holds the lock absorbs what comes meanwhile. What came between its last look and the
    lock's end is why it looks once more afterwards.
    """
    rounds, last = 0, None
    while _wants_planning(planning, city):
        with planning.lock.hold(city) as free:
            if not free:
                return rounds
            while (done := _round(planning, city, last)) is not None:
                rounds, last = rounds + 1, done
    return rounds


def _wants_planning(planning: Planning, city: str) -> bool:
    with planning.begin() as session:
        return city in session.dirty.waiting()


def _round(planning: Planning, city: str, last: datetime | None) -> datetime | None:
    """One plan, where one is due; when it was made."""
    if not _settled(planning, city, last):
        return None
    with planning.begin() as session:
        running = is_running(session, city)
        dirt = session.dirty.read(city)
        evening = session.plans.evening(city) if dirt and not running else None
    if running and planning.replanner:
        return replan_city(_replanning(planning, planning.replanner), city)
    if dirt is None or evening is None:
        return None
    framed = frame(evening)
    times = planning.travel.times(framed.places)
    draft = planning.planner.plan(framed.problem(times.seconds, times.hours))
    if _publish(planning, framed, draft, times, dirt, done=planning.improver is None):
        _improve(planning, framed, times, dirt)
    with planning.begin() as session:
        return session.now


def _replanning(planning: Planning, replanner: Replanner) -> Replanning:
    thinks = planning.improver is not None
    ports = (planning.begin, replanner, planning.travel, planning.check, planning.complain)
    return Replanning(*ports, thinks)


def _improve(planning: Planning, before: Frame, times: Times, dirt: Dirt) -> None:
    """Look for a clearly better plan until something new comes; only then is the city clean.

    A planner that dies meanwhile leaves the mark, so another one looks again.
    """
    city = before.evening.city.id
    with planning.begin() as session:
        evening = session.plans.evening(city)
    if planning.improver is None or evening is None:
        return
    framed = frame(evening)
    if framed.places != before.places:  # Something came: the travel times are not for these.
        return
    draft = planning.improver.improve(
        framed.problem(times.seconds, times.hours), lambda: _is_newer(planning, city, dirt)
    )
    if draft is None:
        with planning.begin() as session:
            session.dirty.clear(city, dirt.generation)
    elif not _is_newer(planning, city, dirt):
        _publish(planning, framed, draft, times, dirt, done=True)


@dataclass(frozen=True, slots=True)
class Final:
    """Who lets a draft hold, by what name, and the evening that he looked at.

    Where the draft was made under other policies than that evening's, these hold from then on.
    """

    evening: Evening
    name: str = ""
    by: str = ""


def publish_draft(
    planning: Planning, framed: Frame, draft: Draft, times: Times, final: Final | None = None
) -> int | None:
    """Let a draft hold that somebody made by hand; its version, or None if it came too late."""
    city, final = framed.evening.city.id, final or Final(framed.evening)
    with planning.lock.hold(city) as free:
        if not free:
            return None
        with planning.begin() as session:
            if session.plans.evening(city) != final.evening:
                return None
            dirt = session.dirty.read(city)
        if not _publish(planning, framed, draft, times, dirt, done=True, final=final):
            return None
        with planning.begin() as session:
            evening = session.plans.evening(city)
    return evening.version if evening else None


def _is_newer(planning: Planning, city: str, dirt: Dirt) -> bool:
    with planning.begin() as session:
        return session.dirty.read(city) != dirt


def _publish(
    planning: Planning,
    framed: Frame,
    draft: Draft,
    times: Times,
    dirt: Dirt | None,
    *,
    done: bool,
    final: Final | None = None,
) -> bool:
    """Check a draft, store it and say what changed; whether it was good enough for that."""
    city = framed.evening.city.id
    problem = framed.problem(times.seconds, times.hours)
    broken = planning.check(problem, draft)
    with planning.begin() as session:
        if is_running(session, city):  # It was opened meanwhile: what is under way must stand.
            return False
        if not is_newest(session, framed.evening):
            return False
        if dirt and (done or broken):
            session.dirty.clear(city, dirt.generation)
        if broken:
            session.boards.changed(city, session.now, trouble=REFUSED)
        else:
            plan = compose(framed, problem, draft, session.now)
            if final:
                plan = replace(plan, name=final.name, by=final.by)
                _settle(session, framed, final)
            store_plan(session, framed.evening, plan, times.note)
    if broken:
        planning.complain(city, broken)
    return not broken


def _settle(session: Session, framed: Frame, final: Final) -> None:
    city, policies = framed.evening.city.id, framed.evening.policies
    if policies != final.evening.policies and session.decisions:
        version = session.decisions.next_version(city)
        session.decisions.settle(city, version, policies, final.by, session.now)


def _settled(planning: Planning, city: str, last: datetime | None) -> bool:
    """Let a burst come together, but never keep a city waiting that was quiet.

    While an evening runs only what this very loop has planned counts: somebody is waiting.
    """
    with planning.begin() as session:
        dirt = session.dirty.read(city)
        now = session.now
        before = last if last or is_running(session, city) else session.plans.made_at(city)
    if dirt is None:
        return False
    if before and now - before < planning.close:
        planning.pause(max(0.0, (dirt.since + planning.settle - now).total_seconds()))
    return True
