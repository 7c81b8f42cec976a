"""What the passing of time does to a running evening. The worker calls it once a second."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.dispatch.handlers.proposing import apply_overdue
from services.dispatch.handlers.publishing import Session
from services.dispatch.ports.night import Clocked

EVERY = timedelta(minutes=1)


@dataclass
class Watch:
    """Applies proposals that nobody answered, and has running evenings looked at each minute.

    A team that says nothing grows late by itself, and nothing else would tell the planner.
    """

    begin: Callable[[], AbstractContextManager[Session]]
    clocked: Clocked
    hint_city: Callable[[str], None]
    _looked: dict[str, datetime] = field(default_factory=dict)

    def __call__(self) -> None:
        """Look once."""
        now, running, overdue = self.clocked.look()
        for city, proposal in overdue:
            with self.begin() as session:
                apply_overdue(session, city, proposal)
        for city in self._due(running, now):
            self._looked[city] = now
            with self.begin() as session:
                session.dirty.mark(city, session.now)
                session.boards.changed(city, session.now)
            self.hint_city(city)

    def _due(self, running: Sequence[str], now: datetime) -> list[str]:
        return [city for city in running if now - self._looked.get(city, now - EVERY) >= EVERY]
