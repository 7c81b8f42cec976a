"""Reads a city's address points from its CSV or GeoJSON file. `addresses load` uses it."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.registration.domain.geography import Point
from services.registration.domain.streets import Street, read_street

_WHOLE = (
    "address",
    "full_address",
    "fulladdr",
    "full_addr",
    "site_address",
    "addr",
    "street_address",
)
_NUMBER = ("number", "house_number", "housenumber", "addr_num", "add_number", "st_num", "addrnum")
_BEFORE = ("predir", "pre_dir", "st_predir", "prefix", "street_dir", "dir")
_STREET = ("street", "street_name", "streetname", "st_name", "stname", "full_street")
_KIND = ("posttype", "st_postyp", "street_type", "suffix", "st_type", "suf")
_AFTER = ("postdir", "post_dir", "st_posdir", "suffix_dir")
_LAT = ("lat", "latitude", "y", "y_coord")
_LON = ("lon", "lng", "long", "longitude", "x", "x_coord")


class AddressesRefused(Exception):
    """The file cannot be used; the words are for whoever ran the command."""


@dataclass(frozen=True, slots=True)
class AddressPoint:
    """One address: its number, its street as the file writes it and as it is understood."""

    number: int
    label: str
    street: Street
    point: Point


def read_points(path: Path) -> Iterator[AddressPoint | None]:
    """The addresses in a CSV or GeoJSON file; None for each row without a number or a place."""
    rows = _from_geojson(path) if path.suffix in (".geojson", ".json") else _from_csv(path)
    for row in rows:
        yield address_point(row)


def address_point(row: Mapping[str, str]) -> AddressPoint | None:
    """The address in a row of named values, if it is one."""
    number, street = _first(row, _NUMBER), _street_text(row)
    if not number:
        number, _, street = _first(row, _WHOLE).partition(",")[0].strip().partition(" ")
    digits = number.partition("-")[0].rstrip("ABCDEFGHabcdefgh")
    try:
        point = Point(float(_first(row, _LAT)), float(_first(row, _LON)))
    except ValueError:
        return None
    known = read_street(street)
    inside = -90 <= point.lat <= 90 and -180 <= point.lon <= 180
    if not (digits.isascii() and digits.isdigit() and len(digits) < 8 and known.name and inside):
        return None
    return AddressPoint(int(digits), titled(street), known, point)


def titled(street: str) -> str:
    """A street's name as signs write it, where a list writes it in capitals."""
    if not street.isupper():
        return " ".join(street.split())
    words = street.split()
    return " ".join(w if w in ("NE", "NW", "SE", "SW") else _capital(w) for w in words)


def _capital(word: str) -> str:
    return word.lower() if word[:1].isdigit() else word.capitalize()


def _street_text(row: Mapping[str, str]) -> str:
    return " ".join(
        filter(None, (_first(row, names) for names in (_BEFORE, _STREET, _KIND, _AFTER)))
    )


def _first(row: Mapping[str, str], names: Iterable[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _from_csv(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = {name.strip().lower() for name in reader.fieldnames or ()}
            _check(path, columns)
            for row in reader:
                yield {
                    (key or "").strip().lower(): (value or "").strip()
                    for key, value in row.items()
                    if not isinstance(value, list)
                }
    except (UnicodeDecodeError, csv.Error) as fault:
        raise AddressesRefused(f"{path.name} is not a CSV file in UTF-8: {fault}.") from fault


def _check(path: Path, columns: set[str]) -> None:
    place = columns & set(_LAT) and columns & set(_LON)
    address = columns & set(_WHOLE) or (columns & set(_NUMBER) and columns & set(_STREET))
    if not (place and address):
        raise AddressesRefused(
            f"{path.name} needs the columns address (or number and street), lat and lon;"
            f" it has {', '.join(sorted(columns)) or 'none'}."
        )


def _from_geojson(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            row = {k.lower(): str(v) for k, v in (feature["properties"] or {}).items() if v}
            if (feature["geometry"] or {}).get("type") == "Point":
                lon, lat, *_ = feature["geometry"]["coordinates"]
                yield row | {"lat": str(lat), "lon": str(lon)}
    except (ValueError, KeyError, TypeError) as fault:
        raise AddressesRefused(f"{path.name} is not GeoJSON with points: {fault}.") from fault
