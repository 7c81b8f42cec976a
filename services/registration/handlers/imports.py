"""Judges one row of a list and brings it into the party book, or takes it back. Imports call it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.registration.domain.checks import ContactReader, understand
from services.registration.domain.city import City
from services.registration.domain.geography import Point
from services.registration.domain.imports import Outcome
from services.registration.domain.party import Details, Party, Registration, as_asked
from services.registration.domain.sheet_merge import Change, Version, differing, merge
from services.registration.domain.sheet_party import SheetParty
from services.registration.handlers.parties import (
    Asker,
    amend_party,
    put_back_party,
    register_party,
    withdraw_party,
)
from services.registration.ports import Imported, ImportMark, Means, NewParties, PartyBook

IMPORTER = Asker("import", "import")
Histories = Sequence[Version]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of a row, and why; `asked` is what the party becomes, if anything."""

    outcome: Outcome
    asked: Registration
    changes: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()
    revives: bool = False


def needs_history(
    row: SheetParty, known: Imported | None, city: City, reader: ContactReader
) -> bool:
    """Whether the row cannot be judged without the history of its party."""
    if known is None or _same_as_before(row, known):
        return False
    try:
        return bool(_differences(row, known.party, city, reader)[0])
    except ValueError:
        return False


def judge_row(
    row: SheetParty,
    city: City,
    known: Imported | None,
    versions: Histories,
    reader: ContactReader,
) -> Verdict:
    """What would become of the row; raises `Rejected` with every complaint.

    A new row is not read here: whoever registers it, or previews it, does.
    """
    if known is None:
        return Verdict("new", row.asked)
    party = known.party
    if _was_undone(party):
        asked = replace(as_asked(party.details), **_of(row.asked, row.given))
        understand(asked, city, reader, imported=True)
        return Verdict("changed", asked, (Change("state", "withdrawn", "registered"),), (), True)
    if _same_as_before(row, known):
        return Verdict("unchanged", row.asked)
    fields, theirs = _differences(row, party, city, reader)
    if not fields:
        return Verdict("unchanged", row.asked)
    merged = merge(party.details, theirs, fields, versions, row.revision)
    asked = replace(as_asked(party.details), **_of(row.asked, merged.fields))
    if merged.changes:
        understand(asked, city, reader, imported=True)
        return Verdict("changed", asked, merged.changes, merged.kept)
    return Verdict("kept" if merged.kept else "unchanged", asked, (), merged.kept)


def preview_row(row: SheetParty, city: City, reader: ContactReader) -> None:
    """Raise `Rejected` where a row judged new could not be registered."""
    understand(row.asked, city, reader, imported=True)


def register_row(
    row: SheetParty, city: City, means: Means[NewParties], place: Point | None = None
) -> Party:
    """Register a row judged new, at the place that was looked up; raises `Rejected`."""
    asked = row.asked
    if place:
        asked = replace(asked, lat=place.lat, lon=place.lon, placed_by="geocoder")
    return register_party(asked, city, IMPORTER, means, mark=mark_of(row))


def address_to_look_up(row: SheetParty, verdict: Verdict, known: Imported | None) -> bool:
    """Whether the row leaves its party at an address without saying where that is."""
    if row.asked.lat is not None:
        return False
    if known is None:
        return verdict.outcome == "new"
    moved = any(change.field == "address" for change in verdict.changes)
    return moved and known.party.details.placed_by not in ("host", "staff")


def amend_by_row(
    row: SheetParty, verdict: Verdict, party: Party, city: City, means: Means[PartyBook]
) -> Party:
    """Change the party as a row judged changed asks; a party that an undo withdrew comes back."""
    if verdict.revives:
        party = put_back_party(party, replace(party, state="registered"), IMPORTER, means)
    asked, theirs = verdict.asked, row.asked
    if theirs.lat is not None and (asked.lat, asked.lon) == (theirs.lat, theirs.lon):
        asked = replace(asked, placed_by="import")
    return amend_party(party, asked, city, IMPORTER, means, mark=mark_of(row))


def take_back(party: Party, earlier: Party | None, means: Means[PartyBook]) -> Party:
    """Undo a row: withdraw what it made, or give the party its `earlier` state."""
    if earlier is None:
        return withdraw_party(party, IMPORTER, means)
    forgotten = ImportMark("", b"taken back")
    return put_back_party(party, earlier, IMPORTER, means, mark=forgotten)


def mark_of(row: SheetParty) -> ImportMark:
    """The row's key with a digest of all that it says."""
    said = repr([(name, getattr(row.asked, name)) for name in sorted(row.given)])
    return ImportMark(row.key, hashlib.sha256(said.encode("utf-8", "replace")).digest())


def _same_as_before(row: SheetParty, known: Imported) -> bool:
    return known.mark == mark_of(row) and not _was_undone(known.party)


def _was_undone(party: Party) -> bool:
    return party.is_withdrawn and party.changed_by == "import"


def _differences(
    row: SheetParty, party: Party, city: City, reader: ContactReader
) -> tuple[tuple[str, ...], Details]:
    given = row.given
    if row.asked.lat is None and party.details.placed_by == "geocoder":
        given -= {"lat", "lon"}  # An empty cell does not speak against what was looked up.
    asked = replace(as_asked(party.details), **_of(row.asked, given))
    theirs = understand(asked, city, reader, imported=True)
    return differing(party.details, theirs, given), theirs


def _of(asked: Registration, names: frozenset[str]) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in names}
