"""What people do to a roster: add, change, move, remove, undo. Web edges and commands call it.

Whoever changes something says which version of it was `seen`; if it changed since, nothing is
done and `Overtaken` tells what did.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.dispatch.domain.evening import City
from services.dispatch.domain.roster.derived import cells_of
from services.dispatch.domain.roster.masking import masked, unveiled
from services.dispatch.domain.roster.moving import Mover, moved
from services.dispatch.domain.roster.reading import ContactReader, FieldsWrong, Terms, read_entry
from services.dispatch.domain.roster.undoing import CannotUndo, undone
from services.dispatch.domain.roster.values import (
    Change,
    Crew,
    Delta,
    Entry,
    Person,
    Roster,
    Vehicle,
    What,
    applied,
    differing,
    numbered,
)
from services.dispatch.handlers.staffing import say_staffed
from services.dispatch.ports.heard import Rosters, Staffing
from services.dispatch.ports.planning import Boards, DirtyCities
from shared.failures import Permanent, Refused
from shared.ids import new_id
from shared.ports import Publisher

SINGULAR: Mapping[What, str] = {"people": "person", "vehicles": "vehicle", "teams": "team"}
MOST_ENTRIES = 2000


class Unknown(Permanent):
    """There is no such city, entry or change."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that somebody else changed meanwhile."""

    what: What
    id: str
    name: str
    field: str
    was: str
    now: str
    by: str
    at: datetime


class Overtaken(Permanent):
    """Something changed since it was seen; nothing was done."""

    def __init__(self, message: str, changed: Sequence[Changed] = ()) -> None:
        super().__init__(message)
        self.changed = tuple(changed)


