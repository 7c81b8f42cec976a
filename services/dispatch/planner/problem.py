"""The evening to be planned: parties, teams, travel and rules, all frozen and validated.

Times are whole seconds from the evening's zero, which the caller chooses. A place is a row of
the travel matrix. Anything that contradicts itself raises InvalidProblem with a name in it;
what is merely hopeless (a party that nobody can reach) is a valid problem, and the plan says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from services.dispatch.planner.errors import InvalidProblem
from services.dispatch.planner.rules import (
    Forbid,
    LockOrder,
    PinTeam,
    PinTime,
    Rule,
    Together,
)
from services.dispatch.planner.travel import LONGEST, UNREACHABLE, Travel

MOST_POINTS = 10**6


@dataclass(frozen=True, slots=True)
class Visit:
    """One optional visit to a party by one team.

    It starts within [opens, latest_start] and takes `service` seconds. The team must offer
    `kind` (where not empty) and every one of `skills`, such as a language that is needed; a team
    that does not offer all of `likes` costs Problem.lacking_penalty points. `must` ranks the visit
    above all ordinary ones.
    """

    id: str
    opens: int
    latest_start: int
    service: int = 900
    prize: float = 1.0
    kind: str = ""
    skills: frozenset[str] = frozenset()
    must: bool = False
    likes: frozenset[str] = frozenset()

    @property
    def needs(self) -> frozenset[str]:
        """Everything that a team must offer to make this visit."""
        return self.skills | {self.kind} if self.kind else self.skills


@dataclass(frozen=True, slots=True)
class Party:
    """A block party at a place; each of its visits may be made or not.

    The first visit made to it earns `bonus` points on top, unless it was `visited` before.
    """

    id: str
    place: int
    visits: tuple[Visit, ...]
    bonus: float = 0.0
    area: str = ""
    visited: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A pause of `seconds` that starts within [opens, latest_start], wherever the team is then."""

    opens: int
    latest_start: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Team:
    """Who drives: from `start_place` at `starts`, to `end_place` (None: anywhere) by `shift_end`.

    `offers` holds its visitor kinds and skills. `must_areas` limits it to those areas, if any;
    `prefer_areas` makes other areas cost Problem.outside_penalty points a visit.
    """

    id: str
    start_place: int
    starts: int
    shift_end: int
    end_place: int | None = None
    offers: frozenset[str] = frozenset()
    name: str = ""
    most_stops: int | None = None
    must_areas: frozenset[str] = frozenset()
    prefer_areas: frozenset[str] = frozenset()
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Everything that a plan depends on. Raises InvalidProblem, naming the party or the team.

    The score to maximise is seconds_per_point x points - seconds of travel. Points are the
    prizes, each party's bonus for its first visit, and area_bonus[area][k] for the area's party
    number k (from 0) that is visited, less outside_penalty per visit outside preferred areas and
    lacking_penalty per visit by a team without all that the visit `likes`.
    """

    parties: tuple[Party, ...]
    teams: tuple[Team, ...]
    travel: Travel
    rules: tuple[Rule, ...] = ()
    seconds_per_point: int = 1000
    outside_penalty: float = 0.0
    lacking_penalty: float = 0.0
    area_bonus: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parties", tuple(self.parties))
        object.__setattr__(self, "teams", tuple(self.teams))
        object.__setattr__(self, "rules", tuple(self.rules))
        _check_settings(self)
        for party in self.parties:
            _check_party(party, self.travel.places)
        _check_teams(self)
        _check_unique("party", (party.id for party in self.parties))
        _check_unique("visit", (visit.id for visit in self.visits))
        for rule in self.rules:
            _check_rule(rule, self)

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """All visits, party by party."""
        return tuple(visit for party in self.parties for visit in party.visits)

    @cached_property
    def party_of(self) -> Mapping[str, Party]:
        """The party of each visit, by the visit's id."""
        return {visit.id: party for party in self.parties for visit in party.visits}

    @cached_property
    def visit_by_id(self) -> Mapping[str, Visit]:
        """The visits by id."""
        return {visit.id: visit for visit in self.visits}

    @cached_property
    def team_by_id(self) -> Mapping[str, Team]:
        """The teams by id."""
        return {team.id: team for team in self.teams}

    def __str__(self) -> str:
        return (
            f"{len(self.parties)} parties, {len(self.visits)} visits, "
            f"{len(self.teams)} teams, {len(self.rules)} rules"
        )


def narrowed(
    problem: Problem,
    parties: tuple[Party, ...],
    teams: tuple[Team, ...],
    rules: tuple[Rule, ...],
    area_bonus: Mapping[str, tuple[float, ...]] | None = None,
) -> Problem:
    """Return a valid problem with fewer visits and other teams: only teams and rules are checked.

    Checking every party once more would take a good part of the time that a re-plan has.
    """
    fewer = object.__new__(Problem)
    changed: dict[str, object] = {"parties": parties, "teams": teams, "rules": rules}
    if area_bonus is not None:
        changed["area_bonus"] = area_bonus
    for each in fields(problem):
        object.__setattr__(fewer, each.name, changed.get(each.name, getattr(problem, each.name)))
    _check_teams(fewer)
    for rule in fewer.rules:
        _check_rule(rule, fewer)
    return fewer


