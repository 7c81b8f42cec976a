"""Takes requests for programmes and what becomes of them. The request desk calls it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.registration.domain.checks import ContactReader
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.programmes import (
    Act,
    ProgrammeRequest,
    State,
    Wish,
    understood,
)
from services.registration.ports import RequestBook
from shared.ids import new_id

_STATES: dict[Act, State] = {"answer": "answered", "fulfil": "fulfilled"}
_LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """What a member of staff does to a request of which `seen` was the revision.

    `area` is where a resident's request belongs; that of a party follows from the party.
    """

    act: Act
    seen: int
    officer: str = ""
    note: str = ""
    area: str = ""


class RequestMoved(ValueError):
    """The request is not any more as the person saw it."""


def ask_for_programmes(
    wish: Wish, city: City, contacts: ContactReader, book: RequestBook, now: datetime, key: str
) -> list[ProgrammeRequest]:
    """Enter one request for each programme, once for each form; raises `Rejected`."""
    told = understood(wish, city, contacts)
    made = [
        ProgrammeRequest(
            new_id(), city.slug, programme, now, now, 1,
            name=told.name, phone=told.phone, email=told.email, address=told.address,
            area=told.area, words=told.words, language=told.language, changed_by="the resident",
        )
        for programme in told.programmes
    ]  # fmt: skip
    for request in made:
        book.add(request, f"{key} {request.programme}" if key else None)
    return made


def take_step(
    request: ProgrammeRequest, step: Step, who: str, book: RequestBook, now: datetime
) -> ProgrammeRequest:
    """Assign, answer, fulfil or note; raises `RequestMoved` or `Rejected`."""
    if request.revision != step.seen:
        raise RequestMoved("Somebody else changed this request meanwhile.")
    officer, note = step.officer.strip()[:200], step.note.strip()
    if len(note) > _LONGEST_NOTE:
        raise Rejected(
            Complaint("note", "Please use at most {most} characters.", {"most": _LONGEST_NOTE})
        )
    after = replace(
        request,
        officer=officer,
        note=note,
        area=request.area if request.party_id else step.area,
        state=_STATES.get(step.act, request.state),
    )
    return _changed(request, after, who, book, now)


def undo_step(
    request: ProgrammeRequest, seen: int, who: str, book: RequestBook, now: datetime
) -> ProgrammeRequest:
    """Put the request back to what it was before its last change; raises `RequestMoved`."""
    before = book.before(request.id)
    if request.revision != seen or before is None:
        raise RequestMoved("Somebody else changed this request meanwhile.")
    after = replace(
        request, state=before.state, officer=before.officer, note=before.note, area=before.area
    )
    return _changed(request, after, who, book, now)


def open_first(requests: Sequence[ProgrammeRequest]) -> list[ProgrammeRequest]:
    """The queue: what is open first, the oldest first; then what was done, the newest first."""
    waiting = sorted((r for r in requests if r.is_open), key=lambda r: r.received_at)
    done = sorted((r for r in requests if not r.is_open), key=lambda r: r.changed_at, reverse=True)
    return [*waiting, *done]


def _changed(
    before: ProgrammeRequest, after: ProgrammeRequest, who: str, book: RequestBook, now: datetime
) -> ProgrammeRequest:
    after = replace(after, revision=before.revision + 1, changed_at=now, changed_by=who)
    book.replace(before, after)
    return after
