"""Times routes that somebody wrote down by hand, and lists what they break, by name. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import LABELS, clock, span
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.framing import Frame
from services.dispatch.domain.problem import (
    NO_WAY,
    Ban,
    Beat,
    Crew,
    Draft,
    Lock,
    Pin,
    Problem,
    Slot,
    TimedStop,
    Visit,
)
from services.dispatch.domain.resting import Call, Timed, in_order, late, timed


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that a plan breaks: on whose route, at which party, in a sentence."""

    team: str
    party: str
    words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A plan made by hand, with its own times, and all that it breaks."""

    draft: Draft
    faults: tuple[Fault, ...]


def check_by_hand(framed: Frame, problem: Problem, routes: Mapping[str, Sequence[str]]) -> Checked:
    """Time the routes, each stop as early as it can be, and list what they break.

    Routes hold parties by id, by team. A stop that cannot be on time gets its real, late time.
    """
    desk = _Desk(framed, problem)
    made = {crew.team: desk.timed(crew, routes.get(crew.team, ())) for crew in problem.crews}
    visited = {stop.visit for route in made.values() for stop in route}
    left = tuple(visit.id for visit in problem.visits if visit.id not in visited)
    pauses = {team: driven.pauses for team, driven in desk.driven.items()}
    return Checked(Draft(made, left, pauses), tuple(desk.faults(routes, made)))


class _Desk:
    """Looks everything up by name."""

    def __init__(self, framed: Frame, problem: Problem) -> None:
        evening: Evening = framed.evening
        self._framed = framed
        self._problem = problem
        self._zone = ZoneInfo(evening.city.zone)
        self._teams = {team.id: team.name for team in evening.teams}
        self._parties = {p.id: p for p in evening.parties}
        self._visits = {visit.id: visit for visit in problem.visits}
        self.driven: dict[str, Timed] = {}
        self._by_party: dict[str, list[Visit]] = {}
        for visit in problem.visits:
            self._by_party.setdefault(visit.party, []).append(visit)

    def timed(self, crew: Crew, parties: Sequence[str]) -> tuple[TimedStop, ...]:
        visits = [visit for party in parties if (visit := self._visit(party, crew.team))]
        if not crew.plain:
            return self._rested(crew, visits)
        place, free, stops = crew.place, crew.starts, []
        for visit in visits:
            way = self._problem.way(place, visit.place, free)
            starts = max(free + (way if way < NO_WAY else 0), visit.opens)
            free, place = starts + visit.service, visit.place
            stops.append(TimedStop(visit.party, starts, free, visit.kind))
        return tuple(stops)

    def _rested(self, crew: Crew, visits: Sequence[Visit]) -> tuple[TimedStop, ...]:
        """The stops between the crew's breaks."""
        calls = [Call.of(visit) for visit in visits]
        found = timed(self._problem, crew, calls) or late(self._problem, crew, calls)
        self.driven[crew.team] = found
        return tuple(
            TimedStop(visit.party, starts, starts + visit.service, visit.kind)
            for visit, starts in zip(visits, found.starts, strict=True)
        )

    def _visit(self, party: str, team: str) -> Visit | None:
        own = self._by_party.get(party, [])
        return next((v for v in own if team in v.teams), next(iter(own), None))

    def faults(
        self, routes: Mapping[str, Sequence[str]], timed: Mapping[str, tuple[TimedStop, ...]]
    ) -> Iterator[Fault]:
        for team in routes.keys() - self._teams.keys():
            yield Fault(team, "", f"There is no team {team}.")
        yield from self._strangers(routes)
        for crew in self._problem.crews:
            yield from self._route(crew, timed[crew.team])
            yield from self._rules(crew, timed[crew.team])
        made = {stop.visit for route in timed.values() for stop in route}
        for visit in self._visits.values():
            if visit.must and visit.id not in made:
                words = f"{self._named(visit.party)} has to be visited and is not."
                yield Fault("", visit.party, words)

    def _strangers(self, routes: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
        counts = Counter(
            (party, self._kind(party, t)) for t, route in routes.items() for party in route
        )
        for (party, _), count in counts.items():
            if count > 1:
                yield Fault("", party, f"{self._named(party)} is visited {count} times.")
        for team, route in routes.items():
            for party in route:
                if party not in self._parties:
                    yield Fault(team, party, f"There is no party {party}.")
                elif party in self._framed.refused:
                    code = self._framed.refused[party].code
                    why = LABELS.get(code, code).lower()
                    yield Fault(team, party, f"{self._named(party)} cannot be visited: {why}.")

    def _kind(self, party: str, team: str) -> str:
        visit = self._visit(party, team)
        return visit.kind if visit else ""

    def _route(self, crew: Crew, route: tuple[TimedStop, ...]) -> Iterator[Fault]:
        name, place, free = self._teams[crew.team], crew.place, crew.starts
        if crew.most_stops is not None and len(route) > crew.most_stops:
            words = f"{name} has {len(route)} stops, {crew.most_stops} are the most."
            yield Fault(crew.team, "", words)
        rests = self.driven.get(crew.team)
        for number, stop in enumerate(route):
            visit = self._visits[stop.visit]
            there = (p.ends for p in rests.pauses if p.after == number) if rests else ()
            free = max((free, *there))
            if self._problem.way(place, visit.place, free) >= NO_WAY:
                words = f"No road leads {name} to {self._named(stop.party)}."
                yield Fault(crew.team, stop.party, words)
            if stop.starts > visit.latest:
                yield Fault(crew.team, stop.party, self._late(crew, stop, visit))
            place, free = visit.place, stop.leaves
        if route and route[-1].leaves > crew.ends:
            over = -(-(route[-1].leaves - crew.ends) // 60)
            yield Fault(crew.team, "", f"{name} works {over} minutes past the end of its shift.")
        yield from self._rests(crew, route)

    def _rests(self, crew: Crew, route: tuple[TimedStop, ...]) -> Iterator[Fault]:
        name, driven = self._teams[crew.team], self.driven.get(crew.team)
        if driven is None:
            return
        for pause, due in zip(driven.pauses, in_order(crew), strict=True):
            if pause.starts > due.latest:
                words = f"{name} can start its break at {self._clock(pause.starts)} only;"
                by = f" it has to start by {self._clock(due.latest)}."
                yield Fault(crew.team, "", words + by)
        if crew.end is not None and route and route[-1].leaves <= crew.ends < driven.ends:
            over = -(-(driven.ends - crew.ends) // 60)
            words = f"{name} is back {over} minutes after the end of its shift."
            yield Fault(crew.team, "", words)

    def _clock(self, seconds: int) -> str:
        return clock(self._framed.zero + timedelta(seconds=seconds), self._zone)

    def _late(self, crew: Crew, stop: TimedStop, visit: Visit) -> str:
        zero = self._framed.zero
        opens, latest = (zero + timedelta(seconds=n) for n in (visit.opens, visit.latest))
        at = clock(zero + timedelta(seconds=stop.starts), self._zone)
        return (
            f"{self._teams[crew.team]} reaches {self._named(stop.party)} at {at};"
            f" the visit can start {span(opens, latest, self._zone)}."
        )

    def _rules(self, crew: Crew, route: tuple[TimedStop, ...]) -> Iterator[Fault]:
        name = self._teams[crew.team]
        for stop in route:
            if crew.team not in self._visits[stop.visit].teams:
                yield Fault(crew.team, stop.party, self._unsuited(crew.team, stop))
        for rule in self._problem.rules:
            if isinstance(rule, Lock) and rule.team == crew.team:
                driven = [stop.visit for stop in route if stop.visit in rule.visits]
                if driven != [visit for visit in rule.visits if visit in driven]:
                    settled = ", ".join(
                        self._named(visit.partition("/")[0]) for visit in rule.visits
                    )
                    yield Fault(crew.team, "", f"{name} leaves its settled order: {settled}.")

    def _unsuited(self, team: str, stop: TimedStop) -> str:
        name, party = self._teams[team], self._named(stop.party)
        for rule in self._problem.rules:
            match rule:
                case Pin(visit=stop.visit, team=other) if other != team:
                    return f"{party} is pinned to {self._teams[other]}, not to {name}."
                case Ban(visit=stop.visit, team=banned) if banned == team:
                    return f"{name} is not to visit {party}."
                case Lock(team=other, visits=visits) if stop.visit in visits and other != team:
                    return f"{party} is in the settled order of {self._teams[other]}."
                case Lock(team=other, only=True) if other == team:
                    return f"{name} makes no other stops than those in its settled order."
                case Beat(team=other, areas=areas):
                    area = self._problem.aims.areas.get(stop.party, "")
                    if other == team and area not in areas:
                        return f"{party} lies outside the areas of {name}."
                case Slot():
                    continue
        return f"{name} is of no kind that the host of {party} asks for."

    def _named(self, party: str) -> str:
        known = self._parties.get(party)
        return f"{known.address} ({known.code})" if known else party


def by_name(evening: Evening, routes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The routes with teams and parties by id, as far as their ids, names or codes are known."""
    teams = {team.name.casefold(): team.id for team in evening.teams}
    teams |= {team.id.casefold(): team.id for team in evening.teams}
    parties = {party.code.upper(): party.id for party in evening.parties}
    parties |= {party.id.upper(): party.id for party in evening.parties}
    return {
        teams.get(team.strip().casefold(), team): [
            parties.get(party.strip().upper(), party.strip()) for party in route
        ]
        for team, route in routes.items()
    }
