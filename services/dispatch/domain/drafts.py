"""Drafts of a city's plan that a planner keeps by name: what they hold and amount to. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Literal

from services.dispatch.domain.basis import Basis
from services.dispatch.domain.effects import Effect
from services.dispatch.domain.framing import Frame
from services.dispatch.domain.policy import Policies
from services.dispatch.domain.problem import Draft, Problem, TimedStop
from services.dispatch.domain.slack import legs

State = Literal["waiting", "making", "ready", "failed"]
TIGHT = 300
"""Seconds to spare below which a stop counts as tight."""


@dataclass(frozen=True, slots=True)
class DraftWish:
    """How a draft is to be made: seconds, or iterations for one that can be made again exactly.

    `changes` is how many promises it may break, None for as many as it likes; `start` the name of
    the draft that it goes on from.
    """

    seconds: float = 20.0
    iterations: int | None = None
    seed: int = 1
    changes: int | None = 0
    start: str = ""


@dataclass(frozen=True, slots=True)
class DraftFigures:
    """What a plan amounts to. Times in seconds; `areas` holds (visited, parties) by area.

    `told_otherwise` counts hosts whose told visit it moves or drops; `spare` is how late the
    middle stop may become without making another late, `tight` how many have under 5 minutes.
    """

    parties: int
    visited: int
    visits: int
    teams: int
    driving: int
    waiting: int
    late: int
    spare: int
    tight: int
    told_otherwise: int
    areas: Mapping[str, tuple[int, int]]
    points: float | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A party without a visit: the reason's code, its sentence, and the cheapest ways in."""

    party: str
    code: str
    address: str
    reason: str
    detail: str
    ways: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A draft that was made."""

    draft: Draft
    figures: DraftFigures
    effects: tuple[Effect, ...]
    left: tuple[LeftOut, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft with who asked for it when, how, on what basis, and what came of it."""

    name: str
    id: str
    by: str
    asked_at: datetime
    state: State
    share: float
    words: str
    wish: DraftWish
    policies: Policies
    content: Content | None = None
    basis: Basis | None = None
    made_at: datetime | None = None
    finalized_by: str = ""
    finalized_at: datetime | None = None
    plan_version: int | None = None


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A stored plan: version (0: none yet), name, who finalized it, and its policies."""

    version: int = 0
    name: str = ""
    by: str = ""
    made_at: datetime | None = None
    parties: int = 0
    visited: int = 0
    made_under: tuple[Effect, ...] = ()


def draft_figures(
    framed: Frame, problem: Problem, draft: Draft, points: float | None = None
) -> DraftFigures:
    """What the draft amounts to."""
    evening = framed.evening
    driven = legs(problem, draft)
    area = {party.id: party.area for party in evening.parties}
    asked = Counter(party.area for party in evening.parties if not party.no_visit)
    seen = Counter(area[party] for party in draft.visited if party in area)
    return DraftFigures(
        parties=len(evening.parties),
        visited=len(draft.visited),
        visits=len(driven),
        teams=sum(bool(route) for route in draft.routes.values()),
        driving=sum(leg.way for leg in driven),
        waiting=sum(leg.waits for leg in driven),
        late=sum(leg.late > 0 for leg in driven),
        spare=int(median(leg.spare for leg in driven)) if driven else 0,
        tight=sum(leg.spare < TIGHT for leg in driven),
        told_otherwise=told_otherwise(problem, draft),
        areas={name: (seen[name], count) for name, count in sorted(asked.items())},
        points=points,
    )


def told_otherwise(problem: Problem, draft: Draft) -> int:
    """Hosts who were told of a visit that the draft makes otherwise, or not at all."""
    at = {stop.visit: (team, stop) for team, route in draft.routes.items() for stop in route}
    broken = 0
    for visit in problem.visits:
        if visit.promised is None:
            continue
        team, stop = at.get(visit.id, ("", None))
        kept = stop and visit.promised[0] <= stop.starts <= visit.promised[1]
        broken += team != visit.promised_to or not kept
    return broken


def stored_draft(framed: Frame) -> Draft:
    """The plan that holds, as a draft; stops of parties that cannot be visited now are left out."""
    kinds = {(visit.party, team): visit.kind for visit in framed.visits for team in visit.teams}
    routes = {
        team: tuple(
            TimedStop(
                stop.party_id,
                int((stop.arrives_at - framed.zero).total_seconds()),
                int((stop.leaves_at - framed.zero).total_seconds()),
                kinds[stop.party_id, team],
            )
            for stop in stops
            if (stop.party_id, team) in kinds
        )
        for team, stops in framed.evening.routes.items()
    }
    made = {stop.visit for route in routes.values() for stop in route}
    return Draft(routes, tuple(visit.id for visit in framed.visits if visit.id not in made))
