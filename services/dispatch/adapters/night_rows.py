"""The night's values to and from PostgreSQL rows and JSON. Only dispatch's adapters use it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from services.dispatch.adapters.rows import Row
from services.dispatch.domain.actions import Action, By, Change, Details, Entry, Kind
from services.dispatch.domain.evening import Place, Window
from services.dispatch.domain.night import (
    AreaOff,
    BreakNow,
    NightNow,
    NightState,
    PartyNow,
    TeamNow,
    TeamState,
    VisitNow,
    VisitState,
)

ACTION_COLUMNS = (
    "id::text, kind, at, received_at, team_id, party_id, details, by_id, by_name, source,"
    " told_at, number"
)
ENTRY_COLUMNS = (
    f"{ACTION_COLUMNS}, applied, refusal, touched, changes, version,"
    " coalesce(undoes::text, ''), coalesce(undone_by::text, '')"
)
NIGHT_COLUMNS = "state, reason, held_areas, opened_at, held_at, closed_at, called_off"
TEAM_NOW_COLUMNS = "state, since, party_id, left_party, free_at, late_seconds, heard_at, breaks"
VISIT_COLUMNS = "state, en_route_at, arrived_at, left_at, reason"
PARTY_NOW_COLUMNS = "walk_up, cancelled, reason, lat, lon, address, opens, closes"


def utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC."""
    return moment.astimezone(UTC) if moment else None


def action_of(row: Row) -> Action:
    """An action from a row of `ACTION_COLUMNS`."""
    at, received_at = row[2].astimezone(UTC), row[3].astimezone(UTC)
    return Action(
        id=row[0],
        kind=Kind(row[1]),
        at=at,
        received_at=received_at,
        team=row[4],
        party=row[5],
        details=details_of(row[6]),
        by=By(*row[7:10]),
        told_at=utc(row[10]),
        number=row[11],
    )


def entry_of(row: Row) -> Entry:
    """An entry from a row of `ENTRY_COLUMNS`."""
    applied, refusal, touched, changes, version, undoes, undone_by = row[12:19]
    told = tuple(Change(**change) for change in changes)
    return Entry(action_of(row), applied, refusal, tuple(touched), told, version, undoes, undone_by)


def details_of(found: Mapping[str, Any]) -> Details:
    """Details from their stored JSON, which leaves out what is as usual."""
    given = dict(found)
    for name in ("areas", "wanted", "members", "kinds", "teams"):
        if name in given:
            given[name] = tuple(given[name])
    if "place" in given:
        given["place"] = Place(**given["place"])
    if "window" in given:
        ends = (datetime.fromisoformat(given["window"][end]) for end in ("opens", "closes"))
        given["window"] = Window(*ends)
    return Details(**given)


def details_json(details: Details) -> str:
    """Details as they are stored."""
    usual = Details()
    names = Details.__dataclass_fields__
    given = {name: getattr(details, name) for name in names}
    return orjson.dumps({k: v for k, v in given.items() if v != getattr(usual, k)}).decode()


def night_of(row: Row) -> NightNow:
    """The night from a row of `NIGHT_COLUMNS`."""
    opened_at, held_at, closed_at = (utc(moment) for moment in row[3:6])
    off = (AreaOff(o["area"], o["reason"], datetime.fromisoformat(o["at"])) for o in row[6])
    times = (opened_at, held_at, closed_at)
    return NightNow(NightState(row[0]), row[1], tuple(row[2]), *times, tuple(off))


def night_row(now: NightNow) -> tuple[object, ...]:
    """The values of `NIGHT_COLUMNS`."""
    times = (now.opened_at, now.held_at, now.closed_at)
    off = orjson.dumps(now.called_off).decode()
    return (now.state, now.reason, list(now.held_areas), *times, off)


def team_now_of(row: Row, visits: Mapping[str, VisitNow]) -> TeamNow:
    """A team's state from a row of `TEAM_NOW_COLUMNS`."""
    state, since, party, left, free_at, late, heard, breaks = row
    moment = datetime.fromisoformat
    taken = tuple(
        BreakNow(moment(one["began_at"]), moment(one["ended_at"]) if one["ended_at"] else None)
        for one in breaks
    )
    where = (TeamState(state), utc(since), party, left)
    return TeamNow(*where, utc(free_at), late, utc(heard), visits, taken)


def team_now_row(now: TeamNow) -> tuple[object, ...]:
    """The values of `TEAM_NOW_COLUMNS`."""
    where = (now.state, now.since, now.party, now.left_party)
    breaks = orjson.dumps(now.breaks).decode()
    return (*where, now.free_at, now.late_seconds, now.heard_at, breaks)


def visit_now_of(row: Row) -> VisitNow:
    """A visit's state from a row of `VISIT_COLUMNS`."""
    en_route_at, arrived_at, left_at = (utc(moment) for moment in row[1:4])
    return VisitNow(VisitState(row[0]), en_route_at, arrived_at, left_at, row[4])


def visit_now_row(now: VisitNow) -> tuple[object, ...]:
    """The values of `VISIT_COLUMNS`."""
    return (now.state, now.en_route_at, now.arrived_at, now.left_at, now.reason)


def party_now_of(row: Row) -> PartyNow:
    """What was said of a party, from a row of `PARTY_NOW_COLUMNS`."""
    walk_up, cancelled, reason, lat, lon, address, opens, closes = row
    place = None if lat is None else Place(lat, lon)
    window = None if opens is None else Window(opens.astimezone(UTC), closes.astimezone(UTC))
    return PartyNow(walk_up, cancelled, reason, place, address, window)


def party_now_row(now: PartyNow) -> tuple[object, ...]:
    """The values of `PARTY_NOW_COLUMNS`."""
    place = (now.place.lat, now.place.lon) if now.place else (None, None)
    window = (now.window.opens, now.window.closes) if now.window else (None, None)
    return (now.walk_up, now.cancelled, now.reason, *place, now.address, *window)
