"""Driving times from a Valhalla server: its time-distance matrix, for `StreetTimes`.

It leaves out closed streets (`exclude_polygons`), as many as the server's limits allow
(`max_exclude_polygons_length` and `_vertices`: 10 km and 100 corners unless raised).
"""

from collections.abc import Sequence

import httpx

from services.dispatch.adapters.closed_streets import Closures
from services.dispatch.adapters.street_times import OffTheMap, Seconds, TooManyClosures
from services.dispatch.domain.evening import Place

NO_ROAD_NEARBY = 171
TOO_MANY_CLOSURES = {167, 176}

WALK = 200
"""Metres that a team walks where its way ends at a closed street; the most the server allows."""


class Valhalla:
    """One matrix of a server whose `max_matrix_location_pairs` is at least `most` squared."""

    name = "Valhalla"
    most = 50
    heeds_closures = True

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url = f"{url.rstrip('/')}/sources_to_targets"
        self._client = client

    def table(
        self, sources: Sequence[Place], targets: Sequence[Place], closed: Closures
    ) -> Seconds:
        """Seconds from each source to each target past closed streets, None where no road leads."""
        ends = {"sources": _points(sources, closed), "targets": _points(targets, closed)}
        avoid = [[[p.lon, p.lat] for p in ring] for ring in closed.rings]
        asked = {**ends, "costing": "auto", **({"exclude_polygons": avoid} if avoid else {})}
        answer = self._client.post(self._url, json=asked)
        if answer.status_code == httpx.codes.BAD_REQUEST:
            _refuse(answer.json().get("error_code"))
        rows = answer.raise_for_status().json()["sources_to_targets"]
        return [[cell["time"] for cell in row] for row in rows]


def _points(places: Sequence[Place], closed: Closures) -> list[dict[str, float]]:
    """Places; whoever goes to one in a closed street may stop at any street within a walk."""
    return [
        {"lat": p.lat, "lon": p.lon, **({"radius": WALK} if closed.near(p, WALK) else {})}
        for p in places
    ]


def _refuse(code: object) -> None:
    if code == NO_ROAD_NEARBY:
        raise OffTheMap
    if code in TOO_MANY_CLOSURES:
        raise TooManyClosures
