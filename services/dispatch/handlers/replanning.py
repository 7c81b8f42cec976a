"""Re-plans a city while its evening runs: a proposal, applied at once where nobody must be asked.

Planning calls it. What it finds is stored only if nothing came meanwhile, in the city's turn: a
team that drives on at the same moment keeps its next stop.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.dispatch.domain.evening import Evening
from services.dispatch.domain.framing import Frame
from services.dispatch.domain.live_plan import compose_held, compose_live
from services.dispatch.domain.loss import loss_of
from services.dispatch.domain.night import NightNow, TeamNow
from services.dispatch.domain.order_log import Pin
from services.dispatch.domain.plan import Plan
from services.dispatch.domain.policy import Policies
from services.dispatch.domain.problem import Draft, Matrix, Problem, TimedStop
from services.dispatch.domain.proposal import Loss, PlanChange, Proposal
from services.dispatch.domain.remaining import Rest, rest_of
from services.dispatch.domain.revision import Revised, Revision
from services.dispatch.domain.spread import Spreads, honest_window, learn
from services.dispatch.handlers.publishing import Session, Why, is_newest, store_plan
from services.dispatch.ports.planning import Dirt, Replanner, TravelTimes
from shared.ids import new_id

REFUSED = "The newest re-plan broke a rule and was not used; the plan before it still holds."
FAILED = "The evening could not be planned anew; the plan before it still holds."
SOONEST = timedelta(minutes=1)
"""So long a dispatcher has at least to answer."""
WORTHWHILE = 0.5
"""So many points a longer search must gain before a plan is changed once more."""


@dataclass(frozen=True, slots=True)
class Replanning:
    """What re-planning needs."""

    begin: Callable[[], AbstractContextManager[Session]]
    replanner: Replanner
    travel: TravelTimes
    check: Callable[[Problem, Draft], list[str]]
    complain: Callable[[str, list[str]], None]
    thinks: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that a re-plan starts from, read in one transaction."""

    evening: Evening
    night: NightNow
    teams: Mapping[str, TeamNow]
    pins: tuple[Pin, ...]
    spreads: Spreads
    version: int
    dirt: Dirt
    now: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The question for the planner."""

    rest: Rest
    framed: Frame
    problem: Problem
    stored: Mapping[str, tuple[TimedStop, ...]]
    note: str


def is_running(session: Session, city: str) -> bool:
    """Whether the city's evening runs, so that it is re-planned and not planned."""
    return session.live is not None and session.live.nights.night(city).running


def replan_city(replanning: Replanning, city: str) -> datetime | None:
    """One re-plan, where one is due; when it was made."""
    with replanning.begin() as session:
        locked = session.live and session.live.nights.lock(city)
        dirty = session.dirty.read(city) is not None
        seen = see(session, city) if locked is not None and dirty else None
    if seen is None:
        return None
    if seen.night.all_held:
        _stand_still(replanning, city, seen)
        return seen.now
    asked = ask(replanning.travel, seen)
    known = frozenset(seen.evening.told)
    found = replanning.replanner.replan(asked.problem, asked.stored, known)
    stands = _settle(replanning, city, seen, asked, found, done=not replanning.thinks)
    if stands and found and replanning.thinks:
        _think_on(replanning, city, seen, asked, found)
    return seen.now


def _stand_still(replanning: Replanning, city: str, seen: Seen) -> None:
    """Plan nothing, as all is held; but whose area is called off hears it now."""
    plan = compose_held(_rest(seen), seen.night, seen.now)
    with replanning.begin() as session:
        live = session.live
        if live is None or live.nights.lock(city) is None or session.dirty.read(city) != seen.dirt:
            return
        session.dirty.clear(city, seen.dirt.generation)
        if plan.changes_nothing:
            return
        waiting = live.proposals.waiting(city)
        if waiting:
            live.proposals.settle(city, waiting.id, "superseded", session.now)
        store_plan(session, seen.evening, plan, "", Why(running=True))


def see(session: Session, city: str) -> Seen | None:
    """Everything that a re-plan starts from; None where there is no such city."""
    live = session.live
    evening = session.plans.evening(city)
    if live is None or evening is None:
        return None
    dirt = session.dirty.read(city) or Dirt(session.now, 0)
    version = live.nights.lock(city) or 0
    teams, pins = live.nights.teams(city), tuple(live.nights.pins(city))
    spreads, night = learn(live.durations.all(city)), live.nights.night(city)
    return Seen(evening, night, teams, pins, spreads, version, dirt, session.now)


