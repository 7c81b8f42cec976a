"""Hand edits as people read them: in words, with what became of each. For pages, API, commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from services.dispatch.domain.board import clock, span
from services.dispatch.domain.edits import Edit
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.standing import Standing

Status = Literal["holds", "unmet", "void", "withdrawn"]
UNMET = "The plan that holds does not make this visit: no room was found for it in time."


@dataclass(frozen=True, slots=True)
class Label:
    """How people know a party."""

    id: str
    code: str
    address: str

    def __str__(self) -> str:
        return f"{self.address} ({self.code})"


@dataclass(frozen=True, slots=True)
class EditShown:
    """An edit, what it says, whether it holds, and if not why."""

    id: str
    kind: str
    words: str
    parties: tuple[Label, ...]
    team: str
    visitor: str
    earliest: datetime | None
    latest: datetime | None
    only: bool
    reason: str
    by: str
    at: datetime | None
    version: int
    status: Status
    why: str = ""


def show_standing(evening: Evening, standing: Standing, labels: Mapping[str, Label]) -> EditShown:
    """An edit that was not withdrawn, held against the plan that holds."""
    edit = standing.edit
    if standing.void:
        return show_edit(evening, edit, labels, "void", standing.void)
    if edit.kind == "pin" and evening.version and not _is_made(evening, edit):
        return show_edit(evening, edit, labels, "unmet", UNMET)
    return show_edit(evening, edit, labels, "holds", standing.note)


def show_edit(
    evening: Evening, edit: Edit, labels: Mapping[str, Label], status: Status, why: str = ""
) -> EditShown:
    """An edit with what became of it."""
    parties = tuple(labels.get(party, Label(party, party, "")) for party in edit.parties)
    return EditShown(
        edit.id,
        edit.kind,
        words_of(evening, edit, labels),
        parties,
        edit.team,
        edit.visitor,
        edit.earliest,
        edit.latest,
        edit.only,
        edit.reason,
        edit.by,
        edit.at,
        edit.version,
        status,
        why,
    )


def words_of(evening: Evening, edit: Edit, labels: Mapping[str, object]) -> str:
    """What an edit says, in a sentence."""
    named = [str(labels.get(party, party)) for party in edit.parties]
    team = next((team.name for team in evening.teams if team.id == edit.team), edit.team)
    if edit.kind == "forbid":
        return f"{team or 'Nobody'} {'does not visit' if team else 'visits'} {named[0]}."
    if edit.kind == "lock":
        rest = " and makes no other stop" if edit.only else ""
        return f"{team} visits {', then '.join(named)}{rest}."
    return f"{team or 'Some team'} visits {named[0]}{_when(evening, edit)}."


def _when(evening: Evening, edit: Edit) -> str:
    zone = ZoneInfo(evening.city.zone)
    if edit.earliest and edit.latest:
        return f", starting {span(edit.earliest, edit.latest, zone)}"
    if edit.earliest:
        return f", not before {clock(edit.earliest, zone)}"
    return f", by {clock(edit.latest, zone)}" if edit.latest else ""


def _is_made(evening: Evening, edit: Edit) -> bool:
    routes = [evening.routes.get(edit.team, ())] if edit.team else list(evening.routes.values())
    return any(stop.party_id in edit.parties for route in routes for stop in route)
