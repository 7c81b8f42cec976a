"""Forgets what registration has forgotten, in any order and any number of times.

The worker's edge calls it, batch by batch. No plan depends on what goes, so none is made anew.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.dispatch.handlers.hearing import party_of_fact
from services.dispatch.ports.heard import Forgetting, HeardParty, Ledger
from services.dispatch.ports.planning import Boards
from shared.contracts.envelope import Envelope
from shared.contracts.party import PartyForgotten

SAME_EVENING = timedelta(hours=12)


def forget_parties(
    ledger: Ledger,
    forgetting: Forgetting,
    boards: Boards,
    facts: Sequence[Envelope],
    now: datetime,
) -> None:
    """Keep of each party what is left; walk-ups of its evening, which only we know, go along."""
    by_city: dict[str, list[Envelope]] = {}
    for fact in facts:
        by_city.setdefault(fact.city, []).append(fact)
    for city, told in by_city.items():
        groups = _groups(told)
        walked_up = _walk_ups(forgetting, city, told)
        everybody = groups | walked_up
        housed = [party for party, mine in everybody.items() if "addresses" in mine]
        forgetting.forget_blocks(city, housed)
        ledger.keep_parties(city, [_left(fact) for fact in told])
        forgetting.empty_walk_ups(city, walked_up)
        forgetting.forget(city, everybody)
        boards.changed(city, now)


def _groups(told: Sequence[Envelope]) -> dict[str, frozenset[str]]:
    """What is to go, by party; in whatever order it was said, nothing comes back."""
    found: dict[str, frozenset[str]] = {}
    for envelope in told:
        fact: PartyForgotten = envelope.data
        found[fact.party.id] = found.get(fact.party.id, frozenset()) | set(fact.groups)
    return found


def _walk_ups(
    forgetting: Forgetting, city: str, told: Sequence[Envelope]
) -> dict[str, frozenset[str]]:
    latest: dict[str, datetime] = {}
    for envelope in told:
        fact: PartyForgotten = envelope.data
        for group in fact.groups:
            opens = fact.party.window.opens
            latest[group] = max(latest.get(group, opens), opens)
    found: dict[str, frozenset[str]] = {}
    for group, opens in latest.items():
        for party in forgetting.walk_ups(city, group, opens + SAME_EVENING):
            found[party] = found.get(party, frozenset()) | {group}
    return found


def _left(envelope: Envelope) -> HeardParty:
    fact: PartyForgotten = envelope.data
    party = party_of_fact(fact.party, withdrawn=fact.withdrawn)
    return HeardParty(party, envelope.revision, envelope.correlation)
