"""Turns an evening into a planning problem, and gives each hopeless party its reason. Pure."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import ceil, floor
from zoneinfo import ZoneInfo

from services.dispatch.domain import reasons
from services.dispatch.domain.drawing import over_the_cap, turns
from services.dispatch.domain.evening import Evening, Party, Place, Team
from services.dispatch.domain.problem import (
    Aims,
    Band,
    Break,
    Crew,
    Hours,
    Matrix,
    Problem,
    Rule,
    Visit,
)
from services.dispatch.domain.reasons import Reason
from services.dispatch.domain.resting import Call, Course, able
from services.dispatch.domain.roster.languages import spoken
from services.dispatch.domain.rules import must_be_made, narrowed, rules_of, set_free
from services.dispatch.domain.standing import Standing, stand
from services.dispatch.domain.told import Told

USUAL_MINUTES = 15
BURST = 20
"""So many parties without a plan yet are a burst: an import, not somebody at a screen."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An evening's places, the visits worth asking for, and the parties that get none, why.

    Rows of the matrix are the places: first the teams' starts, then the visits' parties, then
    the places where teams have to end (`ends`).
    """

    evening: Evening
    zero: datetime
    places: tuple[Place, ...]
    visits: tuple[Visit, ...]
    refused: Mapping[str, Reason]
    rules: tuple[Rule, ...] = ()
    standings: tuple[Standing, ...] = ()
    ends: Mapping[Place, int] = field(default_factory=dict)

    def problem(self, seconds: Matrix, hours: Sequence[Hours] = ()) -> Problem:
        """The question for a planner, with the driving times between `places`."""
        burst = sum(p.id not in self.evening.told for p in self.evening.parties) >= BURST
        bands = tuple(self._bands(seconds, hours))
        crews, aims = self._crews(), self._aims()
        asked = Problem(self.visits, tuple(crews), seconds, burst, self.rules, aims, bands)
        return replace(asked, crews=tuple(c if c.plain else able(asked, c) for c in crews))

    def moment(self, seconds: int) -> datetime:
        """The moment that a planner's seconds stand for."""
        return self.zero + timedelta(seconds=seconds)

    def _bands(self, seconds: Matrix, hours: Sequence[Hours]) -> Iterator[Band]:
        """The hours in seconds; what lies between two of them is as usual."""
        city = self.evening.city
        day, zone = date.fromisoformat(city.date), ZoneInfo(city.zone)
        followed = {some.opens for some in hours}
        for some in sorted(hours, key=lambda some: some.opens):
            ends = day + timedelta(days=some.closes <= some.opens)
            opens = datetime.combine(day, some.opens, zone)
            closes = datetime.combine(ends, some.closes, zone)
            yield Band(ceil(_seconds(self.zero, opens)), some.seconds)
            if some.closes not in followed:
                yield Band(ceil(_seconds(self.zero, closes)), seconds)

    def _aims(self) -> Aims:
        evening = self.evening
        areas = {party.id: party.area for party in evening.parties}
        return Aims(evening.policies, turns(evening.parties), evening.absent, areas)

    def _crews(self) -> Sequence[Crew]:
        policies = self.evening.policies
        visits: dict[str, list[Visit]] = {}
        for visit in self.visits:
            visits.setdefault(visit.party, []).append(visit)
        return [
            Crew(
                team.id,
                row,
                (starts := ceil(_seconds(self.zero, team.shift.opens))),
                max(starts, floor(_seconds(self.zero, team.shift.closes))),
                tuple(
                    visit.id
                    for stop in self.evening.routes.get(team.id, ())
                    for visit in visits.get(stop.party_id, ())
                    if team.id in visit.teams
                ),
                self.evening.most_stops.get(team.id),
                frozenset(policies.stay_in.get(team.id, ())),
                self.ends.get(team.end) if team.end else None,
                tuple(self._breaks(team)),
                frozenset(map(spoken, team.languages)),
            )
            for row, team in enumerate(self.evening.teams)
        ]

    def _breaks(self, team: Team) -> Iterator[Break]:
        for rest in team.breaks:
            opens = max(
                ceil(_seconds(self.zero, rest.opens)),
                ceil(_seconds(self.zero, team.shift.opens)),
            )
            latest = floor(_seconds(self.zero, rest.closes)) - rest.minutes * 60
            if opens <= latest:
                yield Break(opens, latest, rest.minutes * 60)


@dataclass(frozen=True, slots=True)
class Share:
    """The teams that may make a visit, and how long one of theirs takes."""

    teams: frozenset[str]
    minutes: int


