"""Driving times from an OSRM server: its table service, for `StreetTimes`."""

from collections.abc import Sequence

import httpx

from services.dispatch.adapters.closed_streets import Closures
from services.dispatch.adapters.street_times import OffTheMap, Seconds
from services.dispatch.domain.evening import Place


class Osrm:
    """One table of a server whose `--max-table-size` is at least twice `most`."""

    name = "OSRM"
    most = 50
    heeds_closures = False

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url = f"{url.rstrip('/')}/table/v1/driving/"
        self._client = client

    def table(
        self,
        sources: Sequence[Place],
        targets: Sequence[Place],
        closed: Closures,  # noqa: ARG002 - the port's; this engine cannot
    ) -> Seconds:
        """Seconds from each source to each target, None where no road leads.

        Its map is fixed, so `closed` is not heeded: a closure means to build the map anew.
        """
        among = ";".join(f"{p.lon:.6f},{p.lat:.6f}" for p in (*sources, *targets))
        here, there = range(len(sources)), range(len(sources), len(sources) + len(targets))
        asked = {"sources": _indices(here), "destinations": _indices(there)}
        answer = self._client.get(self._url + among, params=asked)
        if answer.status_code == httpx.codes.BAD_REQUEST and "NoSegment" in answer.text:
            raise OffTheMap
        found: Seconds = answer.raise_for_status().json()["durations"]
        return found


def _indices(numbers: range) -> str:
    return ";".join(map(str, numbers))
