"""Forgets what registration has forgotten, in any order and any number of times.

The worker's edge calls it, batch by batch. Nobody is told anything by it.
"""

from collections.abc import Sequence
from datetime import timedelta

from services.notify.handlers.hearing import party_of
from services.notify.ports.telling import Forgetting
from shared.contracts.envelope import Envelope
from shared.contracts.party import PartyForgotten

SAME_EVENING = timedelta(hours=12)


def forget_parties(forgetting: Forgetting, facts: Sequence[Envelope]) -> None:
    """Keep of each party what is left of it."""
    by_city: dict[str, list[Envelope]] = {}
    for fact in facts:
        by_city.setdefault(fact.city, []).append(fact)
    for city, told in by_city.items():
        groups: dict[str, frozenset[str]] = {}
        ends = {}
        for envelope in told:
            said: PartyForgotten = envelope.data
            groups[said.party.id] = groups.get(said.party.id, frozenset()) | set(said.groups)
            ends[said.party.id] = said.party.window.opens + SAME_EVENING
        left = sorted(map(party_of, told), key=lambda party: (party.id, party.revision))
        forgetting.forget(city, left, groups, ends)
