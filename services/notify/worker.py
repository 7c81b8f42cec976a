"""The worker's edge: hands facts, ticks and tasks to the handlers, each in its transaction."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout

from services.notify.adapters.book import PostgresBook
from services.notify.adapters.broadcast_book import PostgresBroadcasts
from services.notify.adapters.crews import PostgresCrews
from services.notify.adapters.desk import PostgresDesk
from services.notify.adapters.diary import PostgresDiary
from services.notify.adapters.forgetting import (
    PostgresForgetting,
    forget_documents,
    recheck_routes,
)
from services.notify.adapters.numbers import PostgresNumbers
from services.notify.adapters.press import Press
from services.notify.adapters.reply_words import TemplateReplies
from services.notify.adapters.traits import keep_traits
from services.notify.adapters.watch import ProviderWatch, keep_healths
from services.notify.answer_ports import ReplyWords
from services.notify.domain.codes import CodeMaker
from services.notify.domain.decisions import BULK, LANES, URGENT
from services.notify.handlers.broadcasting import carry_on
from services.notify.handlers.crewing import hear_done, tell_next, tell_routes
from services.notify.handlers.forgetting import forget_parties
from services.notify.handlers.handing_over import expire_late, hand_over, settle_stranded
from services.notify.handlers.hearing import (
    hear_cities,
    hear_parties,
    hear_routes,
    hear_teams,
    hear_visits,
)
from services.notify.handlers.links import tell_links
from services.notify.handlers.live import tell_night, tell_on_the_way, tell_skipped
from services.notify.handlers.proving import (
    Proving,
    ask_numbers,
    hear_entered,
    hear_requested,
    tell_numbers,
)
from services.notify.handlers.reminding import make_due, note_called_off, tell_due
from services.notify.handlers.telling import tell_visits, tell_welcomes
from services.notify.ports.handing import Office
from services.notify.ports.telling import Words
from shared import routes
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.db import Pool
from shared.inbox import FactHandler
from shared.logs import log
from shared.work import Work, begin

HAND_OVER = "notify.hand_over"
QUEUES = {lane: next(q for q in routes.QUEUES["notify"] if q.endswith(lane)) for lane in LANES}
AT_ONCE = {URGENT: 2, BULK: 2}
ROUND = 200
ROUNDS = 20

Nudge = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ears:
    """Applies facts; `nudge` asks for a lane's hand-over once the transaction stands."""

    words: Words
    nudge: Nudge
    codes: CodeMaker
    replies: ReplyWords = field(default_factory=TemplateReplies)

    def handlers(self) -> Mapping[str, FactHandler]:
        """Fact type -> handler."""
        return {
            "city.configured.v1": self.hear_cities,
            "party.registered.v1": self.hear_parties,
            "party.amended.v1": self.hear_parties,
            "party.withdrawn.v1": self.hear_parties,
            "party.forgotten.v1": self.hear_forgotten,
            "link.requested.v1": self.hear_links,
            "number.code_entered.v1": self.hear_entered,
            "number.code_requested.v1": self.hear_requested,
            "visit.scheduled.v1": self.hear_visits,
            "visit.unscheduled.v1": self.hear_visits,
            "visit.rescheduled.v1": self.hear_visits,
            "visit.en_route.v1": self.hear_on_the_way,
            "visit.arrived.v1": self.hear_done,
            "visit.completed.v1": self.hear_completed,
            "visit.skipped.v1": self.hear_skipped,
            "visit.interrupted.v1": self.hear_done,
            "night.held.v1": self.hear_night,
            "night.resumed.v1": self.hear_night,
            "night.closed.v1": self.hear_night,
            "route.updated.v1": self.hear_routes,
            "team.staffed.v1": self.hear_teams,
        }

    def hear_cities(self, work: Work, facts: Sequence[Envelope]) -> None:
        hear_cities(PostgresBook(work.conn), facts, work.now)
        self.tell_waiting(work)

    def hear_parties(self, work: Work, facts: Sequence[Envelope]) -> None:
        hear_parties(PostgresBook(work.conn), facts, work.now)
        keep_traits(work.conn, facts)
        self.tell_waiting(work)

    def hear_forgotten(self, work: Work, facts: Sequence[Envelope]) -> None:
        forget_parties(PostgresForgetting(work.conn, work.now), facts)

    def hear_visits(self, work: Work, facts: Sequence[Envelope]) -> None:
        hear_visits(PostgresBook(work.conn), facts, work.now)
        self.tell_waiting(work)

    def hear_routes(self, work: Work, facts: Sequence[Envelope]) -> None:
        hear_routes(PostgresBook(work.conn), facts, work.now)
        cities, teams = ({f.city for f in facts}, {f.data.team_id for f in facts})
        recheck_routes(work.conn, sorted(cities), sorted(teams))

    def hear_teams(self, work: Work, facts: Sequence[Envelope]) -> None:
        hear_teams(PostgresBook(work.conn), facts, work.now)

    def hear_done(self, work: Work, facts: Sequence[Envelope]) -> None:
        hear_done(PostgresCrews(work.conn), facts)

    def hear_completed(self, work: Work, facts: Sequence[Envelope]) -> None:
        crews = PostgresCrews(work.conn)
        hear_done(crews, facts)
        if tell_next(PostgresBook(work.conn), crews, self.words, facts, work.now):
            self.nudge_waiting(work)

    def hear_on_the_way(self, work: Work, facts: Sequence[Envelope]) -> None:
        if tell_on_the_way(PostgresBook(work.conn), self.words, facts, work.now):
            self.nudge_waiting(work)

    def hear_skipped(self, work: Work, facts: Sequence[Envelope]) -> None:
        hear_done(PostgresCrews(work.conn), facts)
        if tell_skipped(PostgresBook(work.conn), self.words, facts, work.now):
            self.nudge_waiting(work)

    def hear_links(self, work: Work, facts: Sequence[Envelope]) -> None:
        if tell_links(PostgresBook(work.conn), self.words, facts, work.now):
            self.nudge_waiting(work)

    def hear_entered(self, work: Work, facts: Sequence[Envelope]) -> None:
        if hear_entered(self._proving(work), self.codes, facts):
            self.tell_waiting(work)

    def hear_requested(self, work: Work, facts: Sequence[Envelope]) -> None:
        hear_requested(self._proving(work), facts)
        self.nudge_waiting(work)

    def hear_night(self, work: Work, facts: Sequence[Envelope]) -> None:
        note_called_off(PostgresDiary(work.conn), facts)
        if tell_night(PostgresBook(work.conn), self.words, facts, work.now):
            self.nudge_waiting(work)

    def tell_waiting(self, work: Work) -> bool:
        """Decide what can be decided now; returns whether there may be more."""
        book = PostgresBook(work.conn)
        proving = self._proving(work)
        asked, changed = ask_numbers(proving, ROUND), tell_numbers(proving, ROUND)
        welcomes = tell_welcomes(book, self.words, work.now, ROUND)
        visits = tell_visits(book, self.words, work.now, ROUND)
        if asked or welcomes or visits:
            self.nudge_waiting(work)
        return ROUND in (asked, changed, welcomes, visits)

    def tell_due(self, work: Work) -> bool:
        """Decide what is due at its hour, and what teams are to hear; whether there may be more."""
        book, diary, crews = (
            PostgresBook(work.conn),
            PostgresDiary(work.conn),
            PostgresCrews(work.conn),
        )
        make_due(diary, work.now)
        dues = tell_due(book, diary, self.words, work.now, ROUND)
        routes = tell_routes(book, crews, self.words, work.now, ROUND)
        return ROUND in (dues, routes)

    def _proving(self, work: Work) -> Proving:
        return Proving(PostgresNumbers(work.conn, self.codes.secret), self.replies, work, work.now)

    def nudge_waiting(self, work: Work) -> None:
        """Ask for the hand-over of every lane that has something due."""
        for lane in PostgresDesk(work.conn).waiting(work.now):
            work.after_commit(partial(self.nudge, lane))


