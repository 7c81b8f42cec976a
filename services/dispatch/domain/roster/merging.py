"""Merges a spreadsheet into a roster and says of each row what becomes of it. Pure; imports use it.

A field is overwritten only where it still is as the spreadsheet before, or the city's file, had
left it. A blank cell says nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.dispatch.domain.evening import City
from services.dispatch.domain.roster.city_file import group_of
from services.dispatch.domain.roster.derived import cells_of
from services.dispatch.domain.roster.reading import (
    ContactReader,
    FieldsWrong,
    Terms,
    read_entry,
    split,
)
from services.dispatch.domain.roster.sheet import Grid, Reading
from services.dispatch.domain.roster.values import (
    Crew,
    Delta,
    Entry,
    Person,
    Roster,
    Vehicle,
    What,
)

Outcome = Literal["added", "changed", "same", "kept", "refused"]
SORTS: tuple[What, ...] = ("people", "vehicles", "teams")
WORDS: Mapping[Outcome, str] = {
    "added": "new",
    "changed": "changed",
    "same": "the same",
    "kept": "kept as edited here",
    "refused": "with errors",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row; `words` say why, where there is anything to say."""

    row: int
    name: str
    outcome: Outcome
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of a whole sheet."""

    lines: tuple[Line, ...]
    deltas: tuple[Delta, ...]

    def count(self, outcome: Outcome) -> int:
        """How many rows end so."""
        return Counter(line.outcome for line in self.lines)[outcome]

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        rows = "row" if len(self.lines) == 1 else "rows"
        parts = [f"{self.count(o)} {words}" for o, words in WORDS.items() if self.count(o)]
        return f"{len(self.lines)} {rows}: {', '.join(parts) or 'nothing in them'}."


def merge(
    roster: Roster,
    city: City,
    reading: Reading,
    grid: Grid,
    new_id: Callable[[], str],
    contacts: ContactReader,
) -> Merged:
    """What a sheet, read so, does to the roster."""
    return _Merge(roster, city, reading, new_id, contacts).run(grid)


class _Merge:
    """One merge under way; it works on copies of the roster's entries."""

    def __init__(
        self,
        roster: Roster,
        city: City,
        reading: Reading,
        new_id: Callable[[], str],
        contacts: ContactReader,
    ) -> None:
        self._before = roster
        self._city = city
        self._reading = reading
        self._new_id = new_id
        self._now: dict[What, dict[str, Any]] = {what: dict(roster.of(what)) for what in SORTS}
        self._roster = replace(
            roster,
            people=self._now["people"],
            vehicles=self._now["vehicles"],
            teams=self._now["teams"],
        )
        self._terms = Terms.of(self._roster, city.kinds, contacts)
        self._seen: dict[str, int] = {}
        self._by_key: dict[What, dict[str, list[str]]] = {what: {} for what in SORTS}
        for what in SORTS:
            for entry in roster.of(what).values():
                self._index(what, entry)

    def run(self, grid: Grid) -> Merged:
        lines = []
        for number, row in enumerate(grid):
            if number > self._reading.header and any(cell.strip() for cell in row):
                lines.append(self._line(number + 1, _values(self._reading, row)))
        return Merged(tuple(lines), tuple(self._deltas()))

    def _line(self, row: int, values: dict[str, str]) -> Line:
        name = values.get("name", "")
        try:
            return self._merge_row(row, name, values)
        except FieldsWrong as wrong:
            words = tuple(f"{_say(f)} {said[0]}." for f, said in wrong.fields.items())
            return Line(row, name, "refused", words)

    def _merge_row(self, row: int, name: str, values: dict[str, str]) -> Line:
        what = self._reading.what
        if not name:
            raise FieldsWrong({"name": ["is missing"]})
        known = self._find(what, name, values.get("call_sign", ""))
        entry = known or self._blank(what, name, values)
        if entry.id in self._seen:
            raise FieldsWrong({"name": [f"repeats row {self._seen[entry.id]}"]})
        given = dict(values)
        teams = split(given.pop("team", "")) if what == "people" else []
        wished = read_entry(entry, self._resolved(given), self._terms)
        self._seen[entry.id] = row
        if known is None:
            self._keep(what, replace(wished, imported=self._said(wished, values, teams)))
            self._join(entry.id, teams)
            return Line(row, name, "added", tuple(self._teams_added(teams)))
        return self._meet(row, known, wished, values, teams)

    def _meet(
        self, row: int, known: Any, wished: Any, values: Mapping[str, str], teams: list[str]
    ) -> Line:
        """Field by field: what the sheet changes, and what stays because it was edited here."""
        was, base = dict(cells_of(known, self._roster)), self._base(known)
        said = dict(self._said(wished, values, teams))
        taken, kept = [], []
        for field, text in said.items():
            before = _in_order(was[field]) if field == "team" else was[field]
            if text == before or _means(field, text) == _means(field, before):
                continue
            if base.get(field, "") == before:
                taken.append(field)
            else:
                kept.append(f"{_say(field)} stays “{before}”; the sheet says “{text}”.")
        fields = {name: getattr(wished, name) for name in taken if name != "team"}
        imported = tuple(sorted({**dict(known.imported), **said}.items()))
        self._keep(self._reading.what, replace(known, **fields, imported=imported))
        if "team" in taken:
            self._join(known.id, teams)
        words = [f"{_say(name)}: {said[name]}." for name in taken]
        outcome: Outcome = "kept" if kept else "changed" if taken else "same"
        return Line(row, known.name, outcome, (*words, *kept))

    def _said(
        self, wished: Entry, values: Mapping[str, str], teams: list[str]
    ) -> tuple[tuple[str, str], ...]:
        """What the sheet says, in the words in which cells are compared."""
        cells = cells_of(wished, self._roster)
        said = {field: cells[field] for field in values if field in cells and field != "team"}
        if teams:
            said["team"] = _in_order("; ".join(self._team_named(name) for name in teams))
        return tuple(sorted(said.items()))

    def _base(self, known: Entry) -> Mapping[str, str]:
        """What nobody has edited here: what was imported, else what the city's file said."""
        told: dict[str, str] = {}
        if isinstance(known, Crew) and known.id in self._before.told:
            told = dict(cells_of(self._before.told[known.id].crew, self._roster))
        if isinstance(known, Person) and known.id.startswith("f-"):
            crews = [t.crew for t in self._before.told.values() if known.id in t.crew.members]
            kinds = [kind for crew in crews for kind in crew.kinds]
            told = {"group": group_of(known.name, kinds)}
            told["team"] = _in_order("; ".join(crew.name for crew in crews))
        return {**told, **dict(known.imported)}

    def _resolved(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The values with ids for the names of people and vehicles; who is new is added."""
        given: dict[str, Any] = dict(values)
        if self._reading.what == "teams" and "members" in given:
            given["members"] = [self._person(name) for name in split(given["members"])]
        if self._reading.what == "teams" and "vehicle" in given:
            given["vehicle"] = self._vehicle(given["vehicle"])
        return given

    def _person(self, name: str) -> str:
        found = self._find("people", name)
        if found is None:
            found = read_entry(Person(self._new_id(), ""), {"name": name}, self._terms)
            found = replace(found, group=group_of(name, ("police",)))
            self._keep("people", found)
        return str(found.id)

    def _vehicle(self, name: str) -> str:
        found = self._find("vehicles", name)
        if found is None:
            found = read_entry(Vehicle(self._new_id(), ""), {"name": name}, self._terms)
            self._keep("vehicles", found)
        return str(found.id)

    def _team_named(self, name: str) -> str:
        found = self._find("teams", name)
        return found.name if found else name

    def _join(self, person: str, teams: list[str]) -> None:
        """Put somebody into these teams and no others; a team that is new is added."""
        if not teams:
            return
        wanted = []
        for name in teams:
            found = self._find("teams", name)
            if found is None:
                found = read_entry(self._blank("teams", name, {}), {"name": name}, self._terms)
                self._keep("teams", found)
            wanted.append(found.id)
        for crew in list(self._now["teams"].values()):
            inside = crew.id in wanted
            if inside != (person in crew.members):
                others = tuple(id_ for id_ in crew.members if id_ != person)
                self._now["teams"][crew.id] = replace(
                    crew, members=(*others, person) if inside else others
                )

    def _teams_added(self, teams: list[str]) -> Iterator[str]:
        for name in teams:
            found = self._find("teams", name)
            if found and found.id not in self._before.teams:
                yield f"Team {name} is new."

    def _find(self, what: What, name: str, call_sign: str = "") -> Any:
        for key in filter(None, (_sign(call_sign), _key(name))):
            ids = self._by_key[what].get(key, [])
            if len(ids) > 1:
                raise FieldsWrong({"name": ["is that of several; give the call sign or badge"]})
            if ids:
                return self._now[what][ids[0]]
        return None

    def _blank(self, what: What, name: str, values: Mapping[str, str]) -> Any:
        if what == "people":
            return Person(self._new_id(), "", group_of(name, values.get("kinds", "police").split()))
        if what == "vehicles":
            return Vehicle(self._new_id(), "")
        last = max((crew.position for crew in self._now["teams"].values()), default=-1)
        return Crew(self._new_id(), "", position=last + 1)

    def _keep(self, what: What, entry: Any) -> None:
        self._now[what][entry.id] = entry
        self._index(what, entry)

    def _index(self, what: What, entry: Any) -> None:
        keys = [_key(entry.name)]
        if isinstance(entry, Person) and entry.call_sign:
            keys.append(_sign(entry.call_sign))
        for key in keys:
            ids = self._by_key[what].setdefault(key, [])
            if entry.id not in ids:
                ids.append(entry.id)

    def _deltas(self) -> Iterator[Delta]:
        for what in SORTS:
            before = self._before.of(what)
            for id_, entry in self._now[what].items():
                if before.get(id_) != entry:
                    yield Delta(what, before.get(id_), entry)


def _values(reading: Reading, row: Sequence[str]) -> dict[str, str]:
    """The row's cells by field; blank ones left out, our own mark against formulas taken off."""
    pairs = zip(reading.columns, row, strict=False)
    values = {field: harmless_taken_off(cell) for field, cell in pairs if field and cell.strip()}
    first, last = values.pop("first_name", ""), values.pop("last_name", "")
    if (first or last) and "name" not in values:
        values["name"] = f"{first} {last}".strip()
    return values


def harmless_taken_off(cell: str) -> str:
    """The cell without the apostrophe that our own exports put before what looks like a formula."""
    cell = cell.strip()
    return cell[1:] if re.match(r"'[=+\-@]", cell) else cell


def _key(name: str) -> str:
    """The same for "Adams, Sample" and "Sample Adams"."""
    return " ".join(sorted(re.findall(r"\w+", name.lower())))


def _sign(call_sign: str) -> str:
    plain = re.sub(r"\W+", "", call_sign.lower())
    return f"#{plain}" if plain else ""


def _means(field: str, text: str) -> str:
    """The same for texts of a field that people take for the same."""
    return {"name": _key, "call_sign": _sign}.get(field, str)(text)


def _in_order(names: str) -> str:
    return "; ".join(sorted(filter(None, names.split("; ")), key=str.lower))


def _say(field: str) -> str:
    return field.replace("_", " ").capitalize()
