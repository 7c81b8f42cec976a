"""One behaviour suite for every geocoder: the city's own on a real database, others on a server."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.registration.adapters.address_extract import Found
from services.registration.adapters.address_files import read_points
from services.registration.adapters.corners import guess_corners
from services.registration.adapters.postgres_addresses import AddressStore
from services.registration.adapters.postgres_geocoder import PostgresGeocoder
from services.registration.adapters.web_geocoders import InTurn, WebGeocoder, make_geocoder
from services.registration.domain.geography import Point, km_between
from services.registration.domain.places import Proposal
from services.registration.ports import Geocoder
from tests.registration.builders import NOW, a_city
from tests.registration.conftest import Service

POINTS = """number,street,lat,lon
400,N Maple St,34.1400,-118.0800
420,N Maple St,34.1410,-118.0800
480,N Maple St,34.1420,-118.0800
500,N Maple St,34.1430,-118.0800
410,S Maple St,34.1300,-118.0800
10,Oak Ave,34.1404,-118.0802
90,Oak Ave,34.1404,-118.0820
"""
THERE = Point(34.141, -118.08)
FAR = Point(40.0, -75.0)


def load(service: Service, folder: Path, text: str = POINTS) -> None:
    """Load these addresses for Pasadena."""
    file = folder / "points.csv"
    file.write_text(text)
    found = Found([point for point in read_points(file) if point])
    found.corners = guess_corners(found.points)
    AddressStore(service.pool).replace("pasadena", "points", found, NOW, lambda *_: None)


def census(places: list[tuple[str, Point]]) -> Any:
    """As the Census Bureau answers."""
    matches = [
        {"matchedAddress": label, "coordinates": {"x": p.lon, "y": p.lat}} for label, p in places
    ]
    return {"result": {"addressMatches": matches}}


def nominatim(places: list[tuple[str, Point]]) -> Any:
    """As Nominatim answers."""
    return [
        {
            "display_name": label,
            "lat": str(p.lat),
            "lon": str(p.lon),
            "address": {"house_number": "420"},
        }
        for label, p in places
    ]


def _features(places: list[tuple[str, Point]], properties: Callable[[str], Any]) -> Any:
    return {
        "features": [
            {
                "geometry": {"type": "Point", "coordinates": [p.lon, p.lat]},
                "properties": properties(label),
            }
            for label, p in places
        ]
    }


def photon(places: list[tuple[str, Point]]) -> Any:
    """As Photon answers."""
    return _features(places, lambda label: {"housenumber": "420", "street": label[4:]})


def pelias(places: list[tuple[str, Point]]) -> Any:
    """As Pelias answers."""
    return _features(
        places,
        lambda label: {
            "label": label,
            "layer": "address",
            "confidence": 1,
            "match_type": "exact",
        },
    )


KINDS = {"census": census, "nominatim": nominatim, "photon": photon, "pelias": pelias}
QUICK = httpx.Timeout(0.3)


@dataclass
class Script:
    """What the server says next, and what it was asked."""

    body: bytes = b"{}"
    status: int = 200
    stalls: bool = False
    asked: str = ""


@contextmanager
def scripted(script: Script) -> Iterator[str]:
    """A local server that says what the script holds."""
    done = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script.asked = self.path
            if script.stalls:
                done.wait(10)
                return
            self.send_response(script.status)
            self.end_headers()
            self.wfile.write(script.body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    done.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["own", *KINDS])
def geocoder(
    request: pytest.FixtureRequest, service: Service, tmp_path: Path
) -> Iterator[Geocoder]:
    """Each geocoder, knowing 420 N Maple St and nothing like Zanzibar."""
    if request.param == "own":
        service: Service = request.getfixturevalue("service")
        load(service, tmp_path)
        yield PostgresGeocoder(service.pool)
        return
    script = Script()
    with scripted(script) as url:
        yield Scripted(WebGeocoder(request.param, url, QUICK), KINDS[request.param], script)


class Scripted:
    """A geocoder whose server knows what the suite asks for."""

    def __init__(self, inner: Geocoder, shape: Callable[[Any], Any], script: Script) -> None:
        self._inner, self._shape, self._script = inner, shape, script

    def propose(self, text: str, city: Any) -> list[Proposal]:
        known = [("420 N Maple St", THERE), ("420 N Maple St, far away", FAR)]
        found = known if "maple" in text.lower() else []
        self._script.body = json.dumps(self._shape(found)).encode()
        return self._inner.propose(text, city)


def test_a_known_address_is_proposed_where_it_is(geocoder: Geocoder) -> None:
    best = geocoder.propose("420 N Maple St", a_city())[0]
    assert best.kind == "address"
    assert "420 N Maple St" in best.label
    assert km_between(best.point, THERE) < 0.05
    assert 0 < best.quality <= 1


def test_nothing_is_proposed_outside_the_city(geocoder: Geocoder) -> None:
    found = geocoder.propose("420 N Maple St", a_city())
    assert all(km_between(one.point, THERE) < 40 for one in found)


def test_what_is_not_there_gets_no_proposal(geocoder: Geocoder) -> None:
    for text in (
        "7 Zanzibar Loop",
        "",
        "   ",
        "?!",
        "x" * 5000,
        "'; --",
        "1 %_\\",
        "\x00",
        "1 \x00\ud800 Zanzibar",
    ):
        assert geocoder.propose(text, a_city()) == []


def test_proposals_come_best_first(geocoder: Geocoder) -> None:
    qualities = [one.quality for one in geocoder.propose("420 Maple", a_city())]
    assert qualities == sorted(qualities, reverse=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "script",
    [
        Script(b"not JSON"),
        Script(b"[1]"),
        Script(b'{"features": [{}], "result": {"addressMatches": [{}]}}'),
        Script(b"{}", 500),
        Script(b"{}", 302),
        Script(stalls=True),
    ],
    ids=["text", "list", "gaps", "500", "302", "stalls"],
)
def test_a_server_that_fails_is_no_error(kind: str, script: Script) -> None:
    with scripted(script) as url:
        assert WebGeocoder(kind, url, QUICK).propose("420 N Maple St", a_city()) == []


def test_a_server_that_is_not_there_is_no_error() -> None:
    assert WebGeocoder("photon", "http://127.0.0.1:1", QUICK).propose("1 Oak", a_city()) == []


def test_nobody_else_is_asked_where_the_city_knows(service: Service, tmp_path: Path) -> None:
    load(service, tmp_path)
    script = Script()
    with scripted(script) as url:
        own = PostgresGeocoder(service.pool)
        both = make_geocoder(f"nominatim+{url}", own, QUICK)
        assert isinstance(both, InTurn)
        both.propose("420 N Maple St", a_city())
        assert script.asked == ""
        script.body = json.dumps(nominatim([("Zanzibar", THERE)])).encode()
        assert both.propose("7 Zanzibar Loop", a_city())[0].label == "Zanzibar"
        assert parse_qs(urlsplit(script.asked).query)["q"] == ["7 Zanzibar Loop, Pasadena"]
        assert make_geocoder("", own) is own


WRITTEN = [
    ("420 N Maple St", "420 N Maple St", "address"),
    ("420 north maple street, Pasadena, CA 91107", "420 N Maple St", "address"),
    ("420 N Maple St Pasadena CA", "420 N Maple St", "address"),
    ("420 N Mapel St", "420 N Maple St", "address"),
    ("420 maple", "420 N Maple St", "address"),
    ("400 block of N Maple", "400 block of N Maple St", "block"),
    ("cuadra 400 de N Maple St", "400 block of N Maple St", "block"),
    ("corner of N Maple & Oak", "N Maple St & Oak Ave", "intersection"),
    ("esquina de N Maple con Oak", "N Maple St & Oak Ave", "intersection"),
]


def test_what_residents_write_is_found(service: Service, tmp_path: Path) -> None:
    load(service, tmp_path)
    geocoder = PostgresGeocoder(service.pool)
    for typed, label, kind in WRITTEN:
        best = geocoder.propose(typed, a_city())[0]
        assert (typed, best.label, best.kind, best.is_good) == (typed, label, kind, True)


def test_two_places_that_rival_are_both_uncertain(service: Service, tmp_path: Path) -> None:
    text = "number,street,lat,lon\n5,N Elm St,34.15,-118.08\n5,S Elm St,34.12,-118.08\n"
    load(service, tmp_path, text)
    found = PostgresGeocoder(service.pool).propose("5 Elm St", a_city())
    assert {one.label for one in found} == {"5 N Elm St", "5 S Elm St"}
    assert not any(one.is_good for one in found)


def test_a_number_between_its_neighbours_lies_between_them(
    service: Service, tmp_path: Path
) -> None:
    load(service, tmp_path)
    best = PostgresGeocoder(service.pool).propose("450 N Maple St", a_city())[0]
    assert 34.141 < best.point.lat < 34.142
    assert best.is_good


def test_one_city_does_not_find_the_streets_of_another(service: Service, tmp_path: Path) -> None:
    load(service, tmp_path)
    elsewhere = a_city(slug="dallas", name="Dallas")
    assert PostgresGeocoder(service.pool).propose("420 N Maple St", elsewhere) == []
