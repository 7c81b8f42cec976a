"""A draft's routes as its pages show them, and as a sheet that can be changed by hand. Pure."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import clock, end_words, pause_words
from services.dispatch.domain.evening import Evening, Pause, Rests
from services.dispatch.domain.problem import Draft


@dataclass(frozen=True, slots=True)
class RouteStop:
    """One stop, or a break: then `rest` says so, and nothing else but when."""

    at: str
    name: str
    address: str
    code: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One team's route; `ends` says where the team has to be in the end."""

    team: str
    load: str
    stops: tuple[RouteStop, ...]
    ends: str = ""


def routes_of(evening: Evening, draft: Draft) -> list[Route]:
    """Every team's route, in the order of the roster."""
    zone, zero = ZoneInfo(evening.city.zone), evening.city.evening.opens
    parties = {party.id: party for party in evening.parties}
    found = []
    for team in evening.teams:
        stops = []
        breaks = _breaks(draft, team.id, zero, zone)
        for number, stop in enumerate(draft.routes.get(team.id, ())):
            stops += breaks.pop(number, [])
            party = parties.get(stop.party)
            at = clock(zero + timedelta(seconds=stop.starts), zone)
            name = (party.name or party.address) if party else "a party that was withdrawn"
            where = (party.address, party.code) if party else ("", "")
            stops.append(RouteStop(at, name, *where))
        count = len(stops) - sum(bool(stop.rest) for stop in stops)
        stops += [row for rows in breaks.values() for row in rows]
        load = "1 stop" if count == 1 else f"{count} stops"
        found.append(Route(team.name, load, tuple(stops), end_words(team, Rests(), zone)))
    return found


def _breaks(draft: Draft, team: str, zero: datetime, zone: ZoneInfo) -> dict[int, list[RouteStop]]:
    """The team's breaks by the number of stops before them."""
    found: dict[int, list[RouteStop]] = {}
    for pause in draft.pauses.get(team, ()):
        starts, ends = (zero + timedelta(seconds=n) for n in (pause.starts, pause.ends))
        words = pause_words(Pause(starts, ends), zone)
        found.setdefault(pause.after, []).append(RouteStop(clock(starts, zone), "", "", "", words))
    return found


def routes_csv(evening: Evening, draft: Draft) -> str:
    """The routes as a sheet with the columns team and party, as the check reads it."""
    codes = {party.id: party.code for party in evening.parties}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("team", "party", "address"))
    addresses = {party.id: party.address for party in evening.parties}
    for team in evening.teams:
        for stop in draft.routes.get(team.id, ()):
            row = (team.id, codes.get(stop.party, stop.party), addresses.get(stop.party, ""))
            writer.writerow(row)
    return out.getvalue()
