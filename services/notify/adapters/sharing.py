"""Shares out what a provider takes now among messages that are due. Only the desk uses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.notify.domain.decisions import BULK
from services.notify.domain.pace import AHEAD, URGENT_AHEAD, Busy, Pace
from shared.db import Connection


@dataclass(frozen=True, slots=True)
class Due:
    """A message that may be claimed, and the provider that would get it."""

    id: str
    channel: str
    to: str
    segments: int
    trial: bool
    provider: str


def share_out(
    conn: Connection,
    due: Sequence[Due],
    paces: Sequence[Pace],
    lane: str,
    now: datetime,
    most: int,
) -> list[tuple[Due, str]]:
    """Up to `most` messages that can go now, each with its sender, which is then busy with it."""
    by_provider = {pace.provider: pace for pace in paces}
    busy = {
        name: _busy(conn, pace, lane, now)
        for name, pace in by_provider.items()
        if pace.per_second and any(one.provider == name for one in due)
    }
    chosen: list[tuple[Due, str]] = []
    for one in due:
        if len(chosen) == most:
            break
        pace = by_provider.get(one.provider)
        sender = pace.sender_for(one.to) if pace else ""
        if one.provider not in busy or busy[one.provider].take(sender, one.segments):
            chosen.append((one, sender))
    for state in busy.values():
        _keep(conn, state)
    return chosen


def _busy(conn: Connection, pace: Pace, lane: str, now: datetime) -> Busy:
    """The provider's senders, locked; for bulk, less what is urgent and waits for them."""
    names = [(pace.provider, sender, now) for sender in pace.senders]
    with conn.cursor() as cursor:
        cursor.executemany(_MAKE, names)
        rows = cursor.execute(_LOCK, (pace.provider,)).fetchall()
    ahead = AHEAD if lane == BULK else URGENT_AHEAD
    busy = Busy.read(pace, {str(sender): _moment(until) for sender, until in rows}, now, ahead)
    if lane == BULK:
        for to, segments in conn.execute(_URGENT, {"now": now, "sms": pace.texts}).fetchall():
            busy.hold(pace.sender_for(str(to)), int(str(segments)))
    return busy


def _keep(conn: Connection, busy: Busy) -> None:
    rows = [(busy.now, spent, busy.pace.provider, s) for s, spent in sorted(busy.spent.items())]
    with conn.cursor() as cursor:
        cursor.executemany(_KEEP, rows)


def _moment(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value


_MAKE: Final = """
insert into sender_pace (provider, sender, busy_until) values (%s, %s, %s) on conflict do nothing
"""
_LOCK: Final = """
select sender, busy_until from sender_pace where provider = %s order by sender for update
"""
_URGENT: Final = """
select to_address, segments from messages
where lane = 'urgent' and state = 'created' and due_at <= %(now)s and expires_at > %(now)s
    and channel = case when %(sms)s then 'sms' else 'email' end
order by due_at limit 500
"""
_KEEP: Final = """
update sender_pace
set busy_until = greatest(busy_until, %s) + make_interval(secs => %s)
where provider = %s and sender = %s
"""
