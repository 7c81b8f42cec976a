"""Writes parties as CSV, XLSX, GeoJSON and iCalendar, batch by batch. Edges use it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from icalendar import Calendar, Event, Timezone

from services.registration.adapters.party_document import read
from services.registration.adapters.spreadsheets import write_xlsx
from services.registration.domain.city import City
from services.registration.domain.exported import (
    COLUMNS,
    OPEN_COLUMNS,
    Cell,
    cells_of,
    open_cells_of,
)
from services.registration.domain.party import Party
from services.registration.domain.sheet import write_sheet
from shared.db import Connection

BATCH = 500
GEOJSON = "application/geo+json"
_PRODUCT = "-//Porchlight//Registration//EN"


def parties_by_id(conn: Connection, ids: Sequence[str]) -> Iterator[Party]:
    """The parties with these ids in their order, never all at once in memory."""
    for some in (ids[n : n + BATCH] for n in range(0, len(ids), BATCH)):
        rows: Any = conn.execute(
            "select document from parties join unnest(%s::uuid[]) with ordinality w (id, place)"
            " using (id) order by place",
            (list(some),),
        ).fetchall()
        yield from (read(document) for (document,) in rows)


def public_parties(conn: Connection, city: str) -> list[Party]:
    """The parties whose hosts agreed to be shown."""
    rows: Any = conn.execute(
        "select document from parties where city = %s and state = 'registered'"
        " and (document #> '{details,public}')::boolean"
        " and coalesce(document ->> 'held', '') = '' order by id",
        (city,),
    ).fetchall()
    return [read(document) for (document,) in rows]


def as_csv(parties: Iterable[Party], city: City) -> Iterator[str]:
    """CSV lines that an import takes back."""
    yield from write_sheet(COLUMNS, (cells_of(party, city.zone) for party in parties))


def as_xlsx(parties: Iterable[Party], city: City) -> bytes:
    """The same as an XLSX file."""

    def rows() -> Iterator[Sequence[Cell]]:
        yield COLUMNS
        yield from (cells_of(party, city.zone) for party in parties)

    return write_xlsx("Parties", rows())


def as_geojson(parties: Iterable[Party], city: City) -> Iterator[str]:
    """A GeoJSON FeatureCollection (RFC 7946), a feature at a time."""
    rows = (cells_of(party, city.zone) for party in parties)
    yield from _features(COLUMNS, rows)


def open_csv(parties: Iterable[Party], city: City) -> Iterator[str]:
    """The open data as CSV lines."""
    yield from write_sheet(OPEN_COLUMNS, _sorted_open(parties, city))


def open_geojson(parties: Iterable[Party], city: City) -> Iterator[str]:
    """The open data as GeoJSON."""
    yield from _features(tuple(OPEN_COLUMNS), _sorted_open(parties, city))


def as_calendar(parties: Iterable[Party], city: City, now: datetime) -> Iterator[bytes]:
    """An iCalendar file (RFC 5545), an event at a time; times are in the city's zone."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{city.programme}, {city.name}")
    head, _, foot = calendar.to_ical().partition(b"END:VCALENDAR")
    yield head + Timezone.from_tzinfo(city.zone).to_ical()
    for party in parties:
        yield _event(party, city, now).to_ical()
    yield b"END:VCALENDAR" + foot


def _event(party: Party, city: City, now: datetime) -> Event:
    details, host = party.details, party.details.host
    event = Event()
    event.add("uid", f"{party.id}@porchlight")
    event.add("sequence", party.revision)
    event.add("dtstamp", now)
    event.add("last-modified", party.changed_at)
    event.add("dtstart", details.span.opens.astimezone(city.zone))
    event.add("dtend", details.span.closes.astimezone(city.zone))
    event.add("summary", f"{details.name} ({party.code})")
    event.add("location", details.address)
    event.add("status", "CANCELLED" if party.is_withdrawn else "CONFIRMED")
    if details.place:
        event.add("geo", (details.place.lat, details.place.lon))
    said = [details.location_notes, f"{details.people} people expected" if details.people else ""]
    said += [" ".join(part for part in (host.name, host.phone, host.email) if part)]
    event.add("description", "\n".join(line for line in said if line))
    return event


def _sorted_open(parties: Iterable[Party], city: City) -> list[list[Cell]]:
    """By what they say, so that their order tells nothing of when they came."""
    return sorted((open_cells_of(party, city.zone) for party in parties), key=repr)


def _features(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    for number, cells in enumerate(rows):
        yield (",\n" if number else "\n") + orjson.dumps(
            _feature(dict(zip(columns, cells, strict=True)))
        ).decode()
    yield "\n]}\n"


def _feature(cells: Mapping[str, Cell]) -> dict[str, object]:
    lat, lon = cells["lat"], cells["lon"]
    point = {"type": "Point", "coordinates": [lon, lat]} if lat != "" else None
    properties = {name: cell for name, cell in cells.items() if name not in ("lat", "lon")}
    return {"type": "Feature", "geometry": point, "properties": properties}