class Shares:
    """Who may make which visit, worked out once for all hosts who ask for the same."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._shares: dict[tuple[str, ...], Mapping[str, Share]] = {}
        self._suited: dict[tuple[str, ...], tuple[Team, ...]] = {}

    def of(self, party: Party) -> Mapping[str, Share]:
        """The visit of each kind asked for, as `shared_out` has it."""
        known = self._shares.get(party.wanted)
        if known is None:
            known = self._shares[party.wanted] = {
                kind: Share(teams, visit_minutes(self._evening, party, teams))
                for kind, teams in shared_out(party, self._evening.teams).items()
            }
        return known

    def suited(self, party: Party) -> tuple[Team, ...]:
        """The teams that may come."""
        known = self._suited.get(party.wanted)
        if known is None:
            known = self._suited[party.wanted] = suited(party, self._evening.teams)
        return known

    def minutes(self, party: Party, team: Team) -> int:
        """How long the team's visit takes, as one of those that may make it."""
        for share in self.of(party).values():
            if team.id in share.teams:
                return share.minutes
        return visit_minutes(self._evening, party, frozenset({team.id}))


def frame(evening: Evening) -> Frame:
    """Sort the evening's parties into visits that can be asked for and refusals with a reason."""
    zero = evening.city.evening.opens
    refused: dict[str, Reason] = {}
    visits: list[Visit] = []
    places = [team.start for team in evening.teams]
    shares = Shares(evening)
    for party in sorted(evening.parties, key=lambda party: (party.received_at, party.id)):
        made = _visits(evening, party, zero, len(places), shares)
        if isinstance(made, Reason):
            refused[party.id] = made
        elif party.place is not None:
            places.append(party.place)
            visits += made
    ends = _ends(evening, places)
    standings = stand(evening, visits, refused)
    rules = rules_of(evening, visits, standings)
    decided = _decided(evening, standings)
    allowed = _allowed(evening, visits, rules, standings, decided)
    left = {visit.party for visit in allowed}
    for visit in visits:
        if visit.party not in left:
            refused[visit.party] = decided.get(visit.party, reasons.NO_TEAM_MAY)
    return Frame(evening, zero, tuple(places), tuple(allowed), refused, rules, standings, ends)


def _ends(evening: Evening, places: list[Place]) -> dict[Place, int]:
    """The row of each place where teams have to end; those that have none yet are added."""
    ends: dict[Place, int] = {}
    for team in evening.teams:
        if team.end and team.end not in ends:
            ends[team.end] = len(places)
            places.append(team.end)
    return ends


def _decided(evening: Evening, standings: Sequence[Standing]) -> Mapping[str, Reason]:
    """Parties that nobody visits by the city's own decision; a pin goes before the cap.

    Where promises are fixed, a cap that comes later takes none back.
    """
    held = [standing.edit for standing in standings if standing.holds]
    pinned = {party for edit in held if edit.kind == "pin" for party in edit.parties}
    late = over_the_cap(evening.policies, evening.parties) - pinned
    if evening.policies.stability == "fixed":
        late -= {party for party, told in evening.told.items() if told.scheduled}
    forbidden = {
        p for edit in held if edit.kind == "forbid" and not edit.team for p in edit.parties
    }
    return dict.fromkeys(late, reasons.OVER_THE_CAP) | dict.fromkeys(forbidden, reasons.NOT_CHOSEN)


def _allowed(
    evening: Evening,
    visits: Sequence[Visit],
    rules: Sequence[Rule],
    standings: Sequence[Standing],
    decided: Mapping[str, Reason],
) -> list[Visit]:
    if not (rules or decided or evening.policies.lottery or standings):
        return list(visits)
    areas = {party.id: party.area for party in evening.parties}
    open_ = [visit for visit in visits if visit.party not in decided]
    must, free = must_be_made(evening, open_, rules, standings), set_free(evening, rules)
    return [
        replace(
            visit,
            must=visit.id in must,
            promised=None if visit.party in free else visit.promised,
        )
        for visit in narrowed(open_, rules, areas)
        if visit.teams
    ]


def suited(party: Party, teams: Sequence[Team]) -> tuple[Team, ...]:
    """The teams of a kind that the host asked for; every team where none was asked."""
    if not party.wanted:
        return tuple(teams)
    return tuple(team for team in teams if set(team.kinds) & set(party.wanted))


def visit_minutes(evening: Evening, party: Party, teams: Container[str]) -> int:
    """How long a visit by one of these teams takes: what the longest kind it may bring takes.

    Where no kind is asked for, or none that the city knows, the city's usual kind counts.
    """
    minutes = {kind.code: kind.minutes for kind in evening.city.kinds}
    able = [team for team in evening.teams if team.id in teams]
    brought = {kind for team in able for kind in team.kinds if kind in party.wanted}
    asked = [minutes[code] for code in brought if code in minutes]
    return max(asked) if asked else next(iter(minutes.values()), USUAL_MINUTES)


