"""The port `TravelTimes`: one suite for the estimate and for real routing servers."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest

from services.dispatch.adapters.closed_streets import ClosedStreets, Closures
from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.osrm import Osrm
from services.dispatch.adapters.street_times import (
    OffTheMap,
    Seconds,
    StreetTimes,
    TooManyClosures,
)
from services.dispatch.adapters.valhalla import Valhalla
from services.dispatch.domain.evening import Place
from services.dispatch.domain.problem import NO_WAY
from services.dispatch.ports.planning import Times, TravelTimes
from tests.dispatch import road_engines

SQUARE = Place(45.5189, -122.6793)
STATION = Place(45.5290, -122.6768)
MARKET = Place(45.5231, -122.6699)
CLOSED_NOWHERE = '{"type": "FeatureCollection", "features": []}'
ENGINES = {"OSRM": (road_engines.osrm, Osrm), "Valhalla": (road_engines.valhalla, Valhalla)}


@pytest.fixture(scope="module", params=["estimate", *ENGINES])
def travel(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TravelTimes]:
    if request.param == "estimate":
        yield GreatCircle()
        return
    start, adapter = ENGINES[request.param]
    closed = tmp_path_factory.mktemp("closed") / "closed.geojson"
    closed.write_text(CLOSED_NOWHERE)
    road_engines.tool("osmium")
    road_engines.tool(request.param.lower())
    with ExitStack() as stack:
        reference: Path = request.getfixturevalue("reference")
        streets = road_engines.usable_map(reference, tmp_path_factory.mktemp("map"))
        url = stack.enter_context(start(streets))
        client = stack.enter_context(httpx.Client(timeout=20))
        streets = ClosedStreets(str(closed))
        yield StreetTimes(adapter(url, client), Estimate(), streets=streets)


class Estimate:
    """Stands in where no estimate is wanted: it is easily told from a street time."""

    def times(self, places: Sequence[Place]) -> Times:
        return Times(np.full((len(places), len(places)), 7, dtype=np.int32))


def test_places_are_minutes_apart_and_nowhere_from_themselves(travel: TravelTimes) -> None:
    found = travel.times([SQUARE, STATION, MARKET])
    seconds = np.asarray(found.seconds)
    assert found.note == ""
    assert seconds.dtype == np.int32
    assert seconds.diagonal().tolist() == [0, 0, 0]
    apart = seconds[~np.eye(3, dtype=bool)]
    assert ((apart > 60) & (apart < 900)).all()


def test_the_order_of_places_is_the_order_of_rows(travel: TravelTimes) -> None:
    there = np.asarray(travel.times([SQUARE, STATION, MARKET]).seconds)
    back = np.asarray(travel.times([MARKET, STATION, SQUARE]).seconds)
    assert back[::-1, ::-1].tolist() == there.tolist()


def test_a_place_may_be_named_twice_and_none_at_all(travel: TravelTimes) -> None:
    twice = np.asarray(travel.times([SQUARE, STATION, SQUARE]).seconds)
    assert twice[0, 2] == twice[2, 0] == 0
    assert twice[0].tolist() == twice[2].tolist()
    assert np.asarray(travel.times([]).seconds).shape == (0, 0)


def test_more_places_than_a_server_takes_at_once_are_asked_in_parts(travel: TravelTimes) -> None:
    many = [Place(45.514 + n % 12 * 0.001, -122.684 + n // 12 * 0.0012) for n in range(130)]
    whole = np.asarray(travel.times(many).seconds)
    assert whole.shape == (130, 130)
    some = np.asarray(travel.times([many[3], many[77], many[129]]).seconds)
    assert some.tolist() == whole[np.ix_([3, 77, 129], [3, 77, 129])].tolist()


def closed_around(*places: Place, degrees: float = 0.0006) -> str:
    """A GeoJSON file that closes a block around each place."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    features = []
    for at in places:
        ring = [[at.lon + x * degrees, at.lat + y * degrees] for x, y in corners]
        area = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {}, "geometry": area})
    return json.dumps({"type": "FeatureCollection", "features": features})


