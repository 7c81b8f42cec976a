"""People, vehicles and teams of one city, and changes of them. Any dispatch module may use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal

from services.dispatch.domain.evening import Place, Window
from services.dispatch.domain.roster.clock import Pause

What = Literal["people", "vehicles", "teams"]
Cells = tuple[tuple[str, str], ...]
"""What a spreadsheet last said of an entry: field and text."""

GROUPS: Mapping[str, str] = {
    "officer": "officers",
    "firefighter": "firefighters",
    "volunteer": "volunteers",
    "official": "officials",
    "other": "others",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be in a team; `kinds` are the visitor kinds that the person brings.

    `phone` is E.164; messages to the person are written in `message_language`.
    """

    id: str
    name: str
    group: str = "officer"
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    call_sign: str = ""
    phone: str = ""
    email: str = ""
    message_language: str = ""
    imported: Cells = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Something to drive in; `seats` is 0 where nobody has counted them."""

    id: str
    name: str
    kind: str = ""
    seats: int = 0
    imported: Cells = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Crew:
    """A team as the roster keeps it. What is empty follows from its members or from what is usual.

    Times are minutes after midnight, by the city's clocks, of the day of the evening.
    """

    id: str
    name: str
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    vehicle: str = ""
    start: Place | None = None
    start_name: str = ""
    opens: int | None = None
    closes: int | None = None
    end: Place | None = None
    end_name: str = ""
    breaks: tuple[Pause, ...] = ()
    areas: tuple[str, ...] = ()
    most_stops: int = 0
    position: int = 0
    imported: Cells = ()
    version: int = 0


Entry = Person | Vehicle | Crew


@dataclass(frozen=True, slots=True)
class ToldTeam:
    """A team as the city's file last gave it; `shift` is exact to the second."""

    crew: Crew
    shift: Window


@dataclass(frozen=True, slots=True)
class Roster:
    """All entries of a city by id; `told` are the teams as the city's file last gave them.

    `kept_since` is when somebody first changed the roster here; None while only the file speaks.
    """

    city: str
    version: int = 0
    people: Mapping[str, Person] = field(default_factory=dict)
    vehicles: Mapping[str, Vehicle] = field(default_factory=dict)
    teams: Mapping[str, Crew] = field(default_factory=dict)
    told: Mapping[str, ToldTeam] = field(default_factory=dict)
    kept_since: datetime | None = None

    def of(self, what: What) -> Mapping[str, Any]:
        """The entries of one sort."""
        found: Mapping[str, Any] = getattr(self, what)
        return found

    def teams_with(self, what: What, id_: str) -> list[Crew]:
        """The teams that a person or vehicle is in."""
        if what == "people":
            return [crew for crew in self.teams.values() if id_ in crew.members]
        return [crew for crew in self.teams.values() if crew.vehicle == id_]


@dataclass(frozen=True, slots=True)
class Delta:
    """One entry before and after a change; None where it was or is not there."""

    what: What
    before: Entry | None
    after: Entry | None

    @property
    def id(self) -> str:
        """The entry's id."""
        found = self.after or self.before
        return found.id if found else ""

    @property
    def name(self) -> str:
        """The entry's name, the newest that is known."""
        found = self.after or self.before
        return found.name if found else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that somebody did to the roster; `version` is the roster's from then on."""

    version: int
    at: datetime
    actor: str
    actor_name: str
    verb: str
    words: str
    deltas: tuple[Delta, ...]
    undoes: int | None = None
    undone_by: int | None = None

    @property
    def can_be_undone(self) -> bool:
        """Whether somebody here did it, and nobody has undone it yet."""
        return self.undone_by is None and self.verb != "file"


def differing(before: Entry, after: Entry) -> list[str]:
    """The fields in which two states of an entry differ; bookkeeping does not count."""
    names = (f.name for f in fields(before) if f.name not in ("version", "imported"))
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def applied(roster: Roster, deltas: tuple[Delta, ...] | list[Delta]) -> Roster:
    """The roster once the deltas are done, its teams in their order."""
    for delta in deltas:
        entries = dict(roster.of(delta.what))
        if delta.after is None:
            entries.pop(delta.id, None)
        else:
            entries[delta.id] = delta.after
        given: dict[str, Any] = {delta.what: entries}
        roster = replace(roster, **given)
    teams = sorted(roster.teams.values(), key=lambda crew: (crew.position, crew.name, crew.id))
    return replace(roster, teams={crew.id: crew for crew in teams})


def numbered(deltas: Iterable[Delta], version: int) -> list[Delta]:
    """The deltas with the entries after them marked as being of `version`."""
    return [
        replace(delta, after=replace(delta.after, version=version)) if delta.after else delta
        for delta in deltas
    ]