def _check_settings(problem: Problem) -> None:
    if not 1 <= problem.seconds_per_point <= 10**6:
        raise InvalidProblem(f"seconds_per_point is {problem.seconds_per_point}; 1 to 1,000,000")
    _check_points("outside_penalty", problem.outside_penalty)
    _check_points("lacking_penalty", problem.lacking_penalty)
    for area, steps in problem.area_bonus.items():
        for step in steps:
            _check_points(f"area {area!r}: bonus", step)


def _check_party(party: Party, places: int) -> None:
    name = f"party {party.id!r}"
    _check_place(name, party.place, places)
    _check_points(f"{name}: bonus", party.bonus)
    for visit in party.visits:
        _check_visit(f"{name}, visit {visit.id!r}", visit)


def _check_visit(name: str, visit: Visit) -> None:
    _check_points(f"{name}: prize", visit.prize)
    _check_seconds(f"{name}: service", visit.service, least=0)
    _check_window(name, visit.opens, visit.latest_start)


def _check_teams(problem: Problem) -> None:
    for team in problem.teams:
        _check_team(team, problem.travel.places)
        _check_idle(team, problem.travel)
    _check_unique("team", (team.id for team in problem.teams))


def _check_team(team: Team, places: int) -> None:
    name = f"team {team.id!r}"
    _check_place(name, team.start_place, places)
    if team.end_place is not None:
        _check_place(f"{name}: end", team.end_place, places)
    if team.starts is None or team.shift_end is None:
        raise InvalidProblem(f"{name} has no shift")
    _check_seconds(f"{name}: start", team.starts)
    _check_seconds(f"{name}: shift end", team.shift_end)
    if team.shift_end < team.starts:
        raise InvalidProblem(f"{name} has no shift: it ends at {team.shift_end}, before its start")
    if team.most_stops is not None and team.most_stops < 0:
        raise InvalidProblem(f"{name}: most stops is {team.most_stops}; zero or more")
    for pause in team.breaks:
        _check_seconds(f"{name}: break", pause.seconds, least=0)
        _check_window(f"{name}: break", pause.opens, pause.latest_start)


def _check_idle(team: Team, travel: Travel) -> None:
    """Refuse a team that cannot keep its shift even without a single stop."""
    free = team.starts
    for pause in sorted(team.breaks, key=lambda due: (due.latest_start, due.opens)):
        if max(free, pause.opens) > pause.latest_start:
            raise InvalidProblem(f"team {team.id!r}: the break by {pause.latest_start} is missed")
        free = max(free, pause.opens) + pause.seconds
    way = 0 if team.end_place is None else travel.between(team.start_place, team.end_place, free)
    if way == UNREACHABLE or free + way > team.shift_end:
        raise InvalidProblem(f"team {team.id!r} cannot reach its end place within its shift")


def _check_place(name: str, place: int, places: int) -> None:
    if not isinstance(place, int) or not 0 <= place < places:
        raise InvalidProblem(f"{name} is at place {place}; the travel times cover {places} places")


def _check_seconds(name: str, value: float, least: int = -LONGEST) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LONGEST:
        raise InvalidProblem(f"{name} is {value}; whole seconds from {least} to {LONGEST}")


def _check_points(name: str, value: float) -> None:
    if not (math.isfinite(value) and 0 <= value <= MOST_POINTS):
        raise InvalidProblem(f"{name} is {value}; points from 0 to {MOST_POINTS}")


def _check_window(name: str, opens: int, latest: int) -> None:
    _check_seconds(f"{name}: opening", opens)
    _check_seconds(f"{name}: latest start", latest)
    if latest < opens:
        raise InvalidProblem(f"{name}: the window cannot be met, it closes before it opens")


def _check_unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in ids:
        if key in seen:
            raise InvalidProblem(f"{what} {key!r} occurs twice")
        seen.add(key)


def _check_rule(rule: Rule, problem: Problem) -> None:
    for visit in visits_named(rule):
        if visit not in problem.visit_by_id:
            raise InvalidProblem(f"{rule} names a visit that is not asked for")
    team = getattr(rule, "team", None)
    if team is not None and team not in problem.team_by_id:
        raise InvalidProblem(f"{rule} names a team that is not on duty")
    if isinstance(rule, PinTime):
        _check_window(f"visit {rule.visit!r}, pinned", rule.earliest, rule.latest)
    if isinstance(rule, Together):
        _check_seconds(f"{rule}", rule.within, least=0)


def visits_named(rule: Rule) -> tuple[str, ...]:
    """Return the ids of the visits that a rule speaks of."""
    match rule:
        case PinTeam(visit=visit) | PinTime(visit=visit) | Forbid(visit=visit):
            return (visit,)
        case LockOrder(visits=visits):
            return visits
        case Together(first=first, second=second):
            return (first, second)