@dataclass
class Closing:
    """Streets by a real server, and the file by which they are closed."""

    streets: StreetTimes
    path: Path

    def close(self, text: str) -> None:
        self.path.write_text(text)

    @property
    def can(self) -> bool:
        return self.streets._engine.heeds_closures

    def seconds(self, *places: Place) -> tuple[list[list[int]], str]:
        found = self.streets.times(places)
        return np.asarray(found.seconds).tolist(), found.note


@pytest.fixture
def closing(travel: TravelTimes) -> Iterator[Closing]:
    """Afterwards nothing is closed again."""
    if not isinstance(travel, StreetTimes):
        pytest.skip("an estimate knows no streets")
    path = travel._streets._path
    assert path is not None
    yield Closing(travel, path)
    path.write_text(CLOSED_NOWHERE)


def test_closed_streets_are_driven_around_or_the_board_says_that_they_cannot_be(
    closing: Closing,
) -> None:
    usual, _ = closing.seconds(SQUARE, STATION, MARKET)
    closing.close(closed_around(Place(45.5240, -122.6760), degrees=0.002))
    now, note = closing.seconds(SQUARE, STATION, MARKET)
    if closing.can:
        assert note == ""
        assert now[0][1] > usual[0][1] + 15
        assert now[0][2] > usual[0][2] + 15
    else:
        assert note.startswith("Closed streets are not heeded: OSRM")
        assert now == usual
    closing.close(CLOSED_NOWHERE)
    assert closing.seconds(SQUARE, STATION, MARKET) == (usual, "")


def test_a_party_in_a_closed_street_is_reached_on_foot_from_its_edge(closing: Closing) -> None:
    closing.close(closed_around(SQUARE))
    seconds, _ = closing.seconds(SQUARE, STATION, MARKET)
    assert (np.array(seconds) < 900).all()


def test_more_closed_streets_than_a_server_takes_are_not_heeded_and_the_board_says_so(
    closing: Closing,
) -> None:
    usual, _ = closing.seconds(SQUARE, STATION)
    closing.close(closed_around(*(Place(45.52 + n / 1e4, -122.68) for n in range(30))))
    now, note = closing.seconds(SQUARE, STATION)
    assert note.startswith("Closed streets are not heeded")
    assert now == usual


@dataclass
class Recorded:
    """A routing server of ours: a second for each 0.001 degrees, and what it was asked."""

    asked: list[tuple[int, int]]
    fault: Exception | None = None
    name: str = "OSRM"
    most: int = 4
    heeds_closures: bool = True
    most_closed: int = 1

    def table(
        self, sources: Sequence[Place], targets: Sequence[Place], closed: Closures
    ) -> Seconds:
        self.asked.append((len(sources), len(targets)))
        if len(closed.rings) > self.most_closed:
            raise TooManyClosures
        if self.fault:
            raise self.fault
        if any(place.lat < 0 for place in (*sources, *targets)):
            raise OffTheMap
        return [[_apart(a, b) for b in targets] for a in sources]


def _apart(a: Place, b: Place) -> float | None:
    return None if b.lon > 90 else abs(a.lat - b.lat) * 1000


def line(*numbers: int) -> list[Place]:
    return [Place(n / 1000, 0) for n in numbers]


def test_only_what_is_new_is_asked_for() -> None:
    server = Recorded([])
    travel = StreetTimes(server, Estimate())
    travel.times(line(1, 2, 3))
    server.asked.clear()
    seconds = np.asarray(travel.times(line(1, 2, 9, 3)).seconds)
    assert sorted(server.asked) == [(1, 4), (3, 1)]
    assert seconds[2].tolist() == [8, 7, 0, 6]
    server.asked.clear()
    travel.times(line(3, 9))
    assert server.asked == []


def test_a_place_that_cannot_be_reached_or_is_off_the_map_has_no_way() -> None:
    travel = StreetTimes(Recorded([]), Estimate())
    island, ocean = Place(0.005, 100), Place(-1, 0)
    found = travel.times([*line(1, 2), island, ocean])
    seconds = np.asarray(found.seconds)
    assert found.note == ""
    assert seconds[0].tolist() == [0, 1, NO_WAY, NO_WAY]
    assert seconds[3].tolist() == [NO_WAY, NO_WAY, NO_WAY, 0]


