"""A draft's routes as its pages show them, and as a sheet that can be changed by hand. Pure."""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import clock
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.problem import Draft


@dataclass(frozen=True, slots=True)
class RouteStop:
    """One stop."""

    at: str
    name: str
    address: str
    code: str


@dataclass(frozen=True, slots=True)
class Route:
    """One team's route."""

    team: str
    load: str
    stops: tuple[RouteStop, ...]


def routes_of(evening: Evening, draft: Draft) -> list[Route]:
    """Every team's route, in the order of the roster."""
    zone, zero = ZoneInfo(evening.city.zone), evening.city.evening.opens
    parties = {party.id: party for party in evening.parties}
    found = []
    for team in evening.teams:
        stops = []
        for stop in draft.routes.get(team.id, ()):
            party = parties.get(stop.party)
            at = clock(zero + timedelta(seconds=stop.starts), zone)
            name = (party.name or party.address) if party else "a party that was withdrawn"
            where = (party.address, party.code) if party else ("", "")
            stops.append(RouteStop(at, name, *where))
        load = "1 stop" if len(stops) == 1 else f"{len(stops)} stops"
        found.append(Route(team.name, load, tuple(stops)))
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
