"""Takes one change of a roster back without touching what came after it. Pure; handlers use it."""

from dataclasses import replace
from typing import Any

from services.dispatch.domain.roster.values import (
    Change,
    Crew,
    Delta,
    Entry,
    Roster,
    What,
    differing,
)


class CannotUndo(ValueError):
    """What the change did was changed again; the message is the entry's name."""

    def __init__(self, delta: Delta) -> None:
        super().__init__(delta.name)
        self.what: What = delta.what
        self.id = delta.id


def undone(roster: Roster, change: Change) -> list[Delta]:
    """The deltas that take it back, field by field; raises `CannotUndo`."""
    return [_reverse(delta, roster) for delta in reversed(change.deltas)]


def _reverse(delta: Delta, roster: Roster) -> Delta:
    now: Entry | None = roster.of(delta.what).get(delta.id)
    if delta.after is None or delta.before is None:
        gone = now is None
        if gone != (delta.after is None) or (now and delta.after and differing(now, delta.after)):
            raise CannotUndo(delta)
        return Delta(delta.what, now, _living(delta.before, roster))
    if now is None:
        raise CannotUndo(delta)
    return Delta(delta.what, now, _merged(delta, delta.before, delta.after, now))


def _merged(delta: Delta, before: Entry, after: Entry, now: Entry) -> Entry:
    """What is there now, with the fields that the change touched as they were before it."""
    values: dict[str, Any] = {}
    for name in differing(before, after):
        was, made, found = (getattr(entry, name) for entry in (before, after, now))
        if found == made:
            values[name] = was
        elif name == "members":
            values[name] = _members(was, made, found)
        else:
            raise CannotUndo(delta)
    if now.imported == after.imported:
        values["imported"] = before.imported
    return replace(now, **values)


def _members(
    was: tuple[str, ...], made: tuple[str, ...], found: tuple[str, ...]
) -> tuple[str, ...]:
    """Whoever joined by the change leaves, whoever left comes back; others stay."""
    kept = [id_ for id_ in found if id_ in was or id_ not in made]
    return tuple(dict.fromkeys((*kept, *(id_ for id_ in was if id_ not in made))))


def _living(before: Entry | None, roster: Roster) -> Entry | None:
    """A team comes back with those of its members who are still there."""
    if isinstance(before, Crew):
        members = tuple(id_ for id_ in before.members if id_ in roster.people)
        vehicle = before.vehicle if before.vehicle in roster.vehicles else ""
        return replace(before, members=members, vehicle=vehicle)
    return before
