"""Streets for the map: read from a file, kept for the city, served; other maps by setting."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from services.dispatch.commands.streets import streets
from shared.db import Pool
from shared.ground import OSM, Ground
from shared.street_lines import StreetsRefused, pack, read_streets
from shared.street_store import StreetStore
from tests.dispatch.builders import NOON


def write_geojson(folder: Path) -> Path:
    lines = [
        {
            "type": "Feature",
            "properties": {"FULLNAME": "N Lake Ave", "highway": "primary"},
            "geometry": {"type": "LineString", "coordinates": [[-118.1, 34.1], [-118.1, 34.2]]},
        },
        {
            "type": "Feature",
            "properties": {"name": "Mews"},
            "geometry": {
                "type": "MultiLineString",
                "coordinates": [[[-118, 34], [-118.1, 34]], [[-118, 35], [-118.1, 35]]],
            },
        },
        {"type": "Feature", "properties": {"name": "Nowhere"}, "geometry": None},
    ]
    file = folder / "centrelines.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": lines}))
    return file


def unpacked(packed: bytes) -> list[dict[str, dict[str, object]]]:
    found: list[dict[str, dict[str, object]]] = json.loads(gzip.decompress(packed))["features"]
    return found


def test_a_city_s_own_centre_lines_become_streets(tmp_path: Path) -> None:
    packed, count = pack(read_streets(write_geojson(tmp_path)))
    assert count == 3
    named = [feature["properties"] for feature in unpacked(packed)]
    assert named[0] == {"name": "N Lake Ave", "rank": 1}
    assert named[1] == named[2] == {"name": "Mews", "rank": 3}


def test_an_extract_gives_streets_and_no_footpaths(reference: Path) -> None:
    packed, count = pack(read_streets(reference / "data" / "portland_central.osm.pbf"))
    names = {str(feature["properties"]["name"]) for feature in unpacked(packed)}
    assert count > 2000
    assert "West Burnside Street" in names
    assert len(packed) < 250_000


@pytest.mark.parametrize(
    ("name", "content"),
    [("plan.docx", ""), ("bad.geojson", "[]"), ("bad.osm.pbf", "no extract")],
)
def test_what_is_no_street_file_is_refused_in_words(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(StreetsRefused, match=name):
        pack(read_streets(tmp_path / name))


def test_the_command_loads_a_city_and_the_console_draws_from_it(
    client: httpx.Client,
    pasadena: Callable[..., None],
    url: str,
    redis_url: str,
    tmp_path: Path,
) -> None:
    assert client.get("/pasadena/streets.geojson").status_code == 404
    file = str(write_geojson(tmp_path))
    env = {"DISPATCH_DATABASE_URL": url, "REDIS_URL": redis_url, "SECRET_KEY": "x" * 32}
    wrong = CliRunner().invoke(streets, ["--city", "rome", file], env=env)
    assert wrong.exit_code == 1
    assert "There is no city 'rome'. The cities are: pasadena." in wrong.output
    words = ["--city", "pasadena", "--attribution", "City of Pasadena", file]
    assert "3 streets" in CliRunner().invoke(streets, words, env=env).output
    answer = client.get("/pasadena/streets.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    assert len(answer.json()["features"]) == 3
    page = client.get("/pasadena").text
    assert 'data-streets="/pasadena/streets.geojson?made=' in page
    assert 'data-attribution="City of Pasadena"' in page


def test_newer_streets_take_the_place_of_older_ones(pool: Pool) -> None:
    store = StreetStore(pool)
    store.keep("pasadena", b"old", OSM, NOON)
    store.keep("pasadena", b"new", "City", NOON)
    assert store.lines("pasadena") == b"new"
    known = store.source("pasadena")
    assert known is not None
    assert known.attribution == "City"


def test_by_default_no_other_server_is_asked_for_a_map() -> None:
    assert Ground().policy == ""
    assert Ground().beneath("", "").streets == ""
    assert Ground().beneath("/p/streets.geojson", OSM).attribution == OSM


def test_a_map_of_the_city_s_own_is_let_in_and_no_other() -> None:
    tiles = Ground("https://maps.example.gov/{z}/{x}/{y}.png", "Example County")
    assert "connect-src 'self' https://maps.example.gov;" in tiles.policy
    assert "default-src 'self'" in tiles.policy
    below = tiles.beneath("/p/streets.geojson", OSM)
    assert (below.streets, below.tiles, below.style) == ("", tiles.style_url, "")
    assert below.attribution == "Example County"
    style = Ground("https://maps.example.gov/style.json", "Example County")
    assert style.beneath("", "").style == "https://maps.example.gov/style.json"


def test_modules_and_policy_reach_the_browser_as_it_wants_them(client: httpx.Client) -> None:
    worker = client.get("/house-static/vendor/maplibre-gl/maplibre-gl-worker.mjs")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert "worker-src 'self'" in worker.headers["content-security-policy"]
