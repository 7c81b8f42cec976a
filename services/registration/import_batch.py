"""One batch of an import: rows judged and brought in, or taken back. `importing` runs it.

All of it is one transaction, with the import's cursor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from services.registration.adapters.postgres_history import sign
from services.registration.adapters.postgres_imports import Done, Outcome, PostgresImports
from services.registration.adapters.postgres_parties import NewlyImported, PostgresPartyBook
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.imports import Import, Spot
from services.registration.domain.party import Party
from services.registration.domain.places import LookedUp
from services.registration.domain.sheet import Line, row_of
from services.registration.domain.sheet_merge import Change, Version
from services.registration.domain.sheet_party import SheetParty, key_of, party_in
from services.registration.handlers.imports import (
    Verdict,
    address_to_look_up,
    amend_by_row,
    judge_row,
    needs_history,
    preview_row,
    register_row,
    take_back,
)
from services.registration.handlers.placing import sure_spot
from services.registration.ports import Imported, Means, NewParties
from shared.work import Work

BATCH = 250
Found = dict[str, Imported]


class Batch:
    """Some rows, judged and, where the import is that far, brought in."""

    def __init__(
        self,
        found: Import,
        city: City,
        means: Means[PostgresPartyBook],
        imports: PostgresImports,
        work: Work,
    ) -> None:
        self.found = found
        self.city = city
        self.means = means
        self.imports = imports
        self.work = work
        self.real = found.state == "importing"
        self.counts = dict(found.results if self.real else found.counts)
        self.taken: dict[str, int] = {}
        self.new = NewlyImported()
        self.entering: Means[NewParties] = Means(
            self.new, work, means.contacts, means.links, means.now, means.outlines
        )
        self.columns = frozenset(name for name in found.mapping if name)

    def run(self) -> None:
        lines = self.imports.lines(self.found.id, self.found.last_line, BATCH, self.found.state)
        if not lines:
            self._end()
            return
        parties, refused = self._understood(lines)
        known, versions = self._known(list(parties.values()))
        judged = refused | {n: self._judged(p, known, versions) for n, p in parties.items()}
        spots = self._spots(parties, judged, known)
        settled = [
            self._settled(n, judged[n], parties.get(n), known, spots.get(n))
            for n in (line.number for line in lines)
        ]
        self.new.write(self.work.conn, self.found.made_by, f"List {self.found.name}")
        for outcome in settled:
            self._count(outcome.outcome)
        column = "results" if self.real else "counts"
        self.imports.settle(self.found.id, settled, self.counts, column)

    def _understood(
        self, lines: Sequence[Line]
    ) -> tuple[dict[int, SheetParty], dict[int, Verdict | Rejected]]:
        rows = [row_of(line, self.found.mapping) for line in lines]
        keys = [key_of(row) for row in rows]
        firsts = self.imports.first_lines(self.found.id, keys)
        parties: dict[int, SheetParty] = {}
        refused: dict[int, Verdict | Rejected] = {}
        for row, key in zip(rows, keys, strict=True):
            try:
                party = party_in(row, self.city, self.columns)
                first = firsts.get(key, row.line)
                if first < row.line:
                    raise Rejected(Complaint("reference", f"The row repeats line {first}."))
            except Rejected as rejected:
                refused[row.line] = rejected
            else:
                parties[row.line] = party
        return parties, refused

    def _known(self, parties: Sequence[SheetParty]) -> tuple[Found, dict[str, list[Version]]]:
        book, contacts = self.means.parties, self.means.contacts
        known = book.imported_or_named(self.city.slug, [party.key for party in parties])
        asked = [
            known[party.key].party.id
            for party in parties
            if party.key in known and needs_history(party, known[party.key], self.city, contacts)
        ]
        return known, book.versions(asked) if asked else {}

    def _judged(
        self, party: SheetParty, known: Found, versions: dict[str, list[Version]]
    ) -> Verdict | Rejected:
        there = known.get(party.key)
        if there and self.taken.setdefault(there.party.id, party.line) != party.line:
            first = self.taken[there.party.id]
            return Rejected(Complaint("reference", f"The row repeats line {first}."))
        history = versions.get(there.party.id, []) if there else []
        try:
            verdict = judge_row(party, self.city, there, history, self.means.contacts)
            if not (self.real or there):
                preview_row(party, self.city, self.means.contacts)
        except Rejected as rejected:
            return rejected
        if not self.real:
            self._count_fit(party)
        return verdict

    def _count_fit(self, party: SheetParty) -> None:
        matters = {
            "clipped": party.fit == "clipped",
            "missed": party.fit == "missed",
            "no_contact": not (party.asked.phone or party.asked.email),
            "no_place": party.asked.lat is None,
        }
        for name, true in matters.items():
            if true:
                self._count(name)

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def _spots(
        self,
        parties: Mapping[int, SheetParty],
        judged: Mapping[int, Verdict | Rejected],
        known: Found,
    ) -> dict[int, Spot]:
        """Where rows without coordinates are, as the preview found by their addresses."""
        asked = [
            party
            for line, party in parties.items()
            if isinstance(verdict := judged[line], Verdict)
            and address_to_look_up(party, verdict, known.get(party.key))
        ]
        if not asked:
            return {}
        if self.real:
            return self.imports.spots(self.found.id, [party.line for party in asked])
        book = self.means.addresses
        if not book.knows(self.city):
            return {}
        found = book.look_up([party.asked.address for party in asked], self.city)
        spots = {p.line: self._spot(p, one) for p, one in zip(asked, found, strict=True)}
        for spot in spots.values():
            self._count(f"spot_{spot.outcome}")
        return spots

    def _spot(self, party: SheetParty, looked: LookedUp) -> Spot:
        found = sure_spot(party.asked.area, looked, self.city, self.means)
        if found:
            return Spot("placed", (found.label,), found.point)
        labels = tuple(one.label for one in looked.proposals)
        return Spot("doubtful" if labels else "unknown", labels)

    def _settled(
        self,
        line: int,
        judged: Verdict | Rejected,
        party: SheetParty | None,
        known: Found,
        spot: Spot | None,
    ) -> Outcome:
        """Bring the row in, where the import is that far, and say what became of it."""
        if isinstance(judged, Rejected) or party is None:
            return _refused(line, judged)
        there = known.get(party.key)
        said = _said(judged) | ({"spot": asdict(spot)} if spot else {})
        if not self.real or judged.outcome in ("unchanged", "kept"):
            return Outcome(line, judged.outcome, said, there.party.id if there else None)
        if there is None:
            try:
                made = register_row(party, self.city, self.entering, spot.place if spot else None)
            except Rejected as rejected:
                return _refused(line, rejected)
            return Outcome(line, "new", said, made.id, made.revision)
        before = there.party
        after = amend_by_row(party, judged, before, self.city, self.means)
        sign(self.work.conn, after, self.found.made_by, f"List {self.found.name}")
        return Outcome(line, "changed", said, after.id, after.revision, before.revision)

    def _end(self) -> None:
        """No row is left: show what would be done, or say that it was done."""
        if self.real:
            refused = self.found.counts.get("refused", 0)
            self.counts["refused"] = self.counts.get("refused", 0) + refused
            self.imports.move(self.found.id, "done", self.work.now)
            self.imports.reached(self.found.id, 0, self.found.total, self.counts, "results")
        else:
            self.imports.move(self.found.id, "checked", self.work.now)


class Undo:
    """Takes some rows back, those whose party nobody touched since."""

    def __init__(
        self,
        found: Import,
        means: Means[PostgresPartyBook],
        imports: PostgresImports,
        work: Work,
    ) -> None:
        self.work = work
        self.found = found
        self.means = means
        self.imports = imports
        self.counts = dict(found.results)

    def run(self) -> None:
        rows = self.imports.brought_in(self.found.id, self.found.last_line, BATCH)
        if not rows:
            self.imports.move(self.found.id, "undone", self.means.now)
            return
        for row in rows:
            word = "taken_back" if self._take_back(row) else "left"
            self.counts[word] = self.counts.get(word, 0) + 1
        self.imports.reached(self.found.id, rows[-1].line, len(rows), self.counts, "results")

    def _take_back(self, row: Done) -> bool:
        party = self.means.parties.hold(row.party_id)
        if party is None or not self._is_untouched(party, row.revision):
            return False
        earlier = None
        if row.before_revision is not None:
            earlier = self.means.parties.at(row.party_id, row.before_revision)
            if earlier is None:
                return False
        after = take_back(party, earlier, self.means)
        sign(self.work.conn, after, self.found.made_by, f"List {self.found.name} taken back")
        return True

    def _is_untouched(self, party: Party, revision: int) -> bool:
        """Whether nobody changed the party since; that its address was looked up is no change."""
        if party.revision == revision or party.changed_by != "geocoder":
            return party.revision == revision
        versions = self.means.parties.versions([party.id])[party.id]
        return all(v.changed_by == "geocoder" for v in versions if v.revision > revision)


def _refused(line: int, judged: Verdict | Rejected) -> Outcome:
    reasons = [(c.field, c.said()) for c in getattr(judged, "complaints", ())]
    return Outcome(line, "refused", {"reasons": reasons})


def _said(verdict: Verdict) -> dict[str, object]:
    matters = {"changes": verdict.changes, "kept": verdict.kept}
    return {name: [_triple(change) for change in found] for name, found in matters.items() if found}


def _triple(change: Change) -> tuple[str, str, str]:
    return change.field, change.ours, change.theirs
