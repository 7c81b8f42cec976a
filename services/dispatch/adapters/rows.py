"""Domain values to and from PostgreSQL rows and JSON. Only dispatch's adapters use it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from services.dispatch.domain.evening import (
    BreakTime,
    City,
    Party,
    Pause,
    Place,
    Rests,
    Stop,
    Team,
    VisitorKind,
    Window,
)
from services.dispatch.domain.told import Told

Row = Sequence[Any]

PARTY_COLUMNS = (
    "id, code, name, address, location_notes, lat, lon, area, opens, closes,"
    " people, children, wanted, no_visit, host_name, received_at, withdrawn, language, materials"
)
TEAM_COLUMNS = (
    "id, name, kinds, languages, members, lat, lon, shift_opens, shift_closes,"
    " end_lat, end_lon, breaks, areas, most_stops, vehicle, end_name"
)
TOLD_COLUMNS = "revision, team_id, team_name, kinds, opens, closes, arrives_at, reason, detail"


def party_row(party: Party) -> tuple[object, ...]:
    """The values of `PARTY_COLUMNS`."""
    place = (party.place.lat, party.place.lon) if party.place else (None, None)
    return (
        *(party.id, party.code, party.name, party.address, party.location_notes),
        *place,
        *(party.area, party.window.opens, party.window.closes, party.people, party.children),
        *(list(party.wanted), party.no_visit, party.host_name, party.received_at),
        *(party.withdrawn, party.language, list(party.materials)),
    )


def party_of(row: Row) -> Party:
    """A party from a row of `PARTY_COLUMNS`."""
    code, name, address, notes = row[1:5]
    people, children, wanted, no_visit, host, received_at, withdrawn = row[10:17]
    return Party(
        id=row[0],
        code=code,
        name=name,
        address=address,
        location_notes=notes,
        place=None if row[5] is None else Place(row[5], row[6]),
        area=row[7],
        window=Window(_utc(row[8]), _utc(row[9])),
        people=people,
        children=children,
        wanted=tuple(wanted),
        no_visit=no_visit,
        host_name=host,
        received_at=_utc(received_at),
        withdrawn=withdrawn,
        language=row[17],
        materials=tuple(row[18]),
    )


def team_row(team: Team) -> tuple[object, ...]:
    """The values of `TEAM_COLUMNS`."""
    lists = (list(team.kinds), list(team.languages), list(team.members))
    shift = (team.shift.opens, team.shift.closes)
    end = (team.end.lat, team.end.lon) if team.end else (None, None)
    breaks = orjson.dumps(team.breaks).decode()
    more = (breaks, list(team.areas), team.most_stops, team.vehicle, team.end_name)
    return (team.id, team.name, *lists, team.start.lat, team.start.lon, *shift, *end, *more)


def team_of(row: Row) -> Team:
    """A team from a row of `TEAM_COLUMNS`."""
    lists = (tuple(row[2]), tuple(row[3]), tuple(row[4]))
    shift = Window(_utc(row[7]), _utc(row[8]))
    return Team(
        *(row[0], row[1], *lists, Place(row[5], row[6]), shift),
        end=None if row[9] is None else Place(row[9], row[10]),
        breaks=tuple(rest_of(pause) for pause in row[11]),
        areas=tuple(row[12]),
        most_stops=row[13],
        vehicle=row[14],
        end_name=row[15],
    )


def rest_of(found: Mapping[str, Any]) -> BreakTime:
    """A break from its JSON; an older one lasts as long as its span."""
    span = window_of(found)
    whole = int((span.closes - span.opens).total_seconds()) // 60
    return BreakTime(span.opens, span.closes, int(found.get("minutes", whole)))


def window_of(found: Mapping[str, str]) -> Window:
    """A window from its JSON."""
    return Window(*(datetime.fromisoformat(found[key]) for key in ("opens", "closes")))


def told_row(told: Told) -> tuple[object, ...]:
    """The values of `TOLD_COLUMNS`."""
    span = (told.opens, told.closes, told.arrives_at)
    who = (told.revision, told.team_id, told.team_name, list(told.kinds))
    return (*who, *span, told.reason, told.detail)


def told_of(row: Row) -> Told:
    """What was told, from a row of `TOLD_COLUMNS`."""
    revision, team_id, team_name, kinds = row[:4]
    opens, closes, arrives_at = (_utc(moment) if moment else None for moment in row[4:7])
    who = (revision, team_id, team_name, tuple(kinds))
    return Told(*who, opens, closes, arrives_at, reason=row[7], detail=row[8])


def stops_json(stops: Sequence[Stop]) -> str:
    """A route's stops as they are stored."""
    return orjson.dumps(stops).decode()


def stops_of(found: Sequence[dict[str, Any]]) -> tuple[Stop, ...]:
    """A route's stops from their stored JSON."""
    return tuple(
        Stop(
            stop["party_id"],
            stop["code"],
            stop["name"],
            stop["address"],
            Place(**stop["place"]),
            tuple(stop["kinds"]),
            datetime.fromisoformat(stop["arrives_at"]),
            datetime.fromisoformat(stop["leaves_at"]),
        )
        for stop in found
    )


def rests_json(rests: Rests) -> str:
    """What of a route is no stop, as it is stored."""
    return orjson.dumps(rests).decode()


def rests_of(found: Mapping[str, Any]) -> Rests:
    """What of a route is no stop; a plan made before there was any has none."""
    moment, back = datetime.fromisoformat, found.get("back_at")
    pauses = (Pause(moment(p["starts_at"]), moment(p["ends_at"])) for p in found.get("pauses", ()))
    return Rests(tuple(pauses), moment(back) if back else None)


def settings_json(city: City) -> str:
    """What of a city has no column of its own."""
    kept = {"evening": city.evening, "kinds": city.kinds, "areas": city.areas}
    return orjson.dumps(kept).decode()


def city_of(row: Row) -> City:
    """A city from (id, name, programme, zone, date, settings)."""
    settings = row[5]
    evening = Window(*(datetime.fromisoformat(settings["evening"][k]) for k in ("opens", "closes")))
    kinds = tuple(VisitorKind(**kind) for kind in settings["kinds"])
    areas = settings.get("areas", {})
    return City(row[0], row[1], row[2], row[3], row[4], evening, kinds, areas)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
