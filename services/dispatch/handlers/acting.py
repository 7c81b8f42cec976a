"""Takes down what people do in the night, and undoes it. Web edges call it.

Each call is one transaction in the city's turn. An id is taken down once, whoever repeats it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.dispatch.domain.actions import (
    CHANGES_PLANS,
    NOT_TAKEN,
    OF_TEAM,
    TAPPED,
    Action,
    By,
    Details,
    Entry,
    Kind,
    clamp,
    complaints,
)
from services.dispatch.domain.evening import Party, Place, Window
from services.dispatch.domain.night import NightNow, TeamNow
from services.dispatch.handlers.learning import learn_from
from services.dispatch.handlers.saying import say_night, say_visits
from services.dispatch.handlers.staffing import say_staffed
from services.dispatch.handlers.telling import addressed
from services.dispatch.handlers.turn import Acting, Folded, fold, scope_of, store
from shared.failures import Permanent, Refused
from shared.ids import new_id, short_code

BEFORE_OPENING = frozenset({Kind.CHECK_IN, Kind.END_SHIFT, Kind.SKIP, Kind.TEAM_LATE})
STAYS = frozenset({Kind.PLAN_APPLIED, Kind.DECLINED, Kind.BROADCAST, Kind.UNDO})
"""What cannot be undone: it was heard, or is only a record."""


class Unknown(Permanent):
    """There is no such city, action or proposal."""


class Stale(Permanent):
    """What the person saw has changed since; `changed` says how."""

    def __init__(self, message: str, changed: Sequence[Entry]) -> None:
        super().__init__(message)
        self.changed = tuple(changed)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks to be taken down. `seen` is the board's change that they saw."""

    id: str
    kind: Kind
    team: str = ""
    party: str = ""
    at: datetime | None = None
    details: Details = field(default_factory=Details)
    by: By = field(default_factory=By)
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The action as taken down; `already` says that it had been before."""

    entry: Entry
    version: int
    already: bool = False


def take(ports: Acting, city: str, order: Order) -> Taken:
    """Take an action down. Raises `Unknown`, `Stale` or `Refused`; a team's tap is never refused
    for what it says: it is taken down without effect.
    """
    change = lock(ports, city)
    known = ports.log.find(city, order.id)
    if known:
        return Taken(known, change, already=True)
    _check(ports, city, order)
    night = ports.nights.night(city)
    at = clamp(order.at, night, ports.now)
    who = (order.team, order.party or _new_party(order), order.details, order.by)
    action = Action(order.id, order.kind, at, ports.now, *who, told_at=order.at)
    if order.seen is not None:
        _check_seen(ports, city, order.seen, scope_of(action))
    if action.kind == Kind.SPLIT_TEAM and action.details.place is None:
        action = replace(
            action, details=replace(action.details, place=_place_of(ports, city, action))
        )
    if action.kind == Kind.BROADCAST:
        action = addressed(ports, city, action)
    if action.kind == Kind.ADD_PARTY:
        ports.book.add_party(city, _walk_up(action, ports.now))
    found = fold(ports, city, action)
    refusal = _refusal(action, night) or found.refused.get(action.id, "")
    if refusal and order.by.source != "phone":
        raise Refused(refusal, {"kind": [refusal]})
    found = Folded() if _refusal(action, night) else found
    touched = tuple(sorted({*found.keys, *scope_of(action)}))
    entry = Entry(action, not refusal, refusal, touched, tuple(found.changes), change + 1)
    return Taken(_keep(ports, city, entry, found), change + 1)


def undo(ports: Acting, city: str, order: Order, target: str) -> Taken:
    """Take an action back, where nothing later touched what it changed; else `Stale` says what."""
    change = lock(ports, city)
    known = ports.log.find(city, order.id)
    if known:
        return Taken(known, change, already=True)
    entry = ports.log.find(city, target)
    if entry is None:
        raise Unknown("There is no such action.")
    if entry.action.kind in STAYS or not entry.applied:
        raise Refused("This cannot be undone.", {"id": ["This cannot be undone."]})
    if entry.undone_by:
        raise Refused("This is undone already.", {"id": ["This is undone already."]})
    changed = {change.key for change in entry.changes} or set(entry.touched)
    later = ports.log.later(city, entry.action.number, changed)
    if later:
        raise Stale("Something later has touched what this changed.", later)
    what = entry.action
    found = fold(ports, city, what, without=True)
    by = Action(
        *(order.id, Kind.UNDO, ports.now, ports.now, what.team, what.party),
        details=Details(words=what.kind),
        by=order.by,
    )
    touched = tuple(sorted({*found.keys, *entry.touched}))
    taken = Entry(by, True, "", touched, tuple(found.changes), change + 1, undoes=target)
    ports.log.mark_undone(city, target, order.id)
    return Taken(_keep(ports, city, taken, found, like=what.kind), change + 1)


@dataclass(frozen=True, slots=True)
class Tap:
    """What a team's telephone sends; `at` is by its own clock."""

    id: str
    kind: Kind
    at: datetime | None = None
    party: str = ""
    details: Details = field(default_factory=Details)


