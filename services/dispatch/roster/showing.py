"""What the roster's pages show: cards of people, vehicles and teams in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import clock
from services.dispatch.domain.evening import City
from services.dispatch.domain.roster.clock import say_pause, say_span
from services.dispatch.domain.roster.conflicts import Conflict, conflicts_of, counted
from services.dispatch.domain.roster.derived import (
    Usual,
    kinds_of,
    languages_of,
    members_of,
    shift_of,
    usual_of,
)
from services.dispatch.domain.roster.languages import say_language
from services.dispatch.domain.roster.moving import Mover
from services.dispatch.domain.roster.values import (
    GROUPS,
    Change,
    Crew,
    Person,
    Roster,
    Vehicle,
    What,
)
from services.dispatch.roster.opened import Seen

ON_CARDS = ("no_vehicle", "no_members")
"""Conflicts that a card shows by what is not on it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A person or vehicle; `token` is what a move names, `facts` what stands under the name."""

    what: What
    id: str
    name: str
    facts: str
    token: str
    words: str
    others: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one group who are in no team."""

    name: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team with everybody in it; `trouble` are the conflicts that are its own."""

    id: str
    name: str
    kinds: str
    languages: str
    shift: str
    facts: tuple[str, ...]
    members: tuple[Card, ...]
    vehicle: Card | None
    lacks_vehicle: bool
    trouble: tuple[Conflict, ...]
    stops: int
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change as the page tells of it."""

    version: int
    words: str
    who: str
    at: str
    can_be_undone: bool
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole page."""

    city: City
    version: int
    counts: tuple[str, ...]
    kept_since: str
    groups: tuple[Group, ...]
    vehicles: tuple[Card, ...]
    teams: tuple[TeamCard, ...]
    conflicts: tuple[Conflict, ...]
    changes: tuple[Told, ...]


def show(seen: Seen) -> Shown:
    """The page of what was seen."""
    city, roster = seen.city, seen.roster
    look = _Look(seen)
    conflicts = conflicts_of(roster, city, seen.evening.parties)
    zone = ZoneInfo(city.zone)
    return Shown(
        city=city,
        version=roster.version,
        counts=tuple(counted(roster)),
        kept_since=say_moment(roster.kept_since, zone) if roster.kept_since else "",
        groups=tuple(look.groups()),
        vehicles=tuple(look.free_vehicles()),
        teams=tuple(look.team(crew, conflicts) for crew in roster.teams.values()),
        conflicts=tuple(conflicts),
        changes=tuple(told(change, zone) for change in seen.changes),
    )


def told(change: Change, zone: ZoneInfo) -> Told:
    """A change in words."""
    return Told(
        change.version,
        change.words,
        change.actor_name,
        say_moment(change.at, zone),
        change.can_be_undone,
        change.undone_by is not None,
    )


def say_moment(moment: datetime, zone: ZoneInfo) -> str:
    """Day and time in the city."""
    return f"{moment.astimezone(zone):%b %-d}, {clock(moment, zone)}"


class _Look:
    def __init__(self, seen: Seen) -> None:
        self._roster: Roster = seen.roster
        self._city = seen.city
        self._evening = seen.evening
        self._usual: Usual = usual_of(seen.roster, seen.city)
        self._kinds = {kind.code: kind.name for kind in seen.city.kinds}

    def groups(self) -> list[Group]:
        """Those in no team."""
        found = []
        for code, name in GROUPS.items():
            cards = tuple(
                self.person(person, "")
                for person in self._roster.people.values()
                if person.group == code and not self._roster.teams_with("people", person.id)
            )
            if cards:
                found.append(Group(name.capitalize(), cards))
        return found

    def free_vehicles(self) -> list[Card]:
        return [
            self.vehicle(vehicle, "")
            for vehicle in self._roster.vehicles.values()
            if not self._roster.teams_with("vehicles", vehicle.id)
        ]

    def person(self, person: Person, team: str) -> Card:
        tongues = [say_language(code) for code in person.languages if code != "en"]
        brings = [self._kinds.get(code, code) for code in person.kinds]
        facts = " · ".join(filter(None, [person.call_sign, *brings, *tongues]))
        elsewhere = [c.name for c in self._roster.teams_with("people", person.id) if c.id != team]
        others = f"also in {', '.join(elsewhere)}" if team and elsewhere else ""
        words = f"{person.name} {facts} {GROUPS.get(person.group, '')}".lower()
        token = Mover("people", person.id, team).token
        return Card("people", person.id, person.name, facts, token, words, others)

    def vehicle(self, vehicle: Vehicle, team: str) -> Card:
        seats = f"{vehicle.seats} seats" if vehicle.seats else ""
        facts = " · ".join(filter(None, [vehicle.kind, seats]))
        token = Mover("vehicles", vehicle.id, team).token
        words = f"{vehicle.name} {facts}".lower()
        return Card("vehicles", vehicle.id, vehicle.name, facts, token, words)

    def team(self, crew: Crew, conflicts: Sequence[Conflict]) -> TeamCard:
        roster = self._roster
        members = tuple(self.person(person, crew.id) for person in members_of(crew, roster))
        vehicle = roster.vehicles.get(crew.vehicle)
        card = self.vehicle(vehicle, crew.id) if vehicle else None
        kinds = kinds_of(crew, roster, self._city)
        brings = ", ".join(self._kinds.get(code, code) for code in kinds)
        tongues = [say_language(code) for code in languages_of(crew, roster) if code != "en"]
        shift = say_span(*shift_of(crew, self._usual))
        facts = self._facts(crew)
        inside = " ".join(m.words for m in members) + (card.words if card else "")
        words = f"{crew.name} {brings} {' '.join(tongues)} {shift} {' '.join(facts)}".lower()
        return TeamCard(
            *(crew.id, crew.name, brings, ", ".join(tongues), shift, tuple(facts), members, card),
            card is None and bool(roster.vehicles),
            tuple(c for c in conflicts if crew.id in c.teams and c.kind not in ON_CARDS),
            len(self._evening.routes.get(crew.id, ())),
            f"{words} {inside}",
        )

    def _facts(self, crew: Crew) -> list[str]:
        found = []
        if crew.start_name:
            found.append(f"starts at {crew.start_name}")
        if crew.end or crew.end_name:
            found.append(f"ends at {crew.end_name or 'its own place'}")
        if crew.breaks:
            found.append("break " + ", ".join(map(say_pause, crew.breaks)))
        if crew.areas:
            found.append(f"stays in {', '.join(map(self._evening.city.area_name, crew.areas))}")
        if crew.most_stops:
            found.append(f"{crew.most_stops} stops at most")
        return found