def ask(travel: TravelTimes, seen: Seen) -> Asked:
    """The question of what is left, with arrivals by the very travel times."""
    rest = _rest(seen)
    framed = rest.framed()
    places = framed.places
    departures = tuple(one.place for one in rest.underway)
    times = travel.times((*places, *departures))
    rest = _rest(seen, _arrivals(rest, times.seconds, len(places)))
    framed = replace(framed, evening=rest.evening)  # Only when teams come free has changed.
    problem = framed.problem(times.seconds, times.hours)
    return Asked(rest, framed, problem, _stored(rest, framed), times.note)


def _rest(seen: Seen, arrivals: Mapping[str, datetime] | None = None) -> Rest:
    return rest_of(seen.evening, seen.night, seen.teams, seen.pins, seen.now, arrivals)


def _arrivals(rest: Rest, seconds: Matrix, first: int) -> dict[str, datetime]:
    """When teams on their way get there: where they go to is where they start from next."""
    rows = {team.id: row for row, team in enumerate(rest.evening.teams)}
    return {
        one.team: one.since + timedelta(seconds=int(seconds[first + number, rows[one.team]]))
        for number, one in enumerate(rest.underway)
    }


def _stored(rest: Rest, framed: Frame) -> dict[str, tuple[TimedStop, ...]]:
    """The stored stops that are left, in the planner's words, teams that are gone included."""
    kinds: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for visit in framed.visits:
        kinds.setdefault(visit.party, []).append((visit.kind, visit.teams))
    routes = {**rest.evening.routes, **rest.gone}
    return {
        team: tuple(
            TimedStop(
                stop.party_id,
                int((stop.arrives_at - framed.zero).total_seconds()),
                int((stop.leaves_at - framed.zero).total_seconds()),
                _kind(kinds[stop.party_id], team, stop.kinds),
            )
            for stop in stops
            if stop.party_id in kinds
        )
        for team, stops in routes.items()
    }


def _kind(known: list[tuple[str, frozenset[str]]], team: str, brought: tuple[str, ...]) -> str:
    mine = next((kind for kind, teams in known if team in teams), None)
    brings = next((kind for kind, _ in known if kind in brought), known[0][0])
    return brings if mine is None else mine


def _settle(
    replanning: Replanning,
    city: str,
    seen: Seen,
    asked: Asked,
    found: Revision | None,
    *,
    done: bool,
) -> bool:
    """Check what was found and store it, unless something came; whether it stands."""
    broken = replanning.check(asked.problem, found.draft) if found else [FAILED]
    with replanning.begin() as session:
        live = session.live
        if live is None or live.nights.lock(city) is None:
            return False
        if session.dirty.read(city) != seen.dirt or not is_newest(session, seen.evening):
            return False
        if done or broken:
            session.dirty.clear(city, seen.dirt.generation)
        if broken or found is None:
            session.boards.changed(city, session.now, trouble=REFUSED)
        else:
            _propose(session, city, seen, asked, found)
    if broken:
        replanning.complain(city, broken)
    return not broken


def _propose(session: Session, city: str, seen: Seen, asked: Asked, found: Revision) -> None:
    assert session.live is not None
    proposal = _proposal(session, seen, asked, found)
    waiting = session.live.proposals.waiting(city)
    if proposal.needs_answer:
        if waiting and proposal.is_like(waiting):
            proposal = replace(proposal, id=waiting.id, applies_at=waiting.applies_at)
            session.live.proposals.renew(city, proposal)
        else:
            session.live.proposals.keep(city, proposal, "open")
        session.boards.changed(city, session.now, trouble=asked.note)
        return
    if waiting:
        session.live.proposals.settle(city, waiting.id, "superseded", session.now)
    if proposal.plan.changes_nothing:
        if waiting:
            session.boards.changed(city, session.now)
        return
    if proposal.changes:
        session.live.proposals.keep(city, proposal, "applied")
    apply_proposal(session, seen.evening, proposal, Why(running=True))


def apply_proposal(session: Session, evening: Evening, proposal: Proposal, why: Why) -> None:
    """Let a proposal's plan hold; hosts are told with its reasons."""
    reasons = tuple((change.party_id, change.reason) for change in proposal.changes)
    store_plan(session, evening, proposal.plan, proposal.note, replace(why, reasons=reasons))


