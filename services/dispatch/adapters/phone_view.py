"""Reads one team's evening for its phone: a few rows by key, however large the city is."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from services.dispatch.adapters.night_rows import (
    PARTY_NOW_COLUMNS,
    TEAM_NOW_COLUMNS,
    VISIT_COLUMNS,
    party_now_of,
    team_now_of,
    visit_now_of,
)
from services.dispatch.adapters.postgres_night import PostgresNightBook, PostgresNights
from services.dispatch.adapters.rows import PARTY_COLUMNS, city_of, party_of
from services.dispatch.domain import breaks
from services.dispatch.domain.actions import OF_TEAM, Kind
from services.dispatch.domain.evening import City, Party, Rests, Stop, Window
from services.dispatch.domain.materials import named
from services.dispatch.domain.night import SETTLED, PartyNow, TeamNow, VisitNow, VisitState
from services.dispatch.domain.phone_team import Broadcast, Done, PhoneStop, PhoneTeam
from services.dispatch.domain.tonight import as_of_tonight
from shared.db import Connection

MOST_MESSAGES = 20
MOST_UNDOABLE = 12
NOTHING = VisitNow(VisitState.PLANNED)


def phone_view(conn: Connection, city: str, team: str) -> PhoneTeam | None:
    """The team as it stands; None where there is no such team tonight."""
    rosters = PostgresNightBook(conn)
    found, known = rosters.team(city, team), _city(conn, city)
    if found is None or known is None:
        return None
    night = PostgresNights(conn).night(city)
    now = _team_now(conn, city, team)
    route = rosters.routes(city, [team]).get(team, ())
    rests, late = (
        rosters.rests(city, [team]).get(team, Rests()),
        timedelta(seconds=now.late_seconds),
    )
    return PhoneTeam(
        *(found.id, found.name, found.members, found.shift, str(now.state), now.since),
        night=str(night.state),
        stops=_stops(conn, known, team, route, now),
        messages=_messages(conn, city, team),
        undoable=_undoable(conn, city, team),
        reason=night.reason,
        held_areas=tuple(map(known.area_name, night.held_areas)),
        called_off=tuple(known.area_name(one.area) for one in night.called_off),
        breaks=tuple(breaks.shown(found, now, rests, late=late)),
        end=breaks.end_of(found, rests, late=late),
    )


def _team_now(conn: Connection, city: str, team: str) -> TeamNow:
    state = f"select {TEAM_NOW_COLUMNS} from team_states where city = %s and team_id = %s"
    row: Any = conn.execute(state, (city, team)).fetchone()
    if row is None:
        return TeamNow()
    query = f"select party_id, {VISIT_COLUMNS} from visit_states where city = %s and team_id = %s"
    visits: Any = conn.execute(query, (city, team)).fetchall()
    return team_now_of(row, {found[0]: visit_now_of(found[1:]) for found in visits})


def _stops(
    conn: Connection, known: City, team: str, route: Sequence[Stop], now: TeamNow
) -> tuple[PhoneStop, ...]:
    city, ids = known.id, [stop.party_id for stop in route]
    parties, said = _parties(conn, city, ids), _said(conn, city, ids)
    told = _told(conn, city, team, ids)
    made = []
    for stop in route:
        party = parties.get(stop.party_id)
        tonight = as_of_tonight(party, said.get(stop.party_id)) if party else None
        visit = now.visits.get(stop.party_id, NOTHING)
        made.append(_stop(stop, tonight, visit, told.get(stop.party_id), known))
    return tuple(made)


def _stop(
    stop: Stop,
    party: Party | None,
    visit: VisitNow,
    promise: Window | None,
    city: City,
) -> PhoneStop:
    state = str(visit.state)
    if party is None or (party.withdrawn and visit.state not in SETTLED):
        state = str(VisitState.WITHDRAWN)
    elif promise and visit.state == VisitState.PLANNED:
        state = str(VisitState.PROMISED)
    wanted = party.wanted if party and party.wanted else ()
    kinds = {kind.code: kind.name for kind in city.kinds}
    return PhoneStop(
        party_id=stop.party_id,
        code=stop.code,
        name=stop.name or stop.address,
        address=party.address if party else stop.address,
        place=(party.place if party else None) or stop.place,
        host_name=party.host_name if party else "",
        notes=party.location_notes if party else "",
        wanted=tuple(kinds.get(code, code) for code in wanted),
        materials=named(party.materials) if party else (),
        people=party.people if party else 0,
        children=party.children if party else 0,
        window=party.window if party else Window(stop.arrives_at, stop.leaves_at),
        arrives_at=stop.arrives_at,
        leaves_at=stop.leaves_at,
        promise=promise,
        state=state,
        reason=visit.reason,
        area=city.area_name(party.area) if party else "",
    )


def _parties(conn: Connection, city: str, ids: list[str]) -> dict[str, Party]:
    query = f"select {PARTY_COLUMNS} from parties where city = %s and id = any(%s)"
    rows: Any = conn.execute(query, (city, ids)).fetchall()
    return {row[0]: party_of(row) for row in rows}


def _said(conn: Connection, city: str, ids: list[str]) -> dict[str, PartyNow]:
    query = (
        f"select party_id, {PARTY_NOW_COLUMNS} from party_states"
        " where city = %s and party_id = any(%s)"
    )
    rows: Any = conn.execute(query, (city, ids)).fetchall()
    return {row[0]: party_now_of(row[1:]) for row in rows}


def _told(conn: Connection, city: str, team: str, ids: list[str]) -> dict[str, Window]:
    """The windows that hosts were told for this team's visits."""
    query = (
        "select party_id, opens, closes from visits"
        " where city = %s and party_id = any(%s) and team_id = %s and opens is not null"
    )
    rows: Any = conn.execute(query, (city, ids, team)).fetchall()
    return {row[0]: Window(row[1], row[2]) for row in rows}


def _city(conn: Connection, city: str) -> City | None:
    query = "select id, name, programme, zone, date, settings from cities where id = %s"
    row: Any = conn.execute(query, (city,)).fetchone()
    return city_of(row) if row else None


def _messages(conn: Connection, city: str, team: str) -> tuple[Broadcast, ...]:
    query = (
        "select id::text, at, details->>'words' from actions where city = %s and kind = %s"
        " and team_id in ('', %s) and (not details ? 'teams' or details->'teams' ? %s)"
        " and applied and undone_by is null order by at desc limit %s"
    )
    rows: Any = conn.execute(query, (city, Kind.BROADCAST, team, team, MOST_MESSAGES)).fetchall()
    return tuple(Broadcast(row[0], row[1], row[2] or "") for row in reversed(rows))


def _undoable(conn: Connection, city: str, team: str) -> tuple[Done, ...]:
    query = (
        "select id::text, kind, at, party_id from actions where city = %s and team_id = %s"
        " and kind = any(%s) and applied and undone_by is null and undoes is null"
        " order by number desc limit %s"
    )
    rows: Any = conn.execute(query, (city, team, list(OF_TEAM), MOST_UNDOABLE)).fetchall()
    return tuple(Done(*row) for row in rows)