def test_a_server_that_fails_is_replaced_by_the_estimate_and_left_alone_for_a_while() -> None:
    server = Recorded([], fault=httpx.ConnectError("refused"))
    now = [0.0]
    travel = StreetTimes(server, Estimate(), clock=lambda: now[0])
    found = travel.times(line(1, 2))
    assert np.asarray(found.seconds).tolist() == [[7, 7], [7, 7]]
    assert found.note == ("Travel times are estimates: the OSRM server gives none just now.")
    asked = len(server.asked)
    travel.times(line(1, 2))
    assert len(server.asked) == asked == 2
    server.fault = None
    now[0] = 31.0
    assert travel.times(line(1, 2)).note == ""


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"code": "Ok"}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"durations": [[0, -5], [5, 0]]}),
        httpx.Response(200, json={"durations": [[0]]}),
        httpx.Response(200, json={"sources_to_targets": [[{}]]}),
        httpx.Response(400, json={"code": "TooBig"}),
    ],
)
@pytest.mark.parametrize("adapter", [Osrm, Valhalla])
def test_a_strange_answer_is_a_failure(
    answer: httpx.Response, adapter: Callable[[str, httpx.Client], Osrm | Valhalla]
) -> None:
    client = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    travel = StreetTimes(adapter("http://roads", client), Estimate())
    assert travel.times(line(1, 2)).note.startswith("Travel times are estimates")


def test_what_the_servers_say_of_places_without_a_road_is_understood() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        if "table" in request.url.path:
            return httpx.Response(400, json={"code": "NoSegment"})
        assert json.loads(request.content)["costing"] == "auto"
        return httpx.Response(400, json={"error_code": 171})

    client = httpx.Client(transport=httpx.MockTransport(refuse))
    for engine in (Osrm("http://roads", client), Valhalla("http://roads", client)):
        with pytest.raises(OffTheMap):
            engine.table(line(1), line(2), Closures())


def test_a_refused_number_of_closed_streets_is_not_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "closed.geojson"
    path.write_text(closed_around(SQUARE, STATION))
    server = Recorded([])
    travel = StreetTimes(server, Estimate(), streets=ClosedStreets(str(path)))
    note = "Closed streets are not heeded: the OSRM server takes fewer at once."
    assert travel.times(line(1, 2)).note == note
    server.asked.clear()
    assert travel.times(line(1, 2)).note == note
    assert server.asked == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "is no good"),
        ("[]", "it holds no GeoJSON object"),
        ('{"type": "Point", "coordinates": [0, 0]}', "only areas"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [0, 0]]]}', "three corners"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [0, 91], [1, 0]]]}', "is not a point"),
        ('{"type": "Polygon", "coordinates": []}', "a list is missing"),
        ('{"type": "Polygon", "coordinates": [[["a", 0], [0, 1], [1, 0]]]}', "is not a point"),
    ],
)
def test_a_file_of_closed_streets_that_is_no_good_is_named_on_the_board(
    text: str, fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "closed.geojson"
    path.write_text(text)
    travel = StreetTimes(Recorded([]), Estimate(), streets=ClosedStreets(str(path)))
    note = travel.times(line(1, 2)).note
    assert note.startswith("Closed streets are not heeded: the file closed.geojson")
    assert fault in note


def test_a_missing_file_of_closed_streets_is_named_until_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "closed.geojson"
    streets = ClosedStreets(str(path))
    assert streets.now().note.endswith("the file closed.geojson cannot be read.")
    path.write_text(closed_around(SQUARE))
    assert streets.now().note == ""
    assert streets.now().near(SQUARE, 0)
    assert not streets.now().near(STATION, 200)
    many = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [0, 1], [1, 0]]]]}
    path.write_text(json.dumps({"type": "GeometryCollection", "geometries": [many]}))
    assert streets.now().near(Place(0.5, 0.5), 0)
