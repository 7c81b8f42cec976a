"""Takes what a phone sends: moves go to the night, notes are kept. The team page calls it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from services.dispatch.domain.field_notes import LONGEST_NOTE, MOST_PEOPLE, FieldNote
from services.dispatch.domain.shift_links import ShiftLink
from services.dispatch.domain.taps import MOVES, NOTES, SKIP_REASONS, Outcome, Tap
from services.dispatch.field_ports import Notebook, TapDesk

Notebooks = Callable[[], AbstractContextManager[Notebook]]
"""Opens the notebook in a transaction of its own."""


def take_taps(
    desk: TapDesk, open_notebook: Notebooks, link: ShiftLink, taps: Sequence[Tap], now: datetime
) -> list[Outcome]:
    """One outcome for each tap, in the order of the taps; none stops another one.

    The notebook is opened when the night is done: never two connections for one phone.
    """
    taps = list({tap.id: tap for tap in taps}.values())
    refused = {tap.id: fault for tap in taps if (fault := _fault(tap))}
    moves = [tap for tap in taps if tap.kind in MOVES and tap.id not in refused]
    done = {o.id: o for o in desk.apply(link.city, link.team_id, moves, now)} if moves else {}
    notes = [tap for tap in taps if tap.kind in NOTES and tap.id not in refused]
    if notes:
        with open_notebook() as notebook:
            done |= {tap.id: _note(notebook, link, tap, now) for tap in notes}
    return [refused.get(tap.id) or done[tap.id] for tap in taps]


def _note(notebook: Notebook, link: ShiftLink, tap: Tap, now: datetime) -> Outcome:
    words = tap.words[:LONGEST_NOTE]
    about = (link.team_id, tap.party, tap.kind)
    new = notebook.keep(link.city, FieldNote(tap.id, *about, words, tap.people, tap.at, now))
    return Outcome(tap.id, applied=True, already=not new)


def _fault(tap: Tap) -> Outcome | None:
    """What is wrong with a tap by itself, whatever the night is like."""
    detail = ""
    if tap.kind not in MOVES | NOTES:
        detail = "This kind of tap is not known."
    elif tap.kind == "skip" and tap.reason not in SKIP_REASONS:
        detail = "Please say why the stop is skipped."
    elif tap.kind == "note" and not tap.words.strip():
        detail = "The note is empty."
    elif tap.kind == "head_count" and not (
        tap.people is not None and 0 <= tap.people <= MOST_PEOPLE
    ):
        detail = "A head count is a whole number up to 10,000."
    return Outcome(tap.id, applied=False, fault="not_understood", detail=detail) if detail else None