@dataclass(frozen=True, slots=True)
class Desk:
    """One transaction's ports, who acts in it, and when."""

    rosters: Rosters
    dirty: DirtyCities
    boards: Boards
    staffing: Staffing
    publisher: Publisher
    contacts: ContactReader
    now: datetime
    actor: str = ""
    actor_name: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it; `change` is None where everything was so already."""

    roster: Roster
    change: Change | None
    entry: Entry | None = None


Work = Callable[[Roster, City], tuple[str, list[Delta]]]


def add_entry(desk: Desk, city: str, what: What, given: Mapping[str, Any]) -> Done:
    """Add a person, vehicle or team."""
    made: list[str] = []

    def work(roster: Roster, found: City) -> tuple[str, list[Delta]]:
        if len(roster.of(what)) >= MOST_ENTRIES:
            raise Refused(f"A roster holds {MOST_ENTRIES:,} {what} at most.")
        entry = _read(_new(what, roster), given, Terms.of(roster, found.kinds, desk.contacts))
        made.append(entry.id)
        return f"Added {entry.name}.", [Delta(what, None, entry)]

    done = _do(desk, city, "added", work)
    return replace(done, entry=done.roster.of(what)[made[0]])


def change_entry(
    desk: Desk, city: str, what: What, id_: str, given: Mapping[str, Any], seen: int
) -> Done:
    """Change some fields of an entry."""

    def work(roster: Roster, found: City) -> tuple[str, list[Delta]]:
        before = _known(desk, roster, what, id_, seen)
        after = _read(before, unveiled(given, before), Terms.of(roster, found.kinds, desk.contacts))
        return f"Changed {after.name}.", [Delta(what, before, after)]

    done = _do(desk, city, "changed", work)
    return replace(done, entry=done.roster.of(what)[id_])


def remove_entry(desk: Desk, city: str, what: What, id_: str, seen: int) -> Done:
    """Take an entry out of the roster, and out of the teams that it is in."""

    def work(roster: Roster, _: City) -> tuple[str, list[Delta]]:
        before = _known(desk, roster, what, id_, seen)
        deltas = [] if what == "teams" else moved(roster, [Mover(what, id_)], "", everywhere=True)
        return f"Removed {before.name}.", [*deltas, Delta(what, before, None)]

    return _do(desk, city, "removed", work)


def move_entries(desk: Desk, city: str, movers: Sequence[Mover], to: str) -> Done:
    """Put people and vehicles into the team `to`, or into none; each leaves the one it was in."""

    def work(roster: Roster, _: City) -> tuple[str, list[Delta]]:
        for mover in movers:
            entry = roster.of(mover.what).get(mover.id)
            if entry is None:
                raise Unknown("Somebody removed what you wanted to move; reload the page.")
            teams = roster.teams_with(mover.what, mover.id)
            if mover.from_team not in ({crew.id for crew in teams} or {""}):
                now = ", ".join(crew.name for crew in teams) or "in no team"
                raise Overtaken(
                    f"{entry.name} was moved meanwhile and is now {_where(now)}.",
                    _since(desk, roster, "teams", (mover.from_team, to)),
                )
        if to and to not in roster.teams:
            raise Unknown("Somebody removed that team; reload the page.")
        names = _listed([roster.of(m.what)[m.id].name for m in movers])
        words = f"Moved {names} to {roster.teams[to].name}." if to else f"{names} in no team now."
        return words, moved(roster, movers, to)

    return _do(desk, city, "moved", work)


def undo_change(desk: Desk, city: str, version: int) -> Done:
    """Undo one change, if what it changed has not been changed since."""
    change = desk.rosters.change(city, version)
    if change is None:
        raise Unknown("There is no such change.")
    if not change.can_be_undone:
        raise Overtaken("This change was undone already, or is the city file's own.")

    def work(roster: Roster, _: City) -> tuple[str, list[Delta]]:
        try:
            return _taken_back(change), undone(roster, change)
        except CannotUndo as fault:
            raise Overtaken(
                f"{fault} has been changed since, so this cannot be undone by itself.",
                _since(desk, roster, fault.what, (fault.id,), change.version),
            ) from fault

    return _do(desk, city, "undone", work, undoes=version)


def change_many(
    desk: Desk, city: str, words: str, work: Callable[[Roster, City], list[Delta]]
) -> Done:
    """Do what an import found to do, as one change."""
    return _do(desk, city, "imported", lambda roster, found: (words, work(roster, found)))


def read_roster(rosters: Rosters, city: str) -> tuple[City, Roster]:
    """The city and its roster."""
    found = rosters.read(city)
    if found is None:
        raise Unknown(f"There is no city {city!r}.")
    return found


def _do(desk: Desk, city: str, verb: str, work: Work, undoes: int | None = None) -> Done:
    found = desk.rosters.hold(city)
    if found is None:
        raise Unknown(f"There is no city {city!r}.")
    settings, roster = found
    words, deltas = work(roster, settings)
    deltas = [delta for delta in deltas if _is_news(delta)]
    if not deltas:
        return Done(roster, None)
    version = roster.version + 1
    deltas = numbered(deltas, version)
    since = roster.kept_since or desk.now
    after = replace(applied(roster, deltas), version=version, kept_since=since)
    who = (desk.actor, desk.actor_name)
    change = Change(version, desk.now, *who, verb, words, tuple(deltas), undoes)
    if desk.rosters.keep(settings, after, change):
        desk.dirty.mark(city, desk.now)
    desk.boards.changed(city, desk.now)
    say_staffed(desk.staffing, desk.publisher, city)
    return Done(after, change)


def _is_news(delta: Delta) -> bool:
    if delta.before is None or delta.after is None:
        return delta.before is not delta.after
    same_cells = delta.before.imported == delta.after.imported
    return not same_cells or bool(differing(delta.before, delta.after))


def _new(what: What, roster: Roster) -> Entry:
    id_ = new_id()
    if what == "people":
        return Person(id_, "")
    if what == "vehicles":
        return Vehicle(id_, "")
    last = max((crew.position for crew in roster.teams.values()), default=-1)
    return Crew(id_, "", position=last + 1)


def _read(base: Any, given: Mapping[str, Any], terms: Terms) -> Any:
    try:
        return read_entry(base, given, terms)
    except FieldsWrong as wrong:
        raise Refused("Some fields need another look.", wrong.fields) from wrong


def _known(desk: Desk, roster: Roster, what: What, id_: str, seen: int) -> Any:
    entry = roster.of(what).get(id_)
    if entry is None:
        raise Unknown(f"This {SINGULAR[what]} is not in the roster; somebody may have removed it.")
    if entry.version > seen:
        raise Overtaken(
            f"{entry.name} was changed since you opened it; nothing was saved.",
            _since(desk, roster, what, (id_,), seen),
        )
    return entry


def _since(
    desk: Desk, roster: Roster, what: What, ids: Sequence[str], seen: int | None = None
) -> list[Changed]:
    """What others changed of these entries, field by field, the newest first."""
    found = []
    after = max(0, roster.version - 5) if seen is None else seen
    for change in desk.rosters.changes(roster.city, after=after, most=50):
        for delta in change.deltas:
            if delta.what == what and delta.id in ids:
                found += _fields(change, delta, roster)
    return found


def _fields(change: Change, delta: Delta, roster: Roster) -> list[Changed]:
    was = cells_of(delta.before, roster) if delta.before else {}
    now = cells_of(delta.after, roster) if delta.after else {}
    return [
        Changed(
            *(delta.what, delta.id, delta.name, name),
            *(masked(name, was.get(name, "")), masked(name, now.get(name, ""))),
            *(change.actor_name, change.at),
        )
        for name in {**was, **now}
        if was.get(name, "") != now.get(name, "")
    ]


def _taken_back(change: Change) -> str:
    if change.verb == "undone":
        return f"Done again: {change.words.removeprefix('Undone: ')}"
    return f"Undone: {change.words.removeprefix('Done again: ')}"


def _listed(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and {len(names) - 2} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _where(teams: str) -> str:
    return teams if teams == "in no team" else f"in {teams}"