def _proposal(session: Session, seen: Seen, asked: Asked, found: Revision) -> Proposal:
    policies, now = seen.evening.policies, session.now
    tell = honest_window(seen.evening, seen.spreads, policies.window_confidence, now)
    plan = compose_live(asked.rest, asked.framed, asked.problem, found.draft, now, tell)
    names = {party.id: party.name or party.address for party in seen.evening.parties}
    names |= {team.id: team.name for team in seen.evening.teams}
    broken = _broken(seen, asked.rest, plan)
    changes = tuple(_change(change, asked.framed, names, broken) for change in found.changes)
    changes += tuple(_told_anew(broken - {change.party_id for change in changes}, seen, plan))
    needs_answer = _needs_answer(policies, changes)
    loss = loss_of(asked.problem, asked.stored) if needs_answer else Loss()
    applies_at = _applies_at(seen, plan, broken, now) if needs_answer else None
    return Proposal(
        *(new_id(), seen.version, now, applies_at, needs_answer, changes, loss, plan, asked.note)
    )


def _needs_answer(policies: Policies, changes: tuple[PlanChange, ...]) -> bool:
    """Whether a dispatcher is asked: by the city's policy."""
    if policies.apply_without_asking == "always":
        return False
    if policies.apply_without_asking == "never":
        return bool(changes)
    return any(change.promised for change in changes)


def _applies_at(seen: Seen, plan: Plan, broken: frozenset[str], now: datetime) -> datetime | None:
    """When it applies unanswered: as the city set, or so that nobody waits in vain to the end."""
    policies, told = seen.evening.policies, seen.evening.told
    after, before = (
        policies.applies_by_itself_after_minutes,
        policies.tell_not_coming_minutes_before,
    )
    times = [now + timedelta(minutes=after)] if after is not None else []
    for party in broken:
        opens = told[party].opens
        if before and opens and not plan.told[party].scheduled:
            times.append(max(now + SOONEST, opens - timedelta(minutes=before)))
    return min(times, default=None)


def _broken(seen: Seen, rest: Rest, plan: Plan) -> frozenset[str]:
    """Hosts who would be told otherwise though neither they nor a dispatcher asked for it."""
    wanted = {party.id for party in seen.evening.parties if not party.no_visit}
    by_hand = {pin.party for pin in seen.pins} | rest.barred.keys()
    told = {party for party, told in seen.evening.told.items() if told.scheduled}
    return frozenset(plan.news & told & wanted - by_hand)


def _told_anew(parties: frozenset[str], seen: Seen, plan: Plan) -> Iterator[PlanChange]:
    """Promises that change though the visit stays about where it was."""
    for party in sorted(parties):
        before, now = seen.evening.told[party], plan.told[party]
        teams, starts = (before.team_id, now.team_id), (before.arrives_at, now.arrives_at)
        yield PlanChange(party, "moved", "The window told no longer holds.", True, *teams, *starts)


def _change(
    change: Revised,
    framed: Frame,
    names: Mapping[str, str],
    broken: frozenset[str],
) -> PlanChange:
    return PlanChange(
        change.party,
        change.kind,
        _in_words(change.reason, names),
        change.party in broken,
        change.old_team,
        change.new_team,
        framed.moment(change.old_starts) if change.old_starts is not None else None,
        framed.moment(change.new_starts) if change.new_starts is not None else None,
    )


def _in_words(reason: str, known: Mapping[str, str]) -> str:
    """The planner's reason as a sentence for people: names for ids."""
    words = []
    for word in reason.split(" "):
        bare = word.rstrip(",.").partition("/")[0]
        end = "," if word.endswith(",") else ""
        words.append(known[bare] + end if bare in known else word)
    said = " ".join(words)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _think_on(replanning: Replanning, city: str, seen: Seen, asked: Asked, first: Revision) -> None:
    """Search on until something comes; what is clearly better takes the first answer's place."""

    def superseded() -> bool:
        with replanning.begin() as session:
            return session.dirty.read(city) != seen.dirt

    known = frozenset(seen.evening.told)
    found = replanning.replanner.replan(asked.problem, asked.stored, known, superseded)
    better = found is not None and _is_better(found, first)
    if found is None or not better:
        with replanning.begin() as session:
            session.dirty.clear(city, seen.dirt.generation)
        return
    with replanning.begin() as session:
        if session.dirty.read(city) != seen.dirt:
            return
        evening = session.plans.evening(city)
    if evening is not None:
        _settle(replanning, city, replace(seen, evening=evening), asked, found, done=True)


def _is_better(found: Revision, first: Revision) -> bool:
    if found.changed_promises != first.changed_promises:
        return found.changed_promises < first.changed_promises
    return found.points >= first.points + WORTHWHILE
