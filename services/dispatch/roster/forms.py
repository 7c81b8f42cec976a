"""The roster's forms: what they send, what they show again, what went wrong. Only pages use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request

from services.dispatch.domain.evening import City, Evening
from services.dispatch.domain.roster.clock import say_pause, say_span
from services.dispatch.domain.roster.conflicts import conflicts_of
from services.dispatch.domain.roster.derived import cells_of, usual_of
from services.dispatch.domain.roster.languages import say_language
from services.dispatch.domain.roster.reading import fields_of
from services.dispatch.domain.roster.values import (
    GROUPS,
    Crew,
    Entry,
    Person,
    Roster,
    Vehicle,
    What,
)
from services.dispatch.rostering import Changed

LISTS: Mapping[What, tuple[str, ...]] = {
    "people": ("kinds",),
    "vehicles": (),
    "teams": ("kinds", "members", "areas"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tick."""

    value: str
    label: str
    ticked: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is shown: fields as texts, choices, and what is wrong with what was sent."""

    what: What
    id: str
    seen: int
    title: str
    values: Mapping[str, str]
    kinds: tuple[Choice, ...] = ()
    groups: tuple[Choice, ...] = ()
    members: tuple[Choice, ...] = ()
    vehicles: tuple[Choice, ...] = ()
    areas: tuple[Choice, ...] = ()
    usual: str = ""
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    changed: tuple[Changed, ...] = ()
    problem: str = ""


def sent(what: What) -> dict[str, Any]:
    """The fields of the form that came; a list with nothing ticked is empty."""
    given: dict[str, Any] = {}
    for name in fields_of(what):
        if name in LISTS[what] and f"has_{name}" in request.form:
            given[name] = request.form.getlist(name)
        elif name in request.form:
            given[name] = request.form[name]
    return given


def seen_version() -> int:
    """The version that the form was made from."""
    text = request.form.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def form_of(
    what: What,
    entry: Entry,
    roster: Roster,
    evening: Evening,
    sent: Mapping[str, Any] | None = None,
) -> Form:
    """The form for an entry, with what was sent in place of what is stored."""
    given = sent or {}
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    values = {**_stored(entry, roster), **texts}
    form = Form(what, entry.id, entry.version, entry.name, values)
    if isinstance(entry, Person):
        group = values["group"]
        groups = tuple(Choice(code, code.capitalize(), code == group) for code in GROUPS)
        kinds = _kinds(evening.city, given.get("kinds", entry.kinds))
        return replace(form, groups=groups, kinds=kinds)
    if not isinstance(entry, Crew):
        return form
    usual = usual_of(roster, evening.city)
    return replace(
        form,
        kinds=_kinds(evening.city, given.get("kinds", entry.kinds)),
        members=_members(roster, entry, given.get("members", entry.members)),
        vehicles=_vehicles(roster, entry, given.get("vehicle", entry.vehicle)),
        areas=_areas(evening, given.get("areas", entry.areas)),
        usual=say_span(usual.opens, usual.closes),
    )


def trouble_of(id_: str, roster: Roster, evening: Evening) -> list[str]:
    """What is gravely wrong with a team, in words."""
    found = conflicts_of(roster, evening.city, evening.parties)
    return [conflict.words for conflict in found if conflict.grave and id_ in conflict.teams]


def _stored(entry: Entry, roster: Roster) -> dict[str, str]:
    """The entry's fields as a form shows them."""
    values = dict(cells_of(entry, roster))
    if isinstance(entry, Crew):
        values["breaks"] = "; ".join(map(say_pause, entry.breaks))
    if not isinstance(entry, Vehicle):
        values["languages"] = ", ".join(map(say_language, entry.languages))
    if isinstance(entry, Person):
        values["message_language"] = say_language(entry.message_language)
    return values


def _kinds(city: City, ticked: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(kind.code, kind.name, kind.code in ticked) for kind in city.kinds)


def _members(roster: Roster, crew: Crew, ticked: Sequence[str]) -> tuple[Choice, ...]:
    """Those in the team first, then those in none, then all others."""
    found = []
    for person in roster.people.values():
        others = [c.name for c in roster.teams_with("people", person.id) if c.id != crew.id]
        found.append(Choice(person.id, person.name, person.id in ticked, ", ".join(others)))
    return tuple(sorted(found, key=lambda c: (not c.ticked, bool(c.hint), c.label.lower())))


def _vehicles(roster: Roster, crew: Crew, ticked: str) -> tuple[Choice, ...]:
    found = [Choice("", "None", not ticked)]
    for vehicle in roster.vehicles.values():
        others = [c.name for c in roster.teams_with("vehicles", vehicle.id) if c.id != crew.id]
        hint = ", ".join(others) or (f"{vehicle.seats} seats" if vehicle.seats else "")
        found.append(Choice(vehicle.id, vehicle.name, vehicle.id == ticked, hint))
    return tuple(found)


def _areas(evening: Evening, ticked: Sequence[str]) -> tuple[Choice, ...]:
    known = {party.area for party in evening.parties if party.area} | set(ticked)
    name = evening.city.area_name
    return tuple(Choice(area, name(area), area in ticked) for area in sorted(known, key=name))
