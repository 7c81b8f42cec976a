"""Two drafts side by side: figures, areas, and every visit that differs. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import clock
from services.dispatch.domain.drafts import Content
from services.dispatch.domain.edit_words import Label
from services.dispatch.domain.evening import City, Evening
from services.dispatch.domain.problem import TimedStop

NOTICEABLE = 300
"""Seconds by which a visit has to move before it is listed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both drafts as people read it; `better` is 1 or 2, 0 where neither is."""

    label: str
    first: str
    second: str
    better: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A visit that differs: who makes it when in either draft, empty where nobody does.

    `visitor` names its kind where the host asked for kinds.
    """

    party: Label
    visitor: str
    kind: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two drafts side by side."""

    first: str
    second: str
    rows: tuple[Row, ...]
    areas: tuple[Row, ...]
    changes: tuple[Difference, ...]


def compare(
    evening: Evening,
    names: tuple[str, str],
    first: Content,
    second: Content,
    labels: Mapping[str, Label],
) -> Comparison:
    """Two drafts of the same evening."""
    return Comparison(
        *names,
        tuple(_rows(first, second)),
        tuple(_areas(evening.city, first, second)),
        tuple(sorted(_changes(evening, first, second, labels), key=_weight)),
    )


def _rows(first: Content, second: Content) -> Iterator[Row]:
    one, two = first.figures, second.figures
    yield _row("Parties visited", one.visited, two.visited)
    yield _row("Visits", one.visits, two.visits)
    if one.points is not None and two.points is not None:
        yield _row("Points", round(one.points), round(two.points))
    yield _row("Teams on the road", one.teams, two.teams, more_is=0)
    yield _row("Driving, minutes", one.driving // 60, two.driving // 60, more_is=-1)
    yield _row("Waiting, minutes", one.waiting // 60, two.waiting // 60, more_is=-1)
    yield _row("Late stops", one.late, two.late, more_is=-1)
    yield _row("Minutes to spare, middle stop", one.spare // 60, two.spare // 60)
    yield _row("Stops with under 5 minutes to spare", one.tight, two.tight, more_is=-1)
    yield _row("Hosts told otherwise", one.told_otherwise, two.told_otherwise, more_is=-1)


def _row(label: str, first: int, second: int, more_is: int = 1) -> Row:
    gain = (second - first) * more_is
    return Row(label, f"{first:,}", f"{second:,}", 2 if gain > 0 else 1 if gain < 0 else 0)


def _areas(city: City, first: Content, second: Content) -> Iterator[Row]:
    one, two = first.figures.areas, second.figures.areas
    for area in sorted(one.keys() | two.keys()):
        a, b = one.get(area, (0, 0)), two.get(area, (0, 0))
        shares = [seen / asked if asked else 0.0 for seen, asked in (a, b)]
        better = 0 if shares[0] == shares[1] else 1 if shares[0] > shares[1] else 2
        yield Row(city.area_name(area) or "(no area)", _share(*a), _share(*b), better)


def _share(seen: int, asked: int) -> str:
    return f"{seen / asked if asked else 0.0:.0%} ({seen} of {asked})"


def _changes(
    evening: Evening, first: Content, second: Content, labels: Mapping[str, Label]
) -> Iterator[Difference]:
    before, after = _made(first), _made(second)
    told = _Teller(evening)
    for visit in sorted(before.keys() | after.keys()):
        old, new = before.get(visit), after.get(visit)
        kind = _kind(old, new)
        if kind:
            party, _, visitor = visit.partition("/")
            label = labels.get(party, Label(party, party, ""))
            yield Difference(label, told.kind(visitor), kind, told.slot(old), told.slot(new))


def _weight(change: Difference) -> tuple[bool, bool, str, str]:
    """Whom only one of the drafts visits comes first."""
    return (
        bool(change.first and change.second),
        bool(change.first),
        change.party.address,
        change.visitor,
    )


Slot = tuple[str, TimedStop] | None


def _kind(old: Slot, new: Slot) -> str:
    if old is None or new is None:
        return "only in the second" if old is None else "only in the first"
    if old[0] != new[0]:
        return "another team"
    return "another time" if abs(old[1].starts - new[1].starts) >= NOTICEABLE else ""


def _made(content: Content) -> dict[str, tuple[str, TimedStop]]:
    routes = content.draft.routes.items()
    return {stop.visit: (team, stop) for team, route in routes for stop in route}


class _Teller:
    """Says who comes when, in the city's time."""

    def __init__(self, evening: Evening) -> None:
        self._names = {team.id: team.name for team in evening.teams}
        self._kinds = {kind.code: kind.name for kind in evening.city.kinds}
        self._zone = ZoneInfo(evening.city.zone)
        self._zero: datetime = evening.city.evening.opens

    def kind(self, code: str) -> str:
        return self._kinds.get(code, code)

    def slot(self, slot: Slot) -> str:
        if slot is None:
            return ""
        at = clock(self._zero + timedelta(seconds=slot[1].starts), self._zone)
        return f"{self._names.get(slot[0], slot[0])}, {at}"
