"""The port `Planner` by plain insertion: the cheapest visit at its cheapest place, until none fits.

Stored routes keep their stops and their order where that is still possible, and a kept stop
keeps the window that its host was told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.dispatch.domain.problem import (
    Crew,
    Draft,
    Problem,
    TimedPause,
    TimedStop,
    Visit,
)
from services.dispatch.domain.resting import Call, timed
from services.dispatch.domain.timing import Kept, Order, keep_feasible, orders

Ints = npt.NDArray[np.int64]
EVENLY = (240, 30)
"""Seconds of driving that a visit by a team with one stop less is worth: spreads the visits.

The second figure is tried where the first leaves parties out: a full evening needs short ways.
"""

POINT = 1000
"""Seconds of driving that a point is worth, as in the search."""
TRIES = 100
"""So many places on a route are tried where there has to be room for breaks, too."""

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Offer:
    """A crew's cheapest further visit: what it costs in seconds, which, and after which stop."""

    cost: int
    visit: int
    after: int


class Insertion:
    """A planner without memory or randomness: the same problem gives the same draft."""

    def plan(self, problem: Problem) -> Draft:
        """A draft near the stored routes; of several the one that visits most."""
        drafts = []
        for evenly in EVENLY:
            drafts.append(_Search(problem, evenly).run())
            if not drafts[-1].left:
                break
        return max(drafts, key=lambda draft: (len(draft.visited), -len(draft.left)))


