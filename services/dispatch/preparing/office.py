"""Where a planner's decisions are taken: one transaction each, none over another's."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from services.dispatch.adapters.postgres_decisions import PostgresDecisions
from services.dispatch.adapters.postgres_ledger import PostgresBoards
from services.dispatch.adapters.postgres_plans import PostgresDirtyCities, PostgresPlans
from services.dispatch.domain.evening import Evening
from services.dispatch.planning import Planning
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.failures import Permanent
from shared.work import Work, begin


class NoSuchCity(Permanent):
    """There is no city of that name."""

    def __init__(self, city: str) -> None:
        super().__init__(f"There is no city {city!r}.")


class NoSuchThing(Permanent):
    """There is no edit or draft of that name."""


class Overtaken(Permanent):
    """Something was decided since; `changed` says what, in sentences."""

    def __init__(self, message: str, changed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.changed = tuple(changed)


@dataclass(frozen=True, slots=True)
class Office:
    """What decisions need; `hint_city` asks for a plan, `hint_drafts` for a draft or a forecast.

    `planning` publishes what is finalized; its planner is not asked.
    """

    pool: Pool
    clock: Clock
    hint_city: Callable[[str], None]
    hint_drafts: Callable[[str], None]
    planning: Planning


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about to be taken, `version` its number."""

    work: Work
    evening: Evening
    decisions: PostgresDecisions
    version: int


@contextmanager
def deciding(office: Office, city: str) -> Iterator[Decision]:
    """Take a decision; the city is then planned anew, and consoles hear of it."""
    with begin(office.pool, office.clock) as work:
        decisions = PostgresDecisions(work.conn)
        evening_of(work.conn, city)
        version = decisions.next_version(city)
        yield Decision(work, evening_of(work.conn, city), decisions, version)
        PostgresDirtyCities(work.conn).mark(city, work.now)
        PostgresBoards(work.conn).changed(city, work.now)
        work.after_commit(lambda: office.hint_city(city))


def evening_of(conn: Connection, city: str) -> Evening:
    """The city's evening; raises `NoSuchCity`."""
    found = PostgresPlans(conn).evening(city)
    if found is None:
        raise NoSuchCity(city)
    return found
