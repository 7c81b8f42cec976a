"""One behaviour suite for every geocoder; the default one on a real database."""

from pathlib import Path

import pytest

from services.registration.adapters.address_extract import Found
from services.registration.adapters.address_files import read_points
from services.registration.adapters.corners import guess_corners
from services.registration.adapters.postgres_addresses import AddressStore
from services.registration.adapters.postgres_geocoder import PostgresGeocoder
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


def load(service: Service, folder: Path, text: str = POINTS) -> None:
    file = folder / "points.csv"
    file.write_text(text)
    found = Found([point for point in read_points(file) if point])
    found.corners = guess_corners(found.points)
    AddressStore(service.pool).replace("pasadena", "points", found, NOW, lambda *_: None)


@pytest.mark.parametrize(
    ("typed", "label", "kind"),
    [
        ("420 N Maple St", "420 N Maple St", "address"),
        ("420 north maple street, Pasadena, CA 91107", "420 N Maple St", "address"),
        ("420 N Mapel St", "420 N Maple St", "address"),
        ("400 block of N Maple", "400 block of N Maple St", "block"),
        ("corner of N Maple & Oak", "N Maple St & Oak Ave", "intersection"),
    ],
)
def test_what_residents_write_is_found(
    service: Service, tmp_path: Path, typed: str, label: str, kind: str
) -> None:
    load(service, tmp_path)
    best = PostgresGeocoder(service.pool).propose(typed, a_city())[0]
    assert (best.label, best.kind) == (label, kind)
    assert best.is_good