@dataclass(frozen=True, slots=True)
class Rounds:
    """The once-a-second round: whatever became due, was stranded or lost its hint."""

    pool: Pool
    clock: Clock
    ears: Ears
    office: Office
    watch: ProviderWatch | None = None
    press: Press = field(default_factory=Press)
    files: Path | None = None
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def tick(self) -> None:
        self._keep_healths()
        self._settle_stranded()
        expire_late(self.office)
        for _ in range(ROUNDS):
            with begin(self.pool, self.clock) as work:
                more = self.ears.tell_waiting(work)
            if not more:
                break
        for _ in range(ROUNDS):
            with begin(self.pool, self.clock) as work:
                more = self.ears.tell_due(work)
            if not more:
                break
        with begin(self.pool, self.clock) as work:
            carry_on(PostgresBroadcasts(work.conn, work.now), work.now, self.press)
        with begin(self.pool, self.clock) as work:
            forget_documents(work.conn, self.files)
        with begin(self.pool, self.clock) as work:
            self.ears.nudge_waiting(work)

    def _settle_stranded(self) -> None:
        """Providers may be slow to answer: one round at a time asks them, the others go on."""
        if not self._asking.acquire(blocking=False):
            return
        try:
            settle_stranded(self.office)
        finally:
            self._asking.release()

    def _keep_healths(self) -> None:
        """Show on the page how the providers do, as this process sees them."""
        changes = self.watch.changes() if self.watch else {}
        if changes:
            with begin(self.pool, self.clock) as work:
                keep_healths(work.conn, self.office.claimant.instance, changes, work.now)


@dataclass(frozen=True, slots=True)
class Counter:
    """Where lanes are emptied; no lane may take every thread, so urgent ones never wait."""

    office: Office
    nudge: Nudge
    _places: Mapping[str, threading.Semaphore] = field(
        default_factory=lambda: {lane: threading.Semaphore(AT_ONCE[lane]) for lane in LANES}
    )

    def hand_over(self, lane: str) -> None:
        """Hand over what is due in the lane; rows that remain are found by the next round."""
        if not self._places[lane].acquire(blocking=False):
            return
        try:
            self._empty(lane)
        except (psycopg.OperationalError, PoolTimeout) as fault:
            log().warning("hand-over waits for the database", fault=str(fault).strip())
        finally:
            self._places[lane].release()

    def _empty(self, lane: str) -> None:
        for _ in range(ROUNDS):
            if not hand_over(lane, self.office):
                return
        self.nudge(lane)
