"""Which addresses are still to be looked up, and what became of the others.

The worker's round asks and notes; the staff's queue of places shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson

from services.registration.adapters.party_document import read
from services.registration.domain.geography import Point
from services.registration.domain.party import Party
from services.registration.domain.places import LookedUp, Outcome, Proposal
from shared.db import Connection

# Where a party had a place with this address and has none now, somebody took it away: that is
# for people to settle.
_OPEN = """
select document from parties p
where state = 'registered' and document #> '{details,place}' = 'null'
and looked_up is distinct from md5(document #>> '{details,address}')
and (document #>> '{details,span,closes}')::timestamptz > %s
and not exists (
    select from party_history h where h.party_id = p.id
    and h.after #> '{details,place}' <> 'null'
    and h.after #>> '{details,address}' = p.document #>> '{details,address}')
order by id limit %s
"""
_AGAIN = """
select p.document, l.proposals from look_ups l join parties p on p.id = l.party_id
where l.again_at <= %s and p.state = 'registered' and p.document #> '{details,place}' = 'null'
and p.looked_up = md5(p.document #>> '{details,address}')
order by l.again_at, p.id limit 1
"""
_NOTE = """
with noted as (update parties set looked_up = md5(%s) where id = %s returning id, city)
insert into look_ups (party_id, city, outcome, proposals, asked_at, again_at, over_at)
select id, city, %s, %s, %s, %s, %s from noted
on conflict (party_id) do update set outcome = excluded.outcome, over_at = excluded.over_at,
    proposals = excluded.proposals, asked_at = excluded.asked_at, again_at = excluded.again_at
"""


@dataclass(frozen=True, slots=True)
class Noted:
    """What is kept of a look-up; `again_at`: when somebody else's geocoder is asked too."""

    party: Party
    outcome: Outcome
    looked: LookedUp
    at: datetime
    again_at: datetime | None = None


def to_look_up(conn: Connection, now: datetime, most: int) -> list[Party]:
    """Registered parties without a place whose address was not looked up yet, oldest first."""
    rows: Any = conn.execute(_OPEN, (now, most)).fetchall()
    return [read(document) for (document,) in rows]


def to_ask_again(conn: Connection, now: datetime) -> tuple[Party, LookedUp] | None:
    """The next party that another geocoder is to be asked for, with what is known of it."""
    row: Any = conn.execute(_AGAIN, (now,)).fetchone()
    return (read(row[0]), LookedUp(tuple(_proposals(row[1])))) if row else None


def note_look_up(conn: Connection, noted: Noted) -> None:
    """Keep what became of it, in place of what was noted for an earlier address."""
    details = noted.party.details
    proposals = orjson.dumps([asdict(one) for one in noted.looked.proposals]).decode()
    conn.execute(
        _NOTE,
        (
            *(details.address, noted.party.id, noted.outcome, proposals),
            *(noted.at, noted.again_at, details.span.closes),
        ),
    )


def proposals_of(conn: Connection, parties: Sequence[Party]) -> Mapping[str, list[Proposal]]:
    """What was proposed for the present addresses of these parties, by their ids."""
    rows: Any = conn.execute(
        "select l.party_id::text, l.proposals from look_ups l join parties p on p.id = l.party_id"
        " where l.party_id = any(%s::uuid[])"
        " and p.looked_up = md5(p.document #>> '{details,address}')",
        ([party.id for party in parties],),
    ).fetchall()
    return {id_: _proposals(proposals) for id_, proposals in rows}


def look_up_again(conn: Connection, city: str) -> None:
    """Forget what was not found, as the city knows other addresses now."""
    _forget(conn, "city = %s and outcome <> 'placed'", city)


def forget_look_ups(conn: Connection, now: datetime) -> None:
    """Delete what was noted for parties that are over."""
    _forget(conn, "over_at < %s", now)


def _forget(conn: Connection, which: str, value: object) -> None:
    conn.execute(
        f"with gone as (delete from look_ups where {which} returning party_id)"
        " update parties set looked_up = null where id in (select party_id from gone)".encode(),
        (value,),
    )


def _proposals(kept: Any) -> list[Proposal]:
    return [Proposal(**{**one, "point": Point(**one["point"])}) for one in kept]
