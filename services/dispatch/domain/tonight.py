"""The evening with what was said of parties tonight laid over it. Pure."""

from dataclasses import replace

from services.dispatch.domain.evening import Party
from services.dispatch.domain.night import PartyNow


def as_of_tonight(party: Party, said: PartyNow | None) -> Party:
    """The party as it is tonight; one that was called off counts as withdrawn."""
    if said is None:
        return party
    return replace(
        party,
        place=said.place or party.place,
        address=said.address or party.address,
        window=said.window or party.window,
        withdrawn=party.withdrawn or said.cancelled,
    )
