"""Roster entries to and from PostgreSQL rows and JSON. Only dispatch's adapters use it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

import orjson

from services.dispatch.adapters.rows import Row, window_of
from services.dispatch.domain.evening import Place
from services.dispatch.domain.roster.clock import Pause
from services.dispatch.domain.roster.values import (
    Change,
    Crew,
    Delta,
    Entry,
    Person,
    ToldTeam,
    Vehicle,
    What,
)

TABLES: Mapping[What, tuple[str, str]] = {
    "people": (
        "roster_people",
        "id, version, name, in_group, kinds, languages, call_sign, phone, email, message_language,"
        " imported",
    ),
    "vehicles": ("roster_vehicles", "id, version, name, kind, seats, imported"),
    "teams": (
        "roster_teams",
        "id, version, position, name, kinds, languages, members, vehicle, start_lat, start_lon,"
        " start_name, opens, closes, end_lat, end_lon, end_name, breaks, areas, most_stops,"
        " imported",
    ),
}


def entry_row(entry: Entry) -> tuple[object, ...]:
    """The values of the columns of the entry's table."""
    imported = orjson.dumps(entry.imported).decode()
    first = (entry.id, entry.version)
    if isinstance(entry, Person):
        lists = (list(entry.kinds), list(entry.languages))
        reached = (entry.phone, entry.email, entry.message_language)
        return (*first, entry.name, entry.group, *lists, entry.call_sign, *reached, imported)
    if isinstance(entry, Vehicle):
        return (*first, entry.name, entry.kind, entry.seats, imported)
    start, end = _degrees(entry.start), _degrees(entry.end)
    return (
        *(*first, entry.position, entry.name),
        *(list(entry.kinds), list(entry.languages), list(entry.members), entry.vehicle),
        *(*start, entry.start_name, entry.opens, entry.closes, *end, entry.end_name),
        *(orjson.dumps(entry.breaks).decode(), list(entry.areas), entry.most_stops, imported),
    )


def entry_of(what: What, row: Row) -> Entry:
    """An entry from a row of its table's columns."""
    imported = tuple((str(name), str(text)) for name, text in row[-1])
    if what == "people":
        lists = (tuple(row[4]), tuple(row[5]))
        who = Person(row[0], row[2], row[3], *lists, imported=imported, version=row[1])
        sign, phone, email, tongue = row[6:10]
        reached = {"phone": phone, "email": email, "message_language": tongue}
        return replace(who, call_sign=sign, **reached)
    if what == "vehicles":
        return Vehicle(row[0], row[2], row[3], row[4], imported, row[1])
    return Crew(
        id=row[0],
        version=row[1],
        position=row[2],
        name=row[3],
        kinds=tuple(row[4]),
        languages=tuple(row[5]),
        members=tuple(row[6]),
        vehicle=row[7],
        start=_place(row[8], row[9]),
        start_name=row[10],
        opens=row[11],
        closes=row[12],
        end=_place(row[13], row[14]),
        end_name=row[15],
        breaks=_pauses(row[16]),
        areas=tuple(row[17]),
        most_stops=row[18],
        imported=imported,
    )


def deltas_json(deltas: Sequence[Delta]) -> str:
    """Deltas as they are stored."""
    return orjson.dumps(deltas).decode()


def change_of(row: Row) -> Change:
    """A change from (version, at, actor, actor_name, verb, words, deltas, undoes, undone_by)."""
    deltas = tuple(
        Delta(d["what"], _entry(d["what"], d["before"]), _entry(d["what"], d["after"]))
        for d in row[6]
    )
    actor, actor_name, verb, words = row[2:6]
    who = (actor, actor_name, verb, words)
    return Change(row[0], row[1].astimezone(UTC), *who, deltas, row[7], row[8])


def told_json(told: Mapping[str, ToldTeam]) -> str:
    """The city file's teams as they are stored."""
    return orjson.dumps(list(told.values())).decode()


def told_of(found: Sequence[dict[str, Any]]) -> dict[str, ToldTeam]:
    """The city file's teams from their JSON, by id."""
    told = (ToldTeam(_crew(team["crew"]), window_of(team["shift"])) for team in found)
    return {team.crew.id: team for team in told}


def _entry(what: What, found: dict[str, Any] | None) -> Entry | None:
    """An entry from its JSON."""
    if found is None:
        return None
    if what == "teams":
        return _crew(found)
    plain = _plain(found)
    return Person(**plain) if what == "people" else Vehicle(**plain)


def _crew(found: dict[str, Any]) -> Crew:
    plain = _plain(found)
    plain["breaks"] = _pauses(found["breaks"])
    for end in ("start", "end"):
        plain[end] = Place(**found[end]) if found[end] else None
    return Crew(**plain)


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in found.items()}
    plain["imported"] = tuple((name, text) for name, text in found["imported"])
    return plain


def _pauses(found: Sequence[Sequence[int]]) -> tuple[Pause, ...]:
    """Breaks from their JSON; one without minutes lasts as long as its span."""
    return tuple((p[0], p[1], p[2] if len(p) > 2 else p[1] - p[0]) for p in found)


def _degrees(place: Place | None) -> tuple[float | None, float | None]:
    return (place.lat, place.lon) if place else (None, None)


def _place(lat: float | None, lon: float | None) -> Place | None:
    return None if lat is None or lon is None else Place(lat, lon)
