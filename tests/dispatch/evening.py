"""An evening that runs, for tests: planned, opened, tapped through by a clock that is moved."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import orjson

from services.dispatch.adapters.acting import sessions
from services.dispatch.adapters.live_reader import LiveReader
from services.dispatch.adapters.replanner import SearchReplanner
from services.dispatch.domain.actions import By, Details, Kind
from services.dispatch.domain.evening import Party, Team
from services.dispatch.domain.proposal import Proposal
from services.dispatch.handlers.acting import Order, Taken, take, undo
from services.dispatch.handlers.proposing import Answered, accept, decline, live_of
from services.dispatch.handlers.publishing import Session
from services.dispatch.planning import Planning, plan_city
from services.dispatch.worker import Means, fact_handlers, make_planning
from shared.db import Pool, connect
from shared.ids import new_id
from shared.inbox import Inbox
from tests.dispatch.builders import ZERO, city_fact, make_party, make_team, party_fact, place
from tests.dispatch.hearing import hear

CITY = "pasadena"
MEANS = Means(replanner=SearchReplanner.of_seconds(0))
ANNA = By("anna", "Anna", "console")


class MovedClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = ZERO) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_by(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


class Running:
    """A city's evening on PostgreSQL, with everything in one process."""

    def __init__(self, url: str, pool: Pool, means: Means | None = None) -> None:
        self.pool = pool
        self.clock = MovedClock()
        self.inbox = Inbox(pool, self.clock, fact_handlers(lambda _: None))
        self.planning: Planning = make_planning(
            pool, self.clock, lambda: connect(url, "test-lock"), means or MEANS
        )
        self.reader = LiveReader(pool, self.clock)

    def set_up(self, parties: Sequence[Party], teams: Sequence[Team]) -> None:
        hear(self.inbox, city_fact(teams=teams), *(party_fact(party) for party in parties))
        self.plan()

    def plan(self) -> int:
        return plan_city(self.planning, CITY)

    def begin(self) -> AbstractContextManager[Session]:
        return sessions(self.pool, self.clock)()

    def do(self, kind: str, team: str = "", party: str = "", **over: Any) -> Taken:
        names = Details.__dataclass_fields__
        details = Details(**{k: over.pop(k) for k in list(over) if k in names})
        given = {"id": new_id(), "by": ANNA} | over
        order = Order(kind=Kind(kind), team=team, party=party, details=details, **given)
        with self.begin() as session:
            return take(live_of(session), CITY, order)

    def undo(self, taken: Taken) -> Taken:
        with self.begin() as session:
            order = Order(new_id(), Kind.UNDO, by=ANNA)
            return undo(live_of(session), CITY, order, taken.entry.action.id)

    def proposal(self) -> Proposal | None:
        with self.begin() as session:
            return live_of(session).proposals.waiting(CITY)

    def accept(self, proposal: str) -> Answered:
        with self.begin() as session:
            return accept(session, CITY, proposal, ANNA)

    def decline(self, proposal: str) -> Answered:
        with self.begin() as session:
            return decline(session, CITY, proposal, ANNA)

    def shown(self) -> Any:
        """The live night as consoles are given it."""
        found = self.reader.night(CITY)
        return orjson.loads(found[1]) if found else None

    def evening(self) -> Any:
        with self.begin() as session:
            return session.plans.evening(CITY)

    def route(self, team: str) -> list[str]:
        return [stop.party_id for stop in self.evening().routes.get(team, ())]


def two_teams(**over: Any) -> tuple[Team, Team]:
    return make_team("t1", **over), make_team("t2", **over)


def ring(count: int) -> list[Party]:
    """So many parties around the kick-off."""
    spots = [(n % 4 - 1.5, n // 4 - 1) for n in range(count)]
    return [make_party(f"p{n}", place=place(2 * x, 2 * y)) for n, (x, y) in enumerate(spots)]
