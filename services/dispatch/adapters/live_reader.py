"""Reads live nights from PostgreSQL; each is built once a change, however many consoles ask.

It remembers with which change each object came to be as it is, so that a console that has seen
some change is given what came after it and nothing else.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from services.dispatch.adapters.live_rows import broadcasts, positions, promises, unreached
from services.dispatch.adapters.postgres_night import PostgresNights
from services.dispatch.adapters.postgres_plans import PostgresPlans
from services.dispatch.adapters.postgres_proposals import PostgresProposals
from services.dispatch.adapters.postgres_replies import PostgresReplies
from services.dispatch.adapters.rows import PARTY_COLUMNS, party_of
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.live import Tonight, live_parties, live_teams
from services.dispatch.domain.live_areas import live_areas
from services.dispatch.domain.needs import needs_of
from services.dispatch.domain.night import PartyNow
from services.dispatch.domain.proposal import Proposal
from services.dispatch.domain.tonight import as_of_tonight
from shared.clock import Clock
from shared.db import Connection, Pool

STALE_SECONDS = 60.0
"""What depends on the time alone, such as lateness, is looked at so often where nothing changes."""


@dataclass(slots=True)
class _Kept:
    """A city's live night as JSON, object by object, and since which change each is so."""

    version: int = -1
    since: int = 0
    built_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    head: dict[str, Any] = field(default_factory=dict)
    teams: dict[str, "_Object"] = field(default_factory=dict)
    parties: dict[str, "_Object"] = field(default_factory=dict)
    gone: dict[tuple[str, str], int] = field(default_factory=dict)
    print: tuple[object, ...] = ()
    evening: Evening | None = None
    bodies: dict[tuple[int, bool], bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Object:
    version: int
    body: bytes


class LiveReader:
    """Live nights of all cities, the newest of each kept. Threads may share it."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock.now
        self._kept: dict[str, _Kept] = {}
        self._building = threading.Lock()

    def night(self, city: str, since: int | None = None) -> tuple[int, bytes] | None:
        """The night's version and its JSON, or what came after `since`; None for no such city."""
        with self._building:
            kept = self._fresh(city)
            if kept is None:
                return None
            version = kept.version
            delta = since is not None and kept.since <= since <= version
            least = since if delta and since is not None else -1
            body = _body(city, kept, least, delta)
        return version, _stamped(body, self._clock())

    def _fresh(self, city: str) -> _Kept | None:
        with self._pool.connection() as conn:
            conn.execute("set transaction isolation level repeatable read, read only")
            change = _change(conn, city)
            kept = self._kept.get(city)
            age = (self._clock() - kept.built_at).total_seconds() if kept else 0.0
            if kept and kept.version == change and age < STALE_SECONDS:
                return kept
            kept = kept or _Kept(since=change)
            found = _tonight(conn, city, kept, self._clock())
            if found is None:
                return None
            _renew(kept, found, change)
            kept.built_at = self._clock()
            self._kept[city] = kept
            return kept


def _change(conn: Connection, city: str) -> int:
    row: Any = conn.execute("select change from boards where city = %s", (city,)).fetchone()
    return int(row[0]) if row else 0


def _tonight(conn: Connection, city: str, kept: _Kept, now: datetime) -> Tonight | None:
    printed: Any = conn.execute(_PRINT, {"city": city}).fetchone()
    if kept.evening is None or printed != kept.print:
        kept.evening, kept.print = PostgresPlans(conn).evening(city), printed
    if kept.evening is None:
        return None
    nights = PostgresNights(conn)
    said = nights.parties(city)
    off = [party for party, one in said.items() if one.cancelled]
    return Tonight(
        evening=kept.evening,
        night=nights.night(city),
        teams=nights.teams(city),
        said=said,
        called_off=_called_off(conn, city, off, said),
        pins=nights.pins(city),
        promises=promises(conn, city),
        positions=positions(conn, city),
        now=now,
        proposal=PostgresProposals(conn).waiting(city),
        unreached=unreached(conn, city),
        broadcasts=broadcasts(conn, city),
        replies=PostgresReplies(conn).waiting(city),
    )


def _called_off(
    conn: Connection, city: str, parties: Sequence[str], said: Mapping[str, PartyNow]
) -> list[Any]:
    if not parties:
        return []
    query = f"select {PARTY_COLUMNS} from parties where city = %s and id = any(%s)"
    rows: Any = conn.execute(query, (city, list(parties))).fetchall()
    return [as_of_tonight(party, said[party.id]) for party in map(party_of, rows)]


def _renew(kept: _Kept, tonight: Tonight, change: int) -> None:
    """Take over what differs, noting with which change it came."""
    parties = live_parties(tonight)
    teams = live_teams(tonight)
    seen = (tonight.evening, tonight.night, teams, tonight.proposal, tonight.unreached)
    needs = needs_of(*seen, tonight.now, tonight.replies)
    _renew_objects(kept, "teams", {team.id: _json(team) for team in teams}, change)
    _renew_objects(kept, "parties", {party.id: _json(party) for party in parties}, change)
    kept.head = {
        "night": tonight.night,
        "plan_version": tonight.evening.version,
        "zone": tonight.evening.city.zone,
        "areas": live_areas(tonight, parties),
        "proposal": _proposal(tonight.proposal),
        "needs": needs,
        "broadcasts": tonight.broadcasts,
    }
    kept.version = change
    kept.bodies = {}


def _proposal(proposal: Proposal | None) -> dict[str, object] | None:
    if proposal is None:
        return None
    return {
        "id": proposal.id,
        "base_version": proposal.base_version,
        "made_at": proposal.made_at,
        "applies_at": proposal.applies_at,
        "needs_answer": proposal.needs_answer,
        "changes": proposal.changes,
        "lost_if_nothing": proposal.loss,
    }


def _renew_objects(kept: _Kept, name: str, bodies: Mapping[str, bytes], change: int) -> None:
    known: dict[str, _Object] = getattr(kept, name)
    for key in known.keys() - bodies.keys():
        del known[key]
        kept.gone[name, key] = change
    for key, body in bodies.items():
        before = known.get(key)
        if before is None or before.body != body:
            known[key] = _Object(change, body)
            kept.gone.pop((name, key), None)


def _json(found: object) -> bytes:
    return orjson.dumps(found, option=orjson.OPT_UTC_Z)


def _body(city: str, kept: _Kept, after: int, delta: bool) -> bytes:
    """The night or what of it came after a change: consoles that saw the same share one answer."""
    known = kept.bodies.get((after, delta))
    if known is None:
        known = kept.bodies[after, delta] = _made(city, kept, after, delta)
    return known


def _stamped(body: bytes, now: datetime) -> bytes:
    return b'{"now":' + _json(now) + b"," + body[1:]


def _made(city: str, kept: _Kept, after: int, delta: bool) -> bytes:
    head = {"city": city, "version": kept.version, "delta": delta, **kept.head}
    head |= {name: _newer(getattr(kept, name), after) for name in ("teams", "parties")}
    gone = [key for key, change in kept.gone.items() if change > after] if delta else []
    head["removed"] = {
        name: [key for of, key in gone if of == name] for name in ("teams", "parties")
    }
    return _json(head)


def _newer(known: Mapping[str, _Object], after: int) -> list[orjson.Fragment]:
    return [
        orjson.Fragment(one.body[:-1] + b',"version":%d}' % one.version)
        for one in known.values()
        if one.version > after
    ]


_PRINT = """
select (select max(version) from plans where city = %(city)s),
    (select revision from cities where id = %(city)s),
    (select (count(*), sum(revision))::text from parties where city = %(city)s),
    (select (count(*), sum(version))::text from party_states where city = %(city)s),
    (select md5(string_agg(n::text, '|' order by id)) from night_teams n where city = %(city)s),
    (select md5(string_agg(t::text, '|' order by position)) from teams t where city = %(city)s)
"""
