"""A plan made of a planner's draft: routes with everything told, and what each host is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.dispatch.domain import reasons
from services.dispatch.domain.effects import Effect, effects
from services.dispatch.domain.evening import Evening, Party, Pause, Rests, Stop, Team
from services.dispatch.domain.framing import Frame, explain_left
from services.dispatch.domain.problem import Draft, Problem, TimedStop, goes_on
from services.dispatch.domain.reasons import Reason
from services.dispatch.domain.resting import back_at
from services.dispatch.domain.telling import Span, Tell, usual_window
from services.dispatch.domain.told import Told


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan in figures."""

    parties: int
    visited: int
    unvisited: int
    teams: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A city's plan `version`, and of it what differs from the plan before.

    `told` holds every party's state where anything differs (the planned minute included),
    `news` the ids of those whose host has to hear of it. `made_under` holds the city's policies
    with their effects; `name` and `by` are of a draft that a person finalized. `rests` are those
    of the changed routes.
    """

    version: int
    made_at: datetime
    summary: Summary
    changed_routes: Mapping[str, tuple[Stop, ...]]
    told: Mapping[str, Told]
    news: frozenset[str]
    made_under: tuple[Effect, ...] = ()
    name: str = ""
    by: str = ""
    rests: Mapping[str, Rests] = field(default_factory=dict)

    @property
    def changes_nothing(self) -> bool:
        """Whether it says just what the plan before said."""
        return not (self.changed_routes or self.told)


def compose(
    frame: Frame, problem: Problem, draft: Draft, now: datetime, tell: Tell = usual_window
) -> Plan:
    """The plan that follows from a checked draft, compared with the evening's stored one."""
    evening = frame.evening
    routes, rests = _routes(frame, draft), _rests(frame, problem, draft)
    changed = _changed(evening, routes, rests)
    states = _states(frame, problem, draft, routes, tell)
    told = {party: revised(state, evening.told.get(party)) for party, state in states.items()}
    visited = len(draft.visited)
    count = len(evening.parties)
    return Plan(
        evening.version + 1,
        now,
        Summary(count, visited, count - visited, len(evening.teams)),
        changed,
        {party: state for party, state in told.items() if state != evening.told.get(party)},
        frozenset(p for p, s in told.items() if _is_news(s, evening.told.get(p))),
        tuple(effects(evening, {t: [s.party_id for s in stops] for t, stops in routes.items()})),
        rests={team: rests.get(team, Rests()) for team in changed},
    )


def _routes(frame: Frame, draft: Draft) -> dict[str, tuple[Stop, ...]]:
    parties = {party.id: party for party in frame.evening.parties}
    teams = {team.id: team for team in frame.evening.teams}
    return {
        team.id: tuple(
            _stop(frame, parties[timed.party], team, timed)
            for timed in draft.routes.get(team.id, ())
        )
        for team in teams.values()
    }


def _rests(frame: Frame, problem: Problem, draft: Draft) -> dict[str, Rests]:
    """Each team's breaks, and when it is back where it has to be."""
    place = {visit.id: visit.place for visit in problem.visits}
    found = {}
    for crew in problem.crews:
        route, taken = draft.routes.get(crew.team, ()), draft.pauses.get(crew.team, ())
        back = None
        if crew.end is not None and route:
            free = goes_on(draft, crew.team, len(route), route[-1].leaves)
            back = frame.moment(back_at(problem, crew, place[route[-1].visit], free))
        pauses = (Pause(frame.moment(p.starts), frame.moment(p.ends)) for p in taken)
        found[crew.team] = Rests(tuple(pauses), back)
    return found


def _stop(frame: Frame, party: Party, team: Team, timed: TimedStop) -> Stop:
    place = party.place or team.start
    starts, leaves = frame.moment(timed.starts), frame.moment(timed.leaves)
    kinds = tuple(kind for kind in team.kinds if kind in party.wanted) or team.kinds
    return Stop(party.id, party.code, party.name, party.address, place, kinds, starts, leaves)


def _states(
    frame: Frame,
    problem: Problem,
    draft: Draft,
    routes: Mapping[str, tuple[Stop, ...]],
    tell: Tell,
) -> dict[str, Told]:
    states = {party: not_visited(reason) for party, reason in frame.refused.items()}
    states |= {p: not_visited(reason) for p, reason in _left(problem, draft).items()}
    parties = {party.id: party for party in frame.evening.parties}
    for party, (team, stop) in _told_stops(frame.evening, routes).items():
        before = frame.evening.told.get(party)
        span = _span(parties[party], team)
        window = tell(team, routes[team.id], stop, span, _by_same_team(before, team))
        states[party] = _visited(team, stop, window)
    for party, known in frame.evening.told.items():
        if party not in states and known.scheduled:
            states[party] = not_visited(reasons.WITHDRAWN)
    return states


def _left(problem: Problem, draft: Draft) -> dict[str, Reason]:
    """Why parties are without any visit: of several hopeless visits the most hopeful counts."""
    visits = {visit.id: visit for visit in problem.visits}
    visited, found = draft.visited, dict[str, Reason]()
    for left in draft.left:
        visit = visits[left]
        if visit.party not in visited and found.get(visit.party) != reasons.NO_TIME_LEFT:
            found[visit.party] = explain_left(problem, visit)
    return found


def _told_stops(
    evening: Evening, routes: Mapping[str, tuple[Stop, ...]]
) -> dict[str, tuple[Team, Stop]]:
    """Of each party's visits the one that its host is told of: as before, else the earliest."""
    chosen: dict[str, tuple[bool, datetime, Team, Stop]] = {}
    for team in evening.teams:
        for stop in routes[team.id]:
            told = evening.told.get(stop.party_id)
            other = told is None or told.team_id != team.id
            offer = (other, stop.arrives_at, team, stop)
            known = chosen.get(stop.party_id)
            if known is None or offer[:2] < known[:2]:
                chosen[stop.party_id] = offer
    return {party: (team, stop) for party, (_, _, team, stop) in chosen.items()}


def not_visited(reason: Reason) -> Told:
    """What a host is told where nobody comes."""
    return Told(0, reason=reason.code, detail=reason.detail)


def _span(party: Party, team: Team) -> Span:
    """Within which a team may be told of."""
    opens = max(party.window.opens, team.shift.opens)
    return opens, min(party.window.closes, team.shift.closes)


def _by_same_team(before: Told | None, team: Team) -> Told | None:
    return before if before and before.team_id == team.id else None


def _visited(team: Team, stop: Stop, window: Span) -> Told:
    return Told(0, team.id, team.name, stop.kinds, *window, stop.arrives_at)


def revised(state: Told, before: Told | None) -> Told:
    """The state with its revision, which rises only if the host could tell the two apart."""
    if before is None:
        return replace(state, revision=1)
    return replace(state, revision=before.revision + (not state.says_the_same(before)))


def _is_news(state: Told, before: Told | None) -> bool:
    return before is None or state.revision > before.revision


def _changed(
    evening: Evening, routes: Mapping[str, tuple[Stop, ...]], rests: Mapping[str, Rests]
) -> dict[str, tuple[Stop, ...]]:
    """Routes that differ, and emptied ones of teams that are no longer in the city."""
    gone = {team: () for team, stops in evening.routes.items() if team not in routes and stops}
    differing = {
        team: stops
        for team, stops in routes.items()
        if stops != evening.routes.get(team, ())
        or rests.get(team, Rests()) != evening.rests.get(team, Rests())
    }
    return gone | differing
