"""Reads and changes a city's policies. Called by the API, the plan page and the command line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.dispatch.adapters.policy_document import UNREADABLE, read_policies
from services.dispatch.adapters.postgres_decisions import PostgresDecisions, Settled
from services.dispatch.domain.effects import Effect, effects
from services.dispatch.domain.evening import Evening
from services.dispatch.domain.policy import Policies
from services.dispatch.preparing.office import Office, Overtaken, deciding, evening_of
from shared.audit import record
from shared.failures import Refused


@dataclass(frozen=True, slots=True)
class PoliciesNow:
    """A city's policies, who settled them, and their effects on the plan that holds."""

    settled: Settled
    effects: tuple[Effect, ...]


def show_policies(office: Office, city: str) -> PoliciesNow:
    """The policies that hold; raises `NoSuchCity`."""
    with office.pool.connection() as conn:
        evening = evening_of(conn, city)
        return PoliciesNow(PostgresDecisions(conn).settled(city), _effects(evening))


def change_policies(
    office: Office,
    city: str,
    document: object,
    by: str,
    *,
    seen: int | None = None,
    whole: bool = False,
) -> Settled:
    """Let policies hold, and the city be planned by them.

    `seen` is the version that the caller looked at, None where nobody did; `whole` sets back what
    the document leaves out. Raises `Refused` by field, `Overtaken`, or `NoSuchCity`.
    """
    with deciding(office, city) as decision:
        before = decision.decisions.settled(city)
        if seen is not None and seen != before.version:
            said = f"{before.by} changed the policies meanwhile; please look at them again."
            raise Overtaken(said, [f"policies: version {before.version} by {before.by}"])
        now = decision.work.now
        policies = read_policies(document, before.policies, now, whole=whole)
        refuse_strangers(policies, before.policies, decision.evening)
        decision.decisions.settle(city, decision.version, policies, by, now)
        said = f"decision {decision.version}"
        record(decision.work.conn, "policies settled", said, city=city, actor=by)
        return Settled(policies, decision.version, by, now)


def refuse_strangers(policies: Policies, before: Policies, evening: Evening) -> None:
    """Raise `Refused` for unknown teams and parties; a field that is as it was may stay."""
    found: dict[str, list[str]] = {}
    for field, fault in _strangers(policies, evening):
        if getattr(policies, field) != getattr(before, field):
            found.setdefault(field, []).append(fault)
    if found:
        raise Refused(UNREADABLE, found)


def _strangers(policies: Policies, evening: Evening) -> Iterator[tuple[str, str]]:
    teams = {team.id for team in evening.teams}
    parties = {party.id for party in evening.parties}
    areas = {party.area for party in evening.parties}
    by_team: Mapping[str, Mapping[str, object]] = {
        "beats": policies.beats,
        "stay_in": policies.stay_in,
        "most_stops": policies.most_stops,
        "caravans": {caravan.team: caravan for caravan in policies.caravans},
    }
    for field, given in by_team.items():
        yield from ((field, f"There is no team {team!r}.") for team in sorted(given.keys() - teams))
    for field, named in (("beats", policies.beats), ("stay_in", policies.stay_in)):
        for area in sorted({area for own in named.values() for area in own} - areas):
            yield field, f"No party lies in an area {evening.city.area_name(area)!r}."
    for caravan in policies.caravans:
        for party in caravan.parties:
            if party not in parties:
                yield "caravans", f"There is no party {party!r}."
    if len({caravan.team for caravan in policies.caravans}) < len(policies.caravans):
        yield "caravans", "A team can drive one caravan."


def _effects(evening: Evening) -> tuple[Effect, ...]:
    visited = {team: [s.party_id for s in stops] for team, stops in evening.routes.items()}
    return tuple(effects(evening, visited if evening.version else None))
