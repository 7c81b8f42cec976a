"""The plan of a running evening: what stands, with the plan of what is left behind it. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from services.dispatch.domain.effects import effects
from services.dispatch.domain.evening import Evening, Rests, Stop
from services.dispatch.domain.framing import Frame
from services.dispatch.domain.night import NightNow
from services.dispatch.domain.plan import Plan, Summary, compose, not_visited, revised
from services.dispatch.domain.problem import Draft, Problem
from services.dispatch.domain.remaining import Rest
from services.dispatch.domain.telling import Tell

SAME = timedelta(seconds=90)
"""Routes whose stops stay and shift by less than this are left as they are stored."""


def compose_live(
    rest: Rest, framed: Frame, problem: Problem, draft: Draft, now: datetime, tell: Tell
) -> Plan:
    """The whole evening's plan; hosts of whom a visit stands are told nothing new."""
    plan = compose(framed, problem, draft, now, tell)
    told = {party: state for party, state in plan.told.items() if party not in rest.closed}
    routes = {team.id: _route(rest, plan, team.id) for team in rest.whole.teams}
    before = rest.whole.routes
    gone = {team: () for team, stops in before.items() if team not in routes and stops}
    rests = {t: plan.rests.get(t, rest.evening.rests.get(t, Rests())) for t in routes}
    known = rest.whole.rests
    changed = {
        team: stops
        for team, stops in routes.items()
        if _differs(stops, before.get(team, ()))
        or _rests_differ(rests[team], known.get(team, Rests()))
    }
    return replace(
        plan,
        summary=_summary(rest.whole, routes),
        changed_routes={**gone, **changed},
        rests={team: rests.get(team, Rests()) for team in (*gone, *changed)},
        told=told,
        news=plan.news - rest.closed,
    )


def compose_held(rest: Rest, night: NightNow, now: datetime) -> Plan:
    """The plan of a night that is held everywhere: as it was, less areas that are called off."""
    evening = rest.whole
    off = {party.id for party in evening.parties if night.off(party.area)}
    routes = {
        team: tuple(s for s in stops if s.party_id not in off or (s.party_id, team) in rest.settled)
        for team, stops in evening.routes.items()
    }
    told = {
        party: revised(not_visited(why), evening.told.get(party))
        for party, why in rest.barred.items()
    }
    told = {party: state for party, state in told.items() if state != evening.told.get(party)}
    return Plan(
        evening.version + 1,
        now,
        _summary(evening, routes),
        {team: stops for team, stops in routes.items() if stops != evening.routes[team]},
        told,
        frozenset(told),
        tuple(effects(evening, {t: [s.party_id for s in stops] for t, stops in routes.items()})),
    )


def _route(rest: Rest, plan: Plan, team: str) -> tuple[Stop, ...]:
    left = plan.changed_routes.get(team, rest.evening.routes.get(team, ()))
    return (*rest.fixed.get(team, ()), *left)


def _differs(new: tuple[Stop, ...], old: tuple[Stop, ...]) -> bool:
    if [stop.party_id for stop in new] != [stop.party_id for stop in old]:
        return True
    return any(
        abs(a.arrives_at - b.arrives_at) >= SAME
        or abs(a.leaves_at - b.leaves_at) >= SAME
        or (a.place, a.kinds, a.address) != (b.place, b.kinds, b.address)
        for a, b in zip(new, old, strict=True)
    )


def _rests_differ(new: Rests, old: Rests) -> bool:
    if len(new.pauses) != len(old.pauses) or (new.back_at is None) != (old.back_at is None):
        return True
    pairs = [(a.starts_at, b.starts_at) for a, b in zip(new.pauses, old.pauses, strict=True)]
    if new.back_at and old.back_at:
        pairs.append((new.back_at, old.back_at))
    return any(abs(a - b) >= SAME for a, b in pairs)


def _summary(evening: Evening, routes: Mapping[str, tuple[Stop, ...]]) -> Summary:
    parties = {party.id for party in evening.parties}
    visited = {stop.party_id for stops in routes.values() for stop in stops} & parties
    return Summary(len(parties), len(visited), len(parties) - len(visited), len(evening.teams))
