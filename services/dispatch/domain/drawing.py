"""Who is drawn, who comes too late, whose turn it is: what policies make of registrations. Pure."""

import hashlib
from collections.abc import Iterable, Mapping

from services.dispatch.domain.evening import Party
from services.dispatch.domain.policy import Policies


def turns(parties: Iterable[Party]) -> Mapping[str, int]:
    """Each party's place in the order of registration, from 0."""
    ranked = sorted(parties, key=lambda party: (party.received_at, party.id))
    return {party.id: turn for turn, party in enumerate(ranked)}


def over_the_cap(policies: Policies, parties: Iterable[Party]) -> frozenset[str]:
    """The parties that registered too late to be considered; who wants no visit does not count."""
    if policies.cap is None:
        return frozenset()
    order = turns(party for party in parties if not party.no_visit)
    return frozenset(party for party, turn in order.items() if turn >= policies.cap)


def drawn(policies: Policies, parties: Iterable[Party]) -> frozenset[str]:
    """Whom the lottery guarantees a visit; a winner who withdraws passes it to the next in line.

    Each party's lot depends on the seed and its id alone, so anybody can draw again.
    """
    lottery = policies.lottery
    if lottery is None:
        return frozenset()
    entered = [p.id for p in parties if not p.no_visit and p.received_at <= lottery.drawn_at]
    lots = sorted(entered, key=lambda party: (lot(lottery.seed, party), party))
    return frozenset(lots[: lottery.guaranteed])


def lot(seed: int, party: str) -> str:
    """A party's lot; the lowest ones win."""
    return hashlib.sha256(f"{seed}:{party}".encode()).hexdigest()
