"""How the providers do, for the page and the API that show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notify.adapters.watch import Seen, read_healths
from services.notify.domain.pace import Pace
from services.notify.domain.values import CHANNELS
from services.notify.ports.senders import Senders
from shared.db import Pool


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """A provider: its channel and place there, the worst that a process saw, how fast it takes."""

    channel: str
    name: str
    place: int
    state: str
    words: str
    shut_until: datetime | None
    changed_at: datetime | None
    senders: int
    segments_per_second: float


class Providers:
    """Reads it through `pool`."""

    def __init__(self, pool: Pool, senders: Senders, paces: Sequence[Pace]) -> None:
        self._pool = pool
        self._senders = senders
        self._paces = {pace.provider: pace for pace in paces}

    def status(self) -> list[ProviderStatus]:
        """Every provider, by channel and order."""
        with self._pool.connection() as conn:
            seen = read_healths(conn)
        return [
            self._status(channel, name, place, [s for s in seen if s.provider == name])
            for channel in CHANNELS
            for place, name in enumerate(self._senders.choices(channel), 1)
        ]

    def _status(self, channel: str, name: str, place: int, seen: list[Seen]) -> ProviderStatus:
        order = ("well", "failing", "shut")
        worst = max(seen, key=lambda s: (order.index(s.state), s.changed_at), default=None)
        pace = self._paces.get(name, Pace(name))
        state, words = (worst.state, worst.words) if worst else ("well", "")
        until, changed = (worst.shut_until, worst.changed_at) if worst else (None, None)
        limits = (len(pace.senders), pace.per_second)
        return ProviderStatus(channel, name, place, state, words, until, changed, *limits)