class _Search:
    """One run. Arrays hold one entry per visit, in the problem's order."""

    def __init__(self, problem: Problem, evenly: int) -> None:
        self._evenly = evenly
        self._foreign = round(POINT * problem.aims.policies.language_points)
        visits = problem.visits
        self._visits = visits
        self._problem = problem
        # By the slowest hours, so that what is inserted fits at any; routes get their true times.
        every = (problem.seconds, *(band.seconds for band in problem.bands))
        self._seconds = np.maximum.reduce([np.asarray(seconds) for seconds in every])
        self._row = np.array([v.place for v in visits], dtype=np.int64)
        self._opens = np.array([v.opens for v in visits], dtype=np.int64)
        self._latest = np.array([v.latest for v in visits], dtype=np.int64)
        self._service = np.array([v.service for v in visits], dtype=np.int64)
        self._index = {visit.id: number for number, visit in enumerate(visits)}
        self._party = _numbered([visit.party for visit in visits])
        self._free = np.ones(len(visits), dtype=bool)
        self._promised = np.array([v.promised is not None for v in visits], dtype=bool)
        self._must = np.array([v.must for v in visits], dtype=bool)
        self._lines = self._start(problem)

    def _start(self, problem: Problem) -> "list[_Line]":
        wanted = {visit.id: visit for visit in problem.visits}
        lines = []
        for crew in problem.crews:
            kept = keep_feasible(problem, crew, wanted)
            for stop in kept:
                self._free[self._index[wanted.pop(stop.visit.id).id]] = False
            allowed = self._allowed(crew.team, problem.visits)
            lacks = np.array([crew.lacks(visit) for visit in problem.visits], dtype=bool)
            lines.append(_Line(crew, kept, allowed, lacks, orders(problem, crew.team)))
        return lines

    @staticmethod
    def _allowed(team: str, visits: Sequence[Visit]) -> npt.NDArray[np.bool_]:
        return np.array([team in visit.teams for visit in visits], dtype=bool)

    def run(self) -> Draft:
        """What must be made comes first, then what hosts were told, first visits, all others."""
        self._insert(self._must.copy())
        for number in np.flatnonzero(self._must & self._free):
            self._make_room(int(number))
        self._insert(self._promised.copy())
        seen = self._party[~self._free]
        self._insert(~np.isin(self._party, seen), once=True)
        self._insert(np.ones_like(self._promised))
        return self._draft()

    def _make_room(self, number: int) -> None:
        """Put in a visit that must be made: of its crews' other stops one gives way, else all."""
        only = np.zeros_like(self._must)
        only[number] = True
        for line in (line for line in self._lines if line.allowed[number]):
            kept = line.stops
            spare = [stop for stop in kept if not stop.visit.must]
            spare.sort(key=lambda stop: stop.visit.promised is not None)
            for gone in (*([stop] for stop in spare), spare):
                line.stops = [stop for stop in kept if stop not in gone]
                if (offer := self._offer(line, only)) is not None:
                    visit = self._visits[number]
                    line.stops.insert(offer.after, Kept(visit, visit.opens, visit.latest))
                    self._free[number] = False
                    self._free[[self._index[stop.visit.id] for stop in gone]] = True
                    return
            line.stops = kept

    def _insert(self, among: npt.NDArray[np.bool_], *, once: bool = False) -> None:
        """Insert what fits of `among`; `once`: of each party's visits no more than one."""
        asked = _one_of_each(self._lines)
        offers = {line: self._offer(self._lines[line], among) for line in asked}
        while (best := _cheapest(offers)) is not None:
            line, offer = best
            visit = self._visits[offer.visit]
            self._lines[line].stops.insert(offer.after, Kept(visit, visit.opens, visit.latest))
            self._free[offer.visit] = False
            if once:
                among &= self._party != self._party[offer.visit]
            open_ = self._free & among
            stale = [n for n, other in offers.items() if other and not open_[other.visit]]
            for number in {*stale, *(_one_of_each(self._lines) - offers.keys())}:
                offers[number] = self._offer(self._lines[number], among)

    def _offer(self, line: "_Line", among: npt.NDArray[np.bool_]) -> _Offer | None:
        """The line's cheapest further visit, by driving and waiting added."""
        open_ = np.flatnonzero(self._free & line.allowed & among)
        if not open_.size or line.is_full:
            return None
        cost = self._costs(line, open_)
        if not line.crew.plain:
            return self._first_fitting(line, open_, cost)
        at = int(np.argmin(cost))
        after, number = divmod(at, open_.size)
        least = int(cost.flat[at])
        return None if least == _NEVER else _Offer(least, int(open_[number]), after)

    def _first_fitting(self, line: "_Line", open_: Ints, cost: Ints) -> _Offer | None:
        """The cheapest that leaves room for the crew's breaks: costs know nothing of them."""
        for at in np.argsort(cost, axis=None, kind="stable")[:TRIES]:
            after, number = divmod(int(at), open_.size)
            least, visit = int(cost.flat[at]), self._visits[int(open_[number])]
            if least == _NEVER:
                return None
            stops = [*line.stops[:after], Kept(visit, visit.opens, visit.latest)]
            if timed(self._problem, line.crew, _calls([*stops, *line.stops[after:]])):
                return _Offer(least, int(open_[number]), after)
        return None

    def _costs(self, line: "_Line", open_: Ints) -> Ints:
        """Seconds added by each open visit (column) after each stop (row); `_NEVER` if too late."""
        rows, free, deadline = line.clocked(self._problem, self._seconds)
        here = self._row[open_]
        there = self._seconds[np.ix_(rows, here)].astype(np.int64)
        starts = np.maximum(free[:, None] + there, self._opens[open_])
        leaves = starts + self._service[open_]
        fits = (starts <= self._latest[open_]) & (leaves <= line.crew.ends)
        cost: Ints = starts - free[:, None]
        if line.crew.end is not None:
            home = self._seconds[here, line.crew.end].astype(np.int64)
            fits[-1] &= leaves[-1] + home <= line.crew.ends
            cost[-1] += home - int(self._seconds[rows[-1], line.crew.end])
        if len(rows) > 1:
            onward = self._seconds[np.ix_(here, rows[1:])].astype(np.int64).T
            fits[:-1] &= leaves[:-1] + onward <= deadline[:, None]
            cost[:-1] += onward - self._seconds[rows[:-1], rows[1:]][:, None]
        cost += self._evenly * len(line.stops) + self._foreign * line.lacks[open_]
        if line.orders:
            fits &= np.array([line.in_order(self._visits[n].id) for n in open_]).T
        cost[~fits] = _NEVER
        return cost

    def _draft(self) -> Draft:
        routes = {line.crew.team: line.route(self._problem) for line in self._lines}
        pauses = {line.crew.team: line.pauses(self._problem) for line in self._lines}
        left = tuple(self._visits[int(number)].id for number in np.flatnonzero(self._free))
        return Draft(routes, left, {team: taken for team, taken in pauses.items() if taken})