def apply_taps(
    ports: Acting, city: str, team: str, taps: Sequence[Tap], by: By
) -> list[Taken | str]:
    """Take down a telephone's taps in the order in which they happened.

    The outcomes are in the order given: each taken down, or why it cannot be.
    """
    outcomes: dict[int, Taken | str] = {}
    in_order = sorted(enumerate(taps), key=lambda one: (one[1].at or ports.now, one[0]))
    for number, tap in in_order:
        if tap.kind not in TAPPED:
            outcomes[number] = "A team cannot do this from its telephone."
            continue
        mine = team if tap.kind in OF_TEAM else ""
        order = Order(tap.id, tap.kind, mine, tap.party, tap.at, tap.details, by)
        try:
            outcomes[number] = take(ports, city, order)
        except Refused as refused:
            outcomes[number] = str(refused)
    return [outcomes[number] for number in range(len(taps))]


def lock(ports: Acting, city: str) -> int:
    """Wait for the city's turn; its newest change."""
    change = ports.nights.lock(city)
    if change is None:
        raise Unknown(f"There is no city {city!r}.")
    return change


def _check(ports: Acting, city: str, order: Order) -> None:
    if order.kind in NOT_TAKEN:
        raise Refused("Nobody can ask for this.", {"kind": ["Nobody can ask for this."]})
    wrong = complaints(order.kind, order.team, order.party or _new_party(order), order.details)
    if order.team and "team" not in wrong and not ports.book.team(city, order.team):
        wrong["team"] = ["There is no such team."]
    if order.party and order.kind != Kind.ADD_PARTY and not ports.book.party(city, order.party):
        wrong["party"] = ["There is no such party."]
    if wrong:
        raise Refused("Some fields are wrong.", wrong)


def _check_seen(ports: Acting, city: str, seen: int, keys: frozenset[str]) -> None:
    changed = ports.log.since(city, seen, keys)
    if changed:
        raise Stale("It has changed since you looked.", changed)


def _refusal(action: Action, night: NightNow) -> str:
    if action.kind in OF_TEAM and action.kind not in BEFORE_OPENING and night.opened_at is None:
        return "The night is not open yet."
    return ""


def _keep(ports: Acting, city: str, entry: Entry, found: Folded, like: Kind | None = None) -> Entry:
    kept = ports.log.take_down(city, entry)
    learn_from(ports, city, found)
    stored = store(ports, city, found, entry.version)
    say_visits(ports, city, found, stored.visits)
    kind = like or entry.action.kind
    if kind != Kind.CALL_OFF_AREA:  # Its hosts hear it of their own visits, from the re-plan.
        say_night(ports, city, found, entry.action.kind, stored.night)
    if entry.applied and kind in CHANGES_PLANS:
        ports.dirty.mark(city, ports.now)
    ports.boards.changed(city, ports.now)
    if found.crews is not None:
        say_staffed(ports.staffing, ports.publisher, city)
    return kept


def _place_of(ports: Acting, city: str, action: Action) -> Place | None:
    """Where a team is: at the party that it is at or was at last; None for its start."""
    now = ports.nights.teams(city, [action.team]).get(action.team, TeamNow())
    party = ports.book.party(city, now.party or now.left_party)
    return party.place if party else None


def _new_party(order: Order) -> str:
    return new_id() if order.kind == Kind.ADD_PARTY else ""


def _walk_up(action: Action, now: datetime) -> Party:
    """A party that somebody came upon: dispatch's own until registration hears of it."""
    window = action.details.window
    if window is None:
        raise Refused("Some fields are wrong.", {"window": ["Give opens and closes."]})
    return walk_up(action.party, f"W{short_code(5)}", action.details, window, now)


def walk_up(id_: str, code: str, details: Details, window: Window, now: datetime) -> Party:
    """The party that is described."""
    return Party(
        id=id_,
        code=code,
        name=details.name or "Walk-up party",
        address=details.address,
        location_notes=details.notes,
        place=details.place,
        area=details.areas[0] if details.areas else "",
        window=window,
        people=details.people,
        children=details.children,
        wanted=details.wanted,
        no_visit=False,
        host_name=details.host_name,
        received_at=now,
    )
