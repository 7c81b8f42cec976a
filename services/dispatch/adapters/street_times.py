"""The port `TravelTimes` by a routing server, or by an estimate while the server fails."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx
import numpy as np
import numpy.typing as npt
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed

from services.dispatch.adapters.closed_streets import ClosedStreets, Closures
from services.dispatch.domain.evening import Place
from services.dispatch.domain.problem import NO_WAY
from services.dispatch.ports.planning import Times, TravelTimes
from shared.logs import log

Seconds = Sequence[Sequence[float | None]]
Ints = npt.NDArray[np.int32]

REST_SECONDS = 30.0
"""So long a server that failed is not asked again: planning must not wait for it each time."""

CITIES = 8


class OffTheMap(Exception):
    """One of the places has no road nearby."""


class TooManyClosures(Exception):
    """More streets are closed than the server takes at once."""


class Engine(Protocol):
    """A routing server that answers tables of up to `most` times `most` places.

    It `heeds_closures` if it can leave out streets that are closed.
    """

    @property
    def name(self) -> str: ...

    @property
    def most(self) -> int: ...

    @property
    def heeds_closures(self) -> bool: ...

    def table(
        self, sources: Sequence[Place], targets: Sequence[Place], closed: Closures
    ) -> Seconds:
        """Seconds, None where no road leads.

        Raises `OffTheMap`, `TooManyClosures`, or what httpx raises.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """The times that were asked for last in one city."""

    row: Mapping[Place, int]
    seconds: Ints


class StreetTimes:
    """Asks for what is new only: a party that joins costs one row and one column."""

    def __init__(
        self,
        engine: Engine,
        estimate: TravelTimes,
        clock: Callable[[], float] = time.monotonic,
        streets: ClosedStreets | None = None,
    ) -> None:
        self._engine = engine
        self._estimate = estimate
        self._streets = streets or ClosedStreets()
        self._closed = Closures()
        self._refused: Closures | None = None
        self._clock = clock
        self._rests_until = -math.inf
        self._known: deque[_Known] = deque(maxlen=CITIES)
        self._asking = threading.Lock()

    def times(self, places: Sequence[Place]) -> Times:
        """Driving times by street; any failure is logged, and answered by the estimate."""
        with self._asking:
            if self._clock() >= self._rests_until:
                try:
                    return self._by_street(places)
                except (httpx.HTTPError, ValueError, KeyError, TypeError) as fault:
                    self._rests_until = self._clock() + REST_SECONDS
                    log().warning(
                        "travel times are estimates", engine=self._engine.name, fault=repr(fault)
                    )
        note = f"Travel times are estimates: the {self._engine.name} server gives none just now."
        return Times(self._estimate.times(places).seconds, note)

    def _by_street(self, places: Sequence[Place]) -> Times:
        """Times past what is closed now; a note where closures cannot be heeded."""
        closures = self._streets.now()
        note = closures.note
        if closures.rings and not self._engine.heeds_closures:
            note = f"Closed streets are not heeded: {self._engine.name} knows only its own map."
            closures = Closures()
        if closures != self._refused:
            try:
                return Times(self._past(closures, places), note)
            except TooManyClosures:
                self._refused = closures
        note = f"Closed streets are not heeded: the {self._engine.name} server takes fewer at once."
        return Times(self._past(Closures(), places), note)

    def _past(self, closed: Closures, places: Sequence[Place]) -> Ints:
        if closed.rings != self._closed.rings:
            self._known.clear()
        self._closed = closed
        row = {place: number for number, place in enumerate(dict.fromkeys(places))}
        known = max(self._known, key=lambda k: len(k.row.keys() & row.keys()), default=None)
        seconds = self._filled(row, known)
        if known is not None and known.row.keys() & row.keys():
            self._known.remove(known)
        self._known.append(_Known(row, seconds))
        order = [row[place] for place in places]
        return seconds[np.ix_(order, order)]

    def _filled(self, row: Mapping[Place, int], known: _Known | None) -> Ints:
        seconds = np.zeros((len(row), len(row)), dtype=np.int32)
        before = known.row if known else {}
        old = [place for place in row if place in before]
        new = [place for place in row if place not in before]
        if known and old:
            here, there = [row[p] for p in old], [before[p] for p in old]
            seconds[np.ix_(here, here)] = known.seconds[np.ix_(there, there)]
        for sources, targets in ((new, [*old, *new]), (old, new)):
            self._ask(row, seconds, sources, targets)
        np.fill_diagonal(seconds, 0)
        return seconds

    def _ask(
        self, row: Mapping[Place, int], seconds: Ints, sources: list[Place], targets: list[Place]
    ) -> None:
        for some in _chunks(sources, self._engine.most):
            for others in _chunks(targets, self._engine.most):
                block = np.ix_([row[p] for p in some], [row[p] for p in others])
                seconds[block] = self._block(some, others)

    def _block(self, sources: Sequence[Place], targets: Sequence[Place]) -> Ints:
        """A block's seconds; where a place is off the map, the halves are asked one by one."""
        try:
            table = _twice(self._engine, sources, targets, self._closed)
            return _rounded(table, len(sources), len(targets))
        except OffTheMap:
            if len(sources) == len(targets) == 1:
                return np.full((1, 1), NO_WAY, dtype=np.int32)
        if len(sources) >= len(targets):
            half = len(sources) // 2
            return np.vstack([self._block(p, targets) for p in (sources[:half], sources[half:])])
        half = len(targets) // 2
        return np.hstack([self._block(sources, p) for p in (targets[:half], targets[half:])])


@retry(
    retry=retry_if_exception_type(httpx.TransportError),
    stop=stop_after_attempt(2),
    wait=wait_fixed(0.1),
    reraise=True,
)
def _twice(
    engine: Engine, sources: Sequence[Place], targets: Sequence[Place], closed: Closures
) -> Seconds:
    return engine.table(sources, targets, closed)


def _rounded(table: Seconds, rows: int, columns: int) -> Ints:
    """Whole seconds, rounded up; raises ValueError for an answer that is no such table."""
    found = np.array(
        [[NO_WAY if cell is None else cell for cell in row] for row in table], dtype=float
    )
    if found.shape != (rows, columns) or not (found >= 0).all():
        raise ValueError(f"not a table of {rows} by {columns} travel times")
    seconds: Ints = np.minimum(np.ceil(found), NO_WAY).astype(np.int32)
    return seconds


def _chunks(places: list[Place], most: int) -> Iterator[list[Place]]:
    return (places[first : first + most] for first in range(0, len(places), most))
