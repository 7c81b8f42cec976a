"""Driving times from a Valhalla server: its time-distance matrix, for `StreetTimes`."""

from collections.abc import Sequence

import httpx

from services.dispatch.adapters.street_times import OffTheMap, Seconds
from services.dispatch.domain.evening import Place

NO_ROAD_NEARBY = 171


class Valhalla:
    """One matrix of a server whose `max_matrix_location_pairs` is at least `most` squared."""

    name = "Valhalla"
    most = 50

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url = f"{url.rstrip('/')}/sources_to_targets"
        self._client = client

    def table(self, sources: Sequence[Place], targets: Sequence[Place]) -> Seconds:
        """Seconds from each source to each target, None where no road leads."""
        asked = {"sources": _points(sources), "targets": _points(targets), "costing": "auto"}
        answer = self._client.post(self._url, json=asked)
        refused = answer.status_code == httpx.codes.BAD_REQUEST
        if refused and answer.json().get("error_code") == NO_ROAD_NEARBY:
            raise OffTheMap
        rows = answer.raise_for_status().json()["sources_to_targets"]
        return [[cell["time"] for cell in row] for row in rows]


def _points(places: Sequence[Place]) -> list[dict[str, float]]:
    return [{"lat": place.lat, "lon": place.lon} for place in places]
