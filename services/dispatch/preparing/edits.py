"""Adds, lists and withdraws hand edits. Called by the API, the plan page and the command line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from services.dispatch.adapters.edit_document import read_edit
from services.dispatch.adapters.postgres_decisions import PostgresDecisions
from services.dispatch.domain.edit_words import (
    EditShown,
    Label,
    show_edit,
    show_standing,
    words_of,
)
from services.dispatch.domain.edits import Edit
from services.dispatch.domain.framing import frame
from services.dispatch.preparing.office import (
    Decision,
    NoSuchThing,
    Office,
    Overtaken,
    deciding,
    evening_of,
)
from shared.audit import record
from shared.db import Connection
from shared.failures import Refused
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class EditsNow:
    """A city's edits as of its decision `version`; those withdrawn are listed last."""

    version: int
    edits: tuple[EditShown, ...]
    withdrawn: tuple[EditShown, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """A new edit, and the older ones that it makes void."""

    edit: EditShown
    overruled: tuple[EditShown, ...]


def list_edits(office: Office, city: str) -> EditsNow:
    """Every edit with its standing; raises `NoSuchCity`."""
    with office.pool.connection() as conn:
        evening, decisions = evening_of(conn, city), PostgresDecisions(conn)
        taken_back = decisions.withdrawn(city)
        every = (*evening.edits, *(gone.edit for gone in taken_back))
        labels = labels_of(conn, city, [party for edit in every for party in edit.parties])
        shown = tuple(show_standing(evening, s, labels) for s in frame(evening).standings)
        gone = tuple(
            show_edit(evening, w.edit, labels, "withdrawn", f"{w.by} withdrew it.")
            for w in taken_back
        )
        return EditsNow(decisions.version(city), shown, gone)


def add_edit(
    office: Office, city: str, document: object, by: str, *, seen: int | None = None
) -> Added:
    """Let an edit hold; raises `Refused` by field, `Overtaken`, or `NoSuchCity`.

    `seen` is the version of the list that the caller looked at: an edit of the same party or
    order that was made since is shown first.
    """
    with deciding(office, city) as decision:
        evening, now = decision.evening, decision.work.now
        edit = read_edit(document, evening, new_id(), decision.version, by, now)
        labels = labels_of(
            decision.work.conn, city, [p for e in (*evening.edits, edit) for p in e.parties]
        )
        _refuse_overtaken(decision, edit, seen, labels)
        before = {s.edit.id: s for s in frame(evening).standings}
        after = frame(replace(evening, edits=(*evening.edits, edit))).standings
        own = next(standing for standing in after if standing.edit.id == edit.id)
        if own.void:
            raise Refused(own.void, {_field(edit): [own.void]})
        decision.decisions.add(city, edit)
        said = words_of(evening, edit, {party: label.code for party, label in labels.items()})
        record(decision.work.conn, "edit added", said, city=city, actor=by)
        overruled = [s for s in after if s.void and s is not own and before[s.edit.id].holds]
        return Added(
            show_edit(evening, edit, labels, "holds", own.note),
            tuple(show_standing(evening, standing, labels) for standing in overruled),
        )


def withdraw_edit(office: Office, city: str, edit: str, by: str, *, seen: int | None = None) -> int:
    """Take an edit back; the new version. Raises `NoSuchThing`, `Overtaken`, or `NoSuchCity`."""
    with deciding(office, city) as decision:
        found = next((held for held in decision.evening.edits if held.id == edit), None)
        if found is None:
            raise NoSuchThing("There is no such edit, or it was withdrawn already.")
        if seen is not None and found.version > seen:
            raise Overtaken("The edit is newer than the list that you saw.", [found.id])
        decision.decisions.withdraw(city, edit, decision.version, by, decision.work.now)
        labels = labels_of(decision.work.conn, city, found.parties)
        codes = {party: label.code for party, label in labels.items()}
        said = words_of(decision.evening, found, codes)
        record(decision.work.conn, "edit withdrawn", said, city=city, actor=by)
        return decision.version


def labels_of(conn: Connection, city: str, parties: Collection[str]) -> Mapping[str, Label]:
    """How people know these parties, withdrawn ones included."""
    rows = conn.execute(
        "select id, code, address from parties where city = %s and id = any(%s)",
        (city, list(set(parties))),
    ).fetchall()
    return {str(row[0]): Label(*map(str, row)) for row in rows}


def _refuse_overtaken(
    decision: Decision, edit: Edit, seen: int | None, labels: Mapping[str, Label]
) -> None:
    if seen is None:
        return
    evening = decision.evening
    newer = [
        show_edit(evening, other, labels, "holds")
        for other in evening.edits
        if other.version > seen and _touch(edit, other)
    ]
    if newer:
        said = f"{newer[-1].by} edited the same meanwhile; please look at it first."
        raise Overtaken(said, [f"{other.by}: {other.words}" for other in newer])


def _field(edit: Edit) -> str:
    """Which field of an edit that cannot hold is the likeliest to be wrong."""
    if edit.earliest:
        return "earliest"
    if edit.latest:
        return "latest"
    return "team" if edit.team else "party"


def _touch(one: Edit, other: Edit) -> bool:
    same_order = one.kind == other.kind == "lock" and one.team == other.team
    return same_order or bool(set(one.parties) & set(other.parties))
