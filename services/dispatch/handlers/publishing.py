"""Lets a plan hold: stores it and says what changed. Planning and the night's handlers call it."""

from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.actions import Action, By, Change, Details, Entry, Kind
from services.dispatch.domain.evening import Evening, Stop
from services.dispatch.domain.plan import Plan
from services.dispatch.domain.promise import Promise, PromiseState, gone
from services.dispatch.domain.reasons import CALLED_OFF
from services.dispatch.domain.spread import Spreads, arrival, learn
from services.dispatch.domain.told import Told
from services.dispatch.handlers.turn import Acting
from services.dispatch.ports.planning import Boards, Decisions, DirtyCities, Plans
from shared.contracts import values
from shared.contracts.route import PlanPublished, RouteUpdated
from shared.contracts.route import Stop as ToldStop
from shared.contracts.visit import VisitRescheduled, VisitScheduled, VisitUnscheduled
from shared.ids import new_id
from shared.ports import Publisher

VisitFact = VisitScheduled | VisitUnscheduled | VisitRescheduled
NO_REASON = "The plan has changed."
PLANNER = By("", "the planner", "planner")


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction's ports; `now` is the same throughout. `live` has those of the night."""

    plans: Plans
    dirty: DirtyCities
    boards: Boards
    publisher: Publisher
    now: datetime
    decisions: Decisions | None = None
    live: Acting | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Who lets a plan hold, and why each host is told what: sentences by party."""

    by: By = PLANNER
    reasons: tuple[tuple[str, str], ...] = ()
    running: bool = False


def is_newest(session: Session, evening: Evening) -> bool:
    """Whether no plan was stored since the one that the evening shows; waits for the city's turn.

    The planning lock goes with its connection: while a planner searches, another may have begun.
    """
    if session.live:
        session.live.nights.lock(evening.city.id)
    return session.plans.version(evening.city.id) == evening.version


def store_plan(
    session: Session, evening: Evening, plan: Plan, note: str, why: Why | None = None
) -> None:
    """Store a checked plan and say what changed; one that changes nothing says nothing."""
    why = why or Why()
    city = evening.city.id
    version = (session.live.nights.lock(city) or 0) + 1 if session.live else 0
    session.boards.changed(city, session.now, trouble=note)
    if plan.changes_nothing and evening.version:
        return
    session.plans.keep(city, plan)
    given = _promise(session, city, evening, plan, dict(why.reasons)) if session.live else {}
    _say_visits(session, city, plan, given if why.running else {}, dict(why.reasons), evening)
    _say_routes(session.publisher, evening, plan)
    _say_plan(session.publisher, city, plan)
    if session.live and why.running:
        _take_down(session.live, city, evening, plan, why.by, version)


def _promise(
    session: Session, city: str, evening: Evening, plan: Plan, reasons: dict[str, str]
) -> dict[str, Promise]:
    """Number what hosts are told from now on; returns the new promises by party."""
    assert session.live is not None
    promises, now = session.live.promises, session.now
    before = promises.standing(city, plan.news)
    spreads = learn(session.live.durations.all(city))
    given = {}
    for party in sorted(plan.news):
        told, last = plan.told[party], before.get(party)
        if last and last.state == PromiseState.OPEN:
            state = PromiseState.CHANGED if told.scheduled else PromiseState.BROKEN
            why = reasons.get(party) or told.detail or NO_REASON
            promises.settle(city, gone(last, state, why, now))
        if told.opens and told.closes and told.arrives_at:
            number = last.number + 1 if last else 1
            window = (told.opens, told.closes, told.arrives_at)
            stated = _confidence(spreads, evening, plan, party, told, now)
            given[party] = Promise(party, number, told.team_id, *window, stated, now)
            promises.add(city, given[party])
    return given


def _confidence(
    spreads: Spreads, evening: Evening, plan: Plan, party: str, told: Told, now: datetime
) -> float:
    """How likely what is told holds, as far as is known."""
    team = next((team for team in evening.teams if team.id == told.team_id), None)
    route = plan.changed_routes.get(told.team_id, evening.routes.get(told.team_id, ()))
    if team is None or told.opens is None or told.closes is None:
        return 0.0
    begins = max(now, team.shift.opens)
    found = arrival(spreads.of(team.id), route, party, begins)
    return found.confidence(told.opens, told.closes) if found else 0.0


def _say_visits(
    session: Session,
    city: str,
    plan: Plan,
    given: dict[str, Promise],
    reasons: dict[str, str],
    evening: Evening,
) -> None:
    causes = session.plans.correlations(city, plan.news)
    whys = _whys(session, city, evening, plan)
    for party in sorted(plan.news):
        told, before = plan.told[party], evening.told.get(party)
        fact: VisitFact = _visit_fact(party, told, plan.version, whys.get(party, ""))
        if before and before.scheduled and party in given and isinstance(fact, VisitScheduled):
            fact = _rescheduled(fact, before, given[party], reasons.get(party, NO_REASON))
        session.publisher.publish(
            fact,
            city=city,
            subject=party,
            revision=told.revision,
            correlation=causes.get(party),
        )


def _whys(session: Session, city: str, evening: Evening, plan: Plan) -> dict[str, str]:
    """What a dispatcher wrote, by party, of visits in areas that are called off."""
    if session.live is None:
        return {}
    off = {party for party in plan.news if plan.told[party].reason == CALLED_OFF}
    if not off:
        return {}
    night = session.live.nights.night(city)
    areas = {party.id: night.off(party.area) for party in evening.parties if party.id in off}
    return {party: one.reason for party, one in areas.items() if one}


def _visit_fact(
    party: str, told: Told, version: int, why: str
) -> VisitScheduled | VisitUnscheduled:
    if told.opens is None or told.closes is None or told.arrives_at is None:
        return VisitUnscheduled(party, told.reason, told.detail, version, why)
    window = values.Window(told.opens, told.closes)
    return VisitScheduled(
        party, told.team_id, told.team_name, told.kinds, told.arrives_at, window, version
    )


def _rescheduled(
    fact: VisitScheduled, before: Told, promise: Promise, reason: str
) -> VisitScheduled | VisitRescheduled:
    if before.opens is None or before.closes is None:
        return fact
    return VisitRescheduled(
        fact.party_id,
        promise.number,
        fact.team_id,
        fact.team_name,
        fact.kinds,
        fact.arrives_at,
        fact.window,
        values.Window(before.opens, before.closes),
        round(promise.confidence, 3),
        reason,
        fact.plan_version,
    )


def _say_routes(publisher: Publisher, evening: Evening, plan: Plan) -> None:
    names = {team.id: team.name for team in evening.teams}
    for team, stops in sorted(plan.changed_routes.items()):
        told = tuple(_told_stop(stop) for stop in stops)
        fact = RouteUpdated(team, names.get(team, team), plan.version, told)
        publisher.publish(fact, city=evening.city.id, subject=team, revision=plan.version)


def _told_stop(stop: Stop) -> ToldStop:
    place = values.Place(stop.place.lat, stop.place.lon)
    who = (stop.party_id, stop.code, stop.name, stop.address)
    return ToldStop(*who, place, stop.kinds, stop.arrives_at, stop.leaves_at)


def _say_plan(publisher: Publisher, city: str, plan: Plan) -> None:
    figures = plan.summary
    fact = PlanPublished(
        plan.version,
        figures.parties,
        figures.visited,
        figures.unvisited,
        figures.teams,
        plan.made_at,
    )
    publisher.publish(fact, city=city, subject=city, revision=plan.version)


def _take_down(live: Acting, city: str, evening: Evening, plan: Plan, by: By, version: int) -> None:
    """A plan that holds is in the audit log, so that whoever acts on the one before is told."""
    changes = [
        Change(f"route:{team}", _stops(evening.routes.get(team, ())), _stops(stops))
        for team, stops in sorted(plan.changed_routes.items())
        if _ids(evening.routes.get(team, ())) != _ids(stops)
    ]
    told = {party: plan.told[party] for party in sorted(plan.news)}
    changes += [
        Change(f"told:{party}", _words(evening.told.get(party)), _words(now))
        for party, now in told.items()
    ]
    if not changes:
        return
    details = Details(words=f"Plan {plan.version}")
    action = Action(new_id(), Kind.PLAN_APPLIED, live.now, live.now, details=details, by=by)
    touched = tuple(sorted({change.key for change in changes}))
    live.log.take_down(city, Entry(action, True, "", touched, tuple(changes), version))


def _ids(stops: tuple[Stop, ...]) -> list[str]:
    return [stop.party_id for stop in stops]


def _stops(stops: tuple[Stop, ...]) -> str:
    return " ".join(stop.code for stop in stops)


def _words(told: Told | None) -> str:
    if told is None:
        return ""
    if told.opens is None or told.closes is None:
        return f"nobody: {told.reason}"
    return f"{told.team_name} {told.opens:%H:%M}-{told.closes:%H:%M} UTC"
