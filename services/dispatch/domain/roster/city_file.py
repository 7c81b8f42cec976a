"""Lets a city's file speak into its roster without undoing what people changed there. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from services.dispatch.domain.evening import City, Team
from services.dispatch.domain.roster.derived import crew_as_told
from services.dispatch.domain.roster.values import (
    Crew,
    Delta,
    Person,
    Roster,
    ToldTeam,
    applied,
    differing,
)

BY_TITLE: Sequence[tuple[str, str]] = (
    (r"(?:ofc|officer|sgt|sergeant|lt|lieutenant|cpl|det|detective|deputy|cmdr|commander|chief)\b",
     "officer"),
    (r"(?:ff|firefighter|engineer|eng|paramedic|capt|captain|batt)\b", "firefighter"),
    (r"(?:mayor|vice mayor|council\w*|supervisor|commissioner|senator)\b", "official"),
)  # fmt: skip
BY_KIND: Mapping[str, str] = {
    "police": "officer",
    "k9": "officer",
    "mounted": "officer",
    "fire_engine": "firefighter",
    "fire": "firefighter",
    "elected_official": "official",
    "mascot": "volunteer",
}


def hear_file(roster: Roster, city: City, teams: Sequence[Team]) -> list[Delta]:
    """What the file changes: every field that is still as the file had it before.

    Teams that the file adds are added, those that were deleted here stay deleted, and those that
    it leaves out go unless somebody changed them here.
    """
    people = _people(roster, teams)
    crews = {id_: told.crew for id_, told in as_told(teams, city).items()}
    before = {id_: told.crew for id_, told in roster.told.items()}
    deltas = [Delta("people", None, person) for person in people]
    for id_, crew in crews.items():
        deltas += _one(roster.teams.get(id_), before.get(id_), crew)
    for id_, told in before.items():
        kept = roster.teams.get(id_)
        if id_ not in crews and kept and not differing(told, kept):
            deltas.append(Delta("teams", kept, None))
    return deltas + _leavers(applied(roster, deltas), crews, before)


def person_id(name: str) -> str:
    """The id of somebody whom a city's file names: the same name is the same person."""
    return "f-" + sha256(name.encode()).hexdigest()[:16]


def group_of(name: str, kinds: Iterable[str]) -> str:
    """What somebody probably is, by the title before the name, else by what the team brings."""
    for pattern, group in BY_TITLE:
        if re.match(pattern, name.lower()):
            return group
    return next((BY_KIND[kind] for kind in kinds if kind in BY_KIND), "other")


def as_told(teams: Sequence[Team], city: City) -> dict[str, ToldTeam]:
    """The file's teams as the roster remembers them, by id."""
    return {
        team.id: ToldTeam(
            crew_as_told(team, tuple(map(person_id, team.members)), number, city), team.shift
        )
        for number, team in enumerate(teams)
    }


def _one(kept: Crew | None, before: Crew | None, now: Crew) -> list[Delta]:
    if kept is None:
        return [] if before else [Delta("teams", None, now)]
    if before is None:  # Somebody made a team of that id here: it is theirs.
        return []
    edited = set(differing(before, kept))
    news = [name for name in differing(before, now) if name not in edited]
    if not news:
        return []
    return [Delta("teams", kept, replace(kept, **{name: getattr(now, name) for name in news}))]


def _people(roster: Roster, teams: Sequence[Team]) -> list[Person]:
    """Those whom the file names for the first time."""
    known = {id_ for told in roster.told.values() for id_ in told.crew.members}
    found: dict[str, Person] = {}
    for team in teams:
        for name in team.members:
            id_ = person_id(name)
            if id_ not in known and id_ not in roster.people and id_ not in found:
                found[id_] = Person(id_, name, group_of(name, team.kinds))
    return list(found.values())


def _leavers(roster: Roster, crews: Mapping[str, Crew], before: Mapping[str, Crew]) -> list[Delta]:
    """Those whom the file no longer names, if they are in no team and nobody changed them here."""
    named = {id_ for crew in crews.values() for id_ in crew.members}
    was = {id_ for crew in before.values() for id_ in crew.members}
    gone = []
    for id_ in was - named:
        person = roster.people.get(id_)
        if person and _is_plain(person) and not roster.teams_with("people", id_):
            gone.append(Delta("people", person, None))
    return sorted(gone, key=lambda delta: delta.id)


def _is_plain(person: Person) -> bool:
    """Whether nothing is known of somebody but what the file says."""
    own = (person.kinds, person.languages, person.call_sign, person.imported)
    reached = (person.phone, person.email, person.message_language)
    return not any((*own, *reached)) and person_id(person.name) == person.id
