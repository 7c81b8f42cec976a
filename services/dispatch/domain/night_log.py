"""Follows the night and its parties through their actions. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from services.dispatch.domain.actions import Action, Kind
from services.dispatch.domain.evening import Party, Window
from services.dispatch.domain.night import AreaOff, NightNow, NightState, PartyNow


@dataclass(frozen=True, slots=True)
class FollowedNight:
    """The night after all its actions, and why some of them had no effect (by id)."""

    night: NightNow
    refused: Mapping[str, str]


def follow_night(actions: Iterable[Action]) -> FollowedNight:
    """The night after the actions; each id counts once."""
    night, refused = NightNow(), dict[str, str]()
    once = {action.id: action for action in actions}
    for action in sorted(once.values(), key=lambda action: action.order):
        made = step_night(night, action)
        if isinstance(made, str):
            refused[action.id] = made
        else:
            night = made
    return FollowedNight(night, refused)


def step_night(night: NightNow, action: Action) -> NightNow | str:
    """The night after one action, or why that is impossible."""
    match action.kind:
        case Kind.OPEN_NIGHT:
            return _open(night, action)
        case Kind.HOLD_NIGHT:
            return _hold(night, action)
        case Kind.RESUME_NIGHT:
            return _resume(night, action)
        case Kind.CALL_OFF_AREA:
            return _call_off(night, action)
        case Kind.CLOSE_NIGHT:
            return _close(night, action)
    return "That is not done to a night."


def _open(night: NightNow, action: Action) -> NightNow | str:
    match night.state:
        case NightState.PLANNED:
            return NightNow(NightState.OPEN, opened_at=action.at)
        case NightState.CLOSED:
            return "The night is closed. Undo that to go on."
    return "The night is open already."


def _hold(night: NightNow, action: Action) -> NightNow | str:
    areas = tuple(sorted({*night.held_areas, *action.details.areas}))
    if night.state == NightState.PLANNED:
        return "The night is not open yet."
    if night.state == NightState.CLOSED:
        return "The night is closed."
    if night.all_held:
        return "The whole city is held already."
    if not action.details.areas:
        areas = ()
    if night.state == NightState.HELD and areas == night.held_areas:
        return "These areas are held already."
    held_at = night.held_at or action.at
    held = replace(night, state=NightState.HELD, held_areas=areas, held_at=held_at)
    return replace(held, reason=action.details.reason)


def _resume(night: NightNow, action: Action) -> NightNow | str:
    if night.state != NightState.HELD:
        return "The night is not held."
    left = tuple(a for a in night.held_areas if a not in action.details.areas)
    if action.details.areas and night.held_areas and left:
        if left == night.held_areas:
            return "These areas are not held."
        return replace(night, held_areas=left)
    return replace(night, state=NightState.OPEN, held_areas=(), held_at=None, reason="")


def _call_off(night: NightNow, action: Action) -> NightNow | str:
    if night.state == NightState.PLANNED:
        return "The night is not open yet."
    if night.state == NightState.CLOSED:
        return "The night is closed."
    new = sorted({area for area in action.details.areas if night.off(area) is None})
    if not new:
        return "These areas are called off already."
    off = (AreaOff(area, action.details.reason, action.at) for area in new)
    return replace(night, called_off=(*night.called_off, *off))


def _close(night: NightNow, action: Action) -> NightNow | str:
    if night.state == NightState.CLOSED:
        return "The night is closed already."
    closed = replace(night, state=NightState.CLOSED, closed_at=action.at, held_areas=())
    return replace(closed, reason=action.details.reason)


def follow_party(actions: Iterable[Action], party: Party | None) -> PartyNow:
    """What was said of a party tonight; `party` as it was registered."""
    now = PartyNow()
    once = {action.id: action for action in actions}
    for action in sorted(once.values(), key=lambda action: action.order):
        now = _step_party(now, action, party)
    return now


def _step_party(now: PartyNow, action: Action, party: Party | None) -> PartyNow:
    details = action.details
    window = now.window or (party.window if party else None)
    match action.kind:
        case Kind.ADD_PARTY:
            return replace(now, walk_up=True)
        case Kind.PARTY_CANCELLED:
            return replace(now, cancelled=True, reason=details.reason)
        case Kind.PARTY_MOVED:
            return replace(now, place=details.place, address=details.address or now.address)
        case Kind.PARTY_LATE if window:
            opens = window.opens + timedelta(minutes=details.minutes)
            return replace(now, window=Window(min(opens, window.closes), window.closes))
        case Kind.PARTY_ENDED_EARLY if window:
            closes = max(window.opens, min(window.closes, action.at))
            return replace(now, window=Window(window.opens, closes), reason=details.reason)
    return now
