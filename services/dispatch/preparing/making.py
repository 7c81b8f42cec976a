"""Makes the drafts and forecasts that somebody waits for. Called by the planner's task alone."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from services.dispatch.adapters.drafting import Drafted, Wish, draft_evening, promise_more
from services.dispatch.adapters.drafting_words import content_of, forecast_line
from services.dispatch.adapters.postgres_drafts import PostgresDrafts
from services.dispatch.adapters.postgres_ledger import PostgresBoards
from services.dispatch.domain.basis import Basis, basis_of
from services.dispatch.domain.drafts import DraftWish, SavedDraft
from services.dispatch.domain.plan import compose
from services.dispatch.planner import AnyOf, Cancelled, Iterations, Progress, Seconds
from services.dispatch.planner.stop import StopRule
from services.dispatch.planning import Check
from services.dispatch.ports.planning import TravelTimes
from services.dispatch.preparing.office import evening_of
from shared.clock import Clock
from shared.db import Pool
from shared.failures import Permanent

TELL_SECONDS = 0.5
FORECAST = Seconds(2.0)


@dataclass(frozen=True, slots=True)
class Maker:
    """What making a draft needs."""

    pool: Pool
    clock: Clock
    travel: TravelTimes
    check: Check
    forecast: StopRule = FORECAST


def make_waiting(maker: Maker, city: str) -> int:
    """Make the city's waiting drafts, and its forecast; how many were made."""
    made = 0
    while (draft := _claimed(maker, city)) is not None:
        _make(maker, city, draft)
        made += 1
    with maker.pool.connection() as conn:
        wanted = PostgresDrafts(conn).claim_forecast(city)
    if wanted:
        _forecast(maker, city)
    return made + wanted


def draft_wish(wish: DraftWish, gone: Callable[[], bool]) -> Wish:
    """The wish in the search's words; the search ends when the draft is `gone`."""
    rule: StopRule = Seconds(wish.seconds)
    if wish.iterations is not None:
        rule = Iterations(wish.iterations)
    return Wish(AnyOf(rule, Cancelled(gone)), wish.seed, wish.changes)


def _claimed(maker: Maker, city: str) -> SavedDraft | None:
    with maker.pool.connection() as conn:
        return PostgresDrafts(conn).claim(city)


def _make(maker: Maker, city: str, draft: SavedDraft) -> None:
    with maker.pool.connection() as conn:
        city_now = evening_of(conn, city)
        before = PostgresDrafts(conn).read(city, draft.wish.start) if draft.wish.start else None
    evening = replace(city_now, policies=draft.policies)
    teller = _Teller(maker, draft)
    begin = before.content.draft if before and before.content else None
    try:
        drafted = draft_evening(
            evening, maker.travel, draft_wish(draft.wish, teller.is_gone), teller, begin
        )
    except Permanent as fault:
        with maker.pool.connection() as conn:
            PostgresDrafts(conn).fail(draft.id, str(fault))
        return
    _keep(maker, city, draft, basis_of(city_now), drafted)


def _keep(maker: Maker, city: str, draft: SavedDraft, basis: Basis, drafted: Drafted) -> None:
    now = maker.clock.now()
    broken = maker.check(drafted.problem, drafted.draft)
    made = compose(drafted.framed, drafted.problem, drafted.draft, now)
    content = content_of(drafted, made)
    with maker.pool.connection() as conn:
        store = PostgresDrafts(conn)
        if broken:
            store.fail(draft.id, f"The draft breaks a rule and is no good: {broken[0]}.")
        else:
            found = content.figures
            words = f"{found.visited} of {found.parties} parties visited"
            store.finish(draft.id, content, basis, words, now)
        PostgresBoards(conn).changed(city, now)


def _forecast(maker: Maker, city: str) -> None:
    with maker.pool.connection() as conn:
        evening = evening_of(conn, city)
    wish = Wish(maker.forecast, changes=None)
    try:
        fresh = replace(evening, routes={}, told={})
        found = promise_more(draft_evening(fresh, maker.travel, wish), wish)
    except Permanent:
        found = None
    content = {**asdict(found), "words": forecast_line(found)} if found else None
    now = maker.clock.now()
    with maker.pool.connection() as conn:
        PostgresDrafts(conn).finish_forecast(city, content, basis_of(evening), now)
        PostgresBoards(conn).changed(city, now)


class _Teller:
    """Writes down how far the search is, and learns whether the draft was dropped meanwhile."""

    def __init__(self, maker: Maker, draft: SavedDraft) -> None:
        self._maker = maker
        self._draft = draft
        self._next = 0.0
        self._gone = False

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + TELL_SECONDS
        words = f"best so far: {progress.total / 1000:,.0f} points"
        with self._maker.pool.connection() as conn:
            told = PostgresDrafts(conn).tell(self._draft.id, min(progress.share, 0.99), words)
        self._gone = not told

    def is_gone(self) -> bool:
        """Whether nobody wants the draft any more."""
        return self._gone
