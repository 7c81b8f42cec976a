"""Follows which visits people have given to which teams. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.dispatch.domain.actions import Action, Kind


@dataclass(frozen=True, slots=True)
class Pin:
    """A visit that stays with a team; `position` counts from its first open stop, if given."""

    party: str
    team: str
    position: int | None = None


def follow_orders(actions: Iterable[Action]) -> tuple[Pin, ...]:
    """The pins that hold after the actions."""
    pins: dict[tuple[str, str], Pin] = {}
    once = {action.id: action for action in actions}
    for action in sorted(once.values(), key=lambda action: action.order):
        party, team, details = action.party, action.team, action.details
        match action.kind:
            case Kind.PIN_VISIT:
                pins[party, team] = Pin(party, team)
            case Kind.UNPIN_VISIT:
                pins = {key: pin for key, pin in pins.items() if not _is_of(pin, party, team)}
            case Kind.MOVE_VISIT:
                pins.pop((party, details.other), None)
                pins[party, team] = Pin(party, team, details.position)
            case Kind.SWAP_VISITS:
                pins.pop((party, details.other_team), None)
                pins.pop((details.other, team), None)
                pins[party, team] = Pin(party, team, details.position)
                pins[details.other, details.other_team] = Pin(
                    details.other, details.other_team, details.other_position
                )
    return tuple(pins.values())


def _is_of(pin: Pin, party: str, team: str) -> bool:
    return pin.party == party and team in ("", pin.team)
