"""Answers to proposals: accepted, declined, or applied because nobody answered. Edges call it."""

from dataclasses import dataclass

from services.dispatch.domain.actions import Action, By, Details, Entry, Kind
from services.dispatch.domain.proposal import Proposal
from services.dispatch.handlers.acting import Stale, Unknown, lock
from services.dispatch.handlers.publishing import PLANNER, Session, Why
from services.dispatch.handlers.replanning import apply_proposal
from services.dispatch.handlers.turn import Acting
from shared.ids import new_id

NEWER = "Something has happened since this was proposed. A newer proposal is on its way."


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the proposal, and the board's change since."""

    proposal: str
    state: str
    version: int


def accept(session: Session, city: str, proposal: str, by: By) -> Answered:
    """Let a proposal hold. Raises `Stale` if anything came since: a new one is made by itself."""
    live = live_of(session)
    lock(live, city)
    found = _waiting(live, city, proposal)
    evening = session.plans.evening(city)
    late = session.dirty.read(city) is not None
    if late or evening is None or evening.version + 1 != found.plan.version:
        raise Stale(NEWER, live.log.since(city, found.base_version, ()))
    live.proposals.settle(city, proposal, "applied", session.now)
    apply_proposal(session, evening, found, Why(by=by, running=True))
    return Answered(proposal, "applied", live.nights.lock(city) or 0)


def decline(session: Session, city: str, proposal: str, by: By) -> Answered:
    """Leave everything as it is; the next fact may lead to a proposal again."""
    live = live_of(session)
    change = lock(live, city)
    _waiting(live, city, proposal)
    live.proposals.settle(city, proposal, "declined", session.now)
    details = Details(words=f"Proposal {proposal}")
    action = Action(new_id(), Kind.DECLINED, session.now, session.now, details=details, by=by)
    live.log.take_down(city, Entry(action, version=change + 1))
    session.boards.changed(city, session.now)
    return Answered(proposal, "declined", change + 1)


def apply_overdue(session: Session, city: str, proposal: str) -> bool:
    """Let a proposal hold that nobody answered in time; whether it does."""
    try:
        accept(session, city, proposal, PLANNER)
    except (Stale, Unknown):
        return False
    return True


def _waiting(live: Acting, city: str, proposal: str) -> Proposal:
    found = live.proposals.waiting(city)
    if found is None or found.id != proposal:
        raise Stale("This proposal is settled, or a newer one has taken its place.", ())
    return found


def live_of(session: Session) -> Acting:
    """The night's ports; raises `Unknown` where there are none."""
    if session.live is None:
        raise Unknown("No evening can run here.")
    return session.live
