"""A draft in words, line by line, for a planner at a terminal. The command `plan` prints it."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.dispatch.adapters.drafting import Drafted
from services.dispatch.adapters.drafting_words import ways_in
from services.dispatch.domain.board import LABELS, clock
from services.dispatch.domain.plan import Plan
from services.dispatch.planner.result import Route


class Summary:
    """Says what a draft does; `made` is the plan that publishing it would store."""

    def __init__(self, drafted: Drafted, made: Plan) -> None:
        self._drafted = drafted
        self._made = made
        self._evening = drafted.framed.evening
        self._zone = ZoneInfo(self._evening.city.zone)
        self._teams = {team.id: team.name for team in self._evening.teams}
        self._parties = {party.id: party for party in self._evening.parties}

    def lines(self) -> Iterator[str]:
        """The whole summary."""
        yield from self._figures()
        yield from self._areas()
        yield from self._policies()
        yield ""
        yield from (self._route(route) for route in self._drafted.plan.routes)
        yield from self._left_out()

    def _figures(self) -> Iterator[str]:
        plan, figures = self._drafted.plan, self._drafted.figures
        count = self._made.summary
        yield f"{count.visited} of {count.parties} parties visited, {count.unvisited} not"
        second = self._drafted.second_visits
        yield f"{figures.visits} visits, {second} of them beside another one to the same party"
        used = sum(bool(route.stops) for route in plan.routes)
        yield f"{figures.travel // 60} minutes of driving by {used} of {count.teams} teams"
        broken = self._drafted.broken_promises()
        if self._evening.version:
            yield f"{broken} hosts were told otherwise before"

    def _areas(self) -> Iterator[str]:
        areas = self._drafted.figures.areas
        if any(areas):
            yield ""
            yield "Visited by area:"
        for area, share in areas.items() if any(areas) else ():
            yield f"  {self._evening.city.area_name(area) or '(no area)'}: {share:.0%}"

    def _policies(self) -> Iterator[str]:
        yield ""
        yield "Policies:"
        yield from (f"  {e.words} {e.outcome}".rstrip() for e in self._made.made_under)

    def _route(self, route: Route) -> str:
        name = self._teams[route.team]
        if not route.stops:
            return f"{name}: no stops"
        first, last = self._clock(route.stops[0].starts), self._clock(route.stops[-1].leaves)
        count = "1 stop" if len(route.stops) == 1 else f"{len(route.stops)} stops"
        return f"{name}: {count}, {first} to {last}, {route.travel // 60} minutes of driving"

    def _clock(self, seconds: int) -> str:
        return clock(self._drafted.framed.zero + timedelta(seconds=seconds), self._zone)

    def _left_out(self) -> Iterator[str]:
        told = {**self._evening.told, **self._made.told}
        left = [p for p in self._evening.parties if p.id in told and not told[p.id].scheduled]
        if not left:
            return
        counts = Counter(told[party.id].reason for party in left)
        yield ""
        yield "Not visited: " + ", ".join(
            f"{LABELS.get(code, code).lower()} ({count})" for code, count in counts.most_common()
        )
        ways = {reason.party: reason for reason in self._drafted.reasons()}
        for party in left:
            why = told[party.id].detail
            if party.id in ways and ways[party.id].ways:
                why = ways_in(self._drafted, ways[party.id])
            yield f"  {party.code} {party.address}: {why}"