class _Line:
    """One crew's route while it grows."""

    def __init__(
        self,
        crew: Crew,
        stops: list[Kept],
        allowed: npt.NDArray[np.bool_],
        lacks: npt.NDArray[np.bool_],
        orders: Sequence[Order],
    ) -> None:
        self.crew = crew
        self.stops = stops
        self.allowed = allowed
        self.lacks = lacks
        self.orders = orders
        own = tuple(tuple(order.items()) for order in orders)
        rests = (crew.end, crew.breaks, lacks.tobytes())
        hours = (crew.place, crew.starts, crew.ends, crew.most_stops)
        self.kind = (*hours, own, rests, allowed.tobytes())

    @property
    def is_full(self) -> bool:
        """Whether it has as many stops as it may have."""
        return self.crew.most_stops is not None and len(self.stops) >= self.crew.most_stops

    def in_order(self, visit: str) -> npt.NDArray[np.bool_]:
        """After which of its stops (0: the start) the visit may come in a settled order."""
        allowed = np.ones(len(self.stops) + 1, dtype=bool)
        for order in self.orders:
            if visit in order:
                known = [order.get(stop.visit.id) for stop in self.stops]
                before = [n for n, r in enumerate(known) if r is not None and r < order[visit]]
                after = [n for n, r in enumerate(known) if r is not None and r > order[visit]]
                allowed[: max(before, default=-1) + 1] = False
                allowed[min(after, default=len(known)) + 1 :] = False
        return allowed

    def clocked(self, problem: Problem, seconds: npt.NDArray[np.int32]) -> tuple[Ints, Ints, Ints]:
        """Rows of start and stops, when each is left, and by when each stop must be begun.

        Both are as if there were no breaks.
        """
        rows = np.array([self.crew.place, *(s.visit.place for s in self.stops)], dtype=np.int64)
        free = [self.crew.starts, *(stop.leaves for stop in self._straight(problem))]
        deadline = np.zeros(len(self.stops), dtype=np.int64)
        after = self.crew.ends
        if self.crew.end is not None:
            after -= int(seconds[rows[-1], self.crew.end])
        for number in range(len(self.stops) - 1, -1, -1):
            stop = self.stops[number]
            onward = 0
            if number + 1 < len(self.stops):
                onward = int(seconds[rows[number + 1], rows[number + 2]])
            after = min(stop.latest, after - onward - stop.visit.service)
            deadline[number] = after
        return rows, np.array(free, dtype=np.int64), deadline

    def route(self, problem: Problem) -> tuple[TimedStop, ...]:
        """The stops, each as early as it can be."""
        if not self.crew.breaks:
            return self._straight(problem)
        found = timed(problem, self.crew, _calls(self.stops))
        assert found is not None, "stops are taken in only where breaks have room"
        return tuple(
            TimedStop(stop.visit.party, starts, starts + stop.visit.service, stop.visit.kind)
            for stop, starts in zip(self.stops, found.starts, strict=True)
        )

    def pauses(self, problem: Problem) -> tuple[TimedPause, ...]:
        """The breaks."""
        found = timed(problem, self.crew, _calls(self.stops)) if self.crew.breaks else None
        return found.pauses if found else ()

    def _straight(self, problem: Problem) -> tuple[TimedStop, ...]:
        place, now = self.crew.place, self.crew.starts
        made = []
        for stop in self.stops:
            starts = max(now + problem.way(place, stop.visit.place, now), stop.opens)
            now, place = starts + stop.visit.service, stop.visit.place
            made.append(TimedStop(stop.visit.party, starts, now, stop.visit.kind))
        return tuple(made)


def _calls(stops: Sequence[Kept]) -> list[Call]:
    return [Call(s.visit.place, s.opens, s.latest, s.visit.service) for s in stops]


def _numbered(names: Sequence[str]) -> Ints:
    """A number for each name, the same for the same."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def _cheapest(offers: Mapping[int, _Offer | None]) -> tuple[int, _Offer] | None:
    open_ = ((offer.cost, offer.visit, line, offer) for line, offer in offers.items() if offer)
    best = min(open_, default=None, key=lambda found: found[:3])
    return (best[2], best[3]) if best else None


def _one_of_each(lines: Sequence[_Line]) -> set[int]:
    """The lines worth asking: of idle crews that are just alike one is enough."""
    alike: dict[object, int] = {}
    for number, line in enumerate(lines):
        alike.setdefault(number if line.stops else line.kind, number)
    return set(alike.values())