def explain_left(problem: Problem, visit: Visit) -> Reason:
    """Why a planner found no place for a visit that could have been asked for."""
    crews = [crew for crew in problem.crews if crew.team in visit.teams]
    on_duty = [crew for crew in crews if _fits(crew, visit, crew.starts)]
    if not on_duty:
        return reasons.NO_TEAM_AT_THAT_TIME
    reached = (_reaches(problem, crew, visit) for crew in on_duty)
    return reasons.NO_TIME_LEFT if any(reached) else reasons.TOO_FAR


def _reaches(problem: Problem, crew: Crew, visit: Visit) -> bool:
    """Whether the crew could make the visit if it were its only one."""
    if crew.plain:
        way = problem.way(crew.place, visit.place, crew.starts)
        return _fits(crew, visit, crew.starts + way)
    course = Course.begin(problem, crew).serve(Call.of(visit))
    return course is not None and course.rests() is not None


def _fits(crew: Crew, visit: Visit, earliest: int) -> bool:
    starts = max(earliest, visit.opens)
    return starts <= visit.latest and starts + visit.service <= crew.ends


def _visits(
    evening: Evening, party: Party, zero: datetime, row: int, shares: Shares
) -> list[Visit] | Reason:
    opens = ceil(_seconds(zero, party.window.opens))
    closes = floor(_seconds(zero, party.window.closes))
    visits: dict[str, Visit] = {}
    for kind, share in shares.of(party).items():
        service = share.minutes * 60
        if opens + service <= closes:
            window = (opens, closes - service, service)
            language = _language(evening, party, share.teams)
            visits[kind] = Visit(party.id, row, *window, share.teams, kind=kind, language=language)
    reason = _refusal(evening, party, shares.suited(party), fits=bool(visits))
    if reason:
        return reason
    told = evening.told.get(party.id)
    if told and told.scheduled:
        kind = _told_kind(told, visits)
        promised = _promised(told, zero)
        visits[kind] = replace(visits[kind], promised=promised, promised_to=told.team_id)
    return list(visits.values())


def _language(evening: Evening, party: Party, teams: Container[str]) -> str:
    """The host's language, where some of the teams speaks it and the city cares."""
    own = spoken(party.language)
    able = (team for team in evening.teams if team.id in teams)
    cares = own and evening.policies.language_points
    return own if cares and any(own in map(spoken, team.languages) for team in able) else ""


def shared_out(party: Party, teams: Sequence[Team]) -> Mapping[str, frozenset[str]]:
    """Who may make the visit of each kind asked for; "" for a party that asks for none.

    A team of several of the kinds brings all of them and counts for the one that fewest bring.
    """
    if not party.wanted:
        return {"": frozenset(team.id for team in teams)}
    bring = {kind: sum(kind in team.kinds for team in teams) for kind in party.wanted}
    shared: dict[str, set[str]] = {}
    for team in suited(party, teams):
        kind = min((kind for kind in party.wanted if kind in team.kinds), key=bring.__getitem__)
        shared.setdefault(kind, set()).add(team.id)
    return {kind: frozenset(shared[kind]) for kind in party.wanted if kind in shared}


def _told_kind(told: Told, visits: Mapping[str, Visit]) -> str:
    """The kind of the visit that the host was told of; of a lost team's, one that replaces it."""
    by_team = (kind for kind, visit in visits.items() if told.team_id in visit.teams)
    by_kind = (kind for kind in visits if kind in told.kinds)
    return next(by_team, next(by_kind, next(iter(visits))))


def _refusal(evening: Evening, party: Party, teams: Sequence[Team], *, fits: bool) -> Reason | None:
    if party.no_visit:
        return reasons.NO_VISIT_WANTED
    if party.place is None:
        return reasons.LOCATION_UNCONFIRMED
    if not evening.teams:
        return reasons.NO_TEAMS
    if not teams:
        names = {kind.code: kind.name for kind in evening.city.kinds}
        return reasons.no_team_of_that_kind(names.get(code, code) for code in party.wanted)
    return None if fits else reasons.WINDOW_TOO_SHORT


def _promised(told: Told, zero: datetime) -> tuple[int, int] | None:
    if told.opens is None or told.closes is None:
        return None
    return ceil(_seconds(zero, told.opens)), floor(_seconds(zero, told.closes))


def _seconds(zero: datetime, moment: datetime) -> float:
    return (moment - zero).total_seconds()
