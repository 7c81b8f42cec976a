"""The port `TapDesk` on the live night: a transaction for each tap, so that none stops another."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from services.dispatch.adapters.phone_view import phone_view
from services.dispatch.domain.actions import By, Details, Kind
from services.dispatch.domain.phone_team import PhoneTeam
from services.dispatch.domain.taps import SKIP_REASONS, Outcome, Tap
from services.dispatch.handlers import acting
from services.dispatch.handlers.acting import Order, Stale, Taken, Unknown, apply_taps, undo
from services.dispatch.handlers.proposing import live_of
from services.dispatch.handlers.publishing import Session
from services.dispatch.handlers.turn import Acting
from shared.db import Pool
from shared.failures import Refused

Begin = Callable[[], AbstractContextManager[Session]]
NOT_THIS_TEAMS = "Only what your own team tapped can be undone here."


class LiveNight:
    """The night as it is kept. `hint` asks for a new plan once something has changed."""

    def __init__(self, pool: Pool, begin: Begin, hint: Callable[[str], None]) -> None:
        self._pool = pool
        self._begin = begin
        self._hint = hint

    def now(self, city: str, team: str) -> PhoneTeam | None:
        """How the team stands."""
        with self._pool.connection() as conn:
            conn.execute("set transaction isolation level repeatable read, read only")
            return phone_view(conn, city, team)

    def apply(self, city: str, team: str, taps: Sequence[Tap], now: datetime) -> list[Outcome]:
        """Apply moves in the order of their times, whatever the order in which they came."""
        in_order = sorted(taps, key=lambda tap: min(tap.at, now))
        done = {tap.id: self._one(city, team, tap) for tap in in_order}
        if any(outcome.applied and not outcome.already for outcome in done.values()):
            self._hint(city)
        return [done[tap.id] for tap in taps]

    def _one(self, city: str, team: str, tap: Tap) -> Outcome:
        by = By(f"team:{team}", team, "phone")
        try:
            with self._begin() as session:
                ports = live_of(session)
                if tap.kind == "undo":
                    return _undone(ports, city, team, tap, by)
                (taken,) = apply_taps(ports, city, team, [_move(tap)], by)
        except (Refused, Stale, Unknown) as refused:
            return _impossible(tap, str(refused))
        return _outcome(tap, taken)


def _move(tap: Tap) -> acting.Tap:
    details = Details(reason=SKIP_REASONS.get(tap.reason, tap.reason))
    return acting.Tap(tap.id, Kind(tap.kind), tap.at, tap.party, details)


def _undone(ports: Acting, city: str, team: str, tap: Tap, by: By) -> Outcome:
    """Take one of the team's own taps back; one that is back already is no complaint."""
    entry = ports.log.find(city, tap.of)
    if entry is None or entry.action.team != team:
        return _impossible(tap, NOT_THIS_TEAMS)
    if entry.undone_by and entry.undone_by != tap.id:
        return Outcome(tap.id, applied=True, already=True)
    return _outcome(tap, undo(ports, city, Order(tap.id, Kind.UNDO, team, by=by), tap.of))


def _outcome(tap: Tap, taken: Taken | str) -> Outcome:
    if isinstance(taken, str):
        return _impossible(tap, taken)
    if taken.entry.refusal:
        return _impossible(tap, taken.entry.refusal)
    return Outcome(tap.id, applied=True, already=taken.already)


def _impossible(tap: Tap, words: str) -> Outcome:
    return Outcome(tap.id, applied=False, fault="impossible", detail=words)
