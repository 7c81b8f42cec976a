"""The live night as consoles show it, whole. Pure; the reader of the night builds it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.dispatch.domain import breaks
from services.dispatch.domain.breaks import EndPlace, ShownBreak
from services.dispatch.domain.evening import Evening, Party, Rests, Stop, Team, Window
from services.dispatch.domain.materials import named
from services.dispatch.domain.night import (
    MOVING,
    RESTING,
    NightNow,
    PartyNow,
    TeamNow,
    TeamState,
    VisitNow,
    VisitState,
)
from services.dispatch.domain.order_log import Pin
from services.dispatch.domain.proposal import Proposal
from services.dispatch.domain.roster.languages import say_language, spoken

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Promised:
    """A window as a host was last told of it."""

    number: int
    opens: datetime
    closes: datetime
    confidence: float
    team_id: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Located:
    """Where a team was last seen: a hint."""

    lat: float
    lon: float
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What was told to a team, or to some `teams`; without either to all."""

    id: str
    team_id: str
    words: str
    at: datetime
    by: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreached:
    """A message about a party that reached nobody."""

    party_id: str
    fault: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LiveStop:
    """One stop of a team: what is planned, what is expected now, what happened."""

    party_id: str
    state: VisitState
    arrives_at: datetime
    leaves_at: datetime
    expected_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    window: Window
    promise: Promised | None
    lateness_seconds: int
    locked: bool
    kinds: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class LiveTeam:
    """A team. `party_id` is where it is or drives to, else its next stop."""

    id: str
    name: str
    kinds: tuple[str, ...]
    members: tuple[str, ...]
    languages: tuple[str, ...]
    vehicle: str
    shift: Window
    start: tuple[float, float]
    state: TeamState
    since: datetime | None
    party_id: str
    late_seconds: int
    position: Located | None
    last_heard_at: datetime | None
    stops: tuple[LiveStop, ...]
    breaks: tuple[ShownBreak, ...] = ()
    end: EndPlace | None = None


@dataclass(frozen=True, slots=True)
class LiveParty:
    """A party; `state` is its furthest visit's, or `unvisited` where none is planned."""

    id: str
    code: str
    name: str
    address: str
    lat: float | None
    lon: float | None
    area: str
    window: Window
    people: int
    children: int
    wanted: tuple[str, ...]
    notes: str
    host_name: str
    materials: tuple[str, ...]
    walk_up: bool
    state: str
    reason: str
    detail: str
    teams: tuple[str, ...]
    promise: Promised | None
    language: str = ""
    language_met: bool = True


@dataclass(frozen=True, slots=True)
class Tonight:
    """All that the live night is built from."""

    evening: Evening
    night: NightNow
    teams: Mapping[str, TeamNow]
    said: Mapping[str, PartyNow]
    called_off: Sequence[Party]
    pins: Sequence[Pin]
    promises: Mapping[str, Promised]
    positions: Mapping[str, Located]
    now: datetime
    proposal: Proposal | None = None
    unreached: Sequence[Unreached] = ()
    broadcasts: Sequence[Broadcast] = ()


def live_teams(tonight: Tonight) -> list[LiveTeam]:
    """Every team of tonight."""
    pinned = {(pin.party, pin.team) for pin in tonight.pins}
    parties = {party.id: party for party in (*tonight.evening.parties, *tonight.called_off)}
    return [_team(tonight, team, pinned, parties) for team in tonight.evening.teams]


def live_parties(tonight: Tonight) -> list[LiveParty]:
    """Every party of tonight, those called off included."""
    visits = _visits(tonight)
    shown = (*tonight.evening.parties, *tonight.called_off)
    return [_party(tonight, party, visits.get(party.id, [])) for party in shown]


def lag(team: TeamNow, stops: Sequence[Stop], now: datetime) -> timedelta:
    """How far a team runs behind what is planned for it; never negative.

    Whoever is on a call or a break is back now at the soonest: nobody arrives in the past. Whoever
    came late leaves late: the stay is as long as it was planned.
    """
    at = next((stop for stop in stops if stop.party_id == team.party), None)
    none = timedelta()
    told = timedelta(seconds=team.late_seconds)
    if team.state in RESTING:
        at = next((stop for stop in stops if stop.party_id not in team.settled), None)
    elif team.state not in MOVING:
        at = None
    if at is None:
        return told
    if team.state == TeamState.ON_SCENE:
        visit = team.visits.get(at.party_id)
        came = (visit.arrived_at if visit else None) or at.arrives_at
        return max(none, now - at.leaves_at, came - at.arrives_at)
    return max(told, none, now - at.arrives_at)


def _team(
    tonight: Tonight, team: Team, pinned: set[tuple[str, str]], parties: Mapping[str, Party]
) -> LiveTeam:
    now = tonight.teams.get(team.id, TeamNow())
    routed = tonight.evening.routes.get(team.id, ())
    rests = tonight.evening.rests.get(team.id, Rests())
    stops = (*_off_route(now, routed, parties), *routed)
    behind = lag(now, stops, tonight.now) if tonight.night.running else timedelta()
    shown = tuple(
        _stop(tonight, team, stop, now, behind, (stop.party_id, team.id) in pinned, parties)
        for stop in stops
    )
    open_ = (s.party_id for s in shown if s.state not in (VisitState.DONE, VisitState.SKIPPED))
    return LiveTeam(
        id=team.id,
        name=team.name,
        kinds=team.kinds,
        members=team.members,
        languages=team.languages,
        vehicle=team.vehicle,
        shift=team.shift,
        start=(team.start.lat, team.start.lon),
        state=now.state,
        since=now.since,
        party_id=now.party or next(open_, ""),
        late_seconds=int(behind.total_seconds()) // MINUTE * MINUTE,
        position=tonight.positions.get(team.id),
        last_heard_at=now.heard_at,
        stops=shown,
        breaks=tuple(breaks.shown(team, now, rests, late=behind)),
        end=breaks.end_of(team, rests, late=behind),
    )


def _off_route(
    now: TeamNow, routed: Sequence[Stop], parties: Mapping[str, Party]
) -> Iterator[Stop]:
    """Visits that were made, skipped or begun, and are on the team's route no more."""
    known = {stop.party_id for stop in routed}
    for id_, visit in now.visits.items():
        party = parties.get(id_)
        if id_ in known or visit.state == VisitState.PLANNED or party is None or not party.place:
            continue
        at = visit.arrived_at or visit.en_route_at or visit.left_at or party.window.opens
        who = (party.id, party.code, party.name, party.address, party.place)
        yield Stop(*who, party.wanted, at, visit.left_at or at)


def _stop(
    tonight: Tonight,
    team: Team,
    stop: Stop,
    now: TeamNow,
    behind: timedelta,
    pinned: bool,
    parties: Mapping[str, Party],
) -> LiveStop:
    visit = now.visits.get(stop.party_id, VisitNow(VisitState.PLANNED))
    promise = _promise_of(tonight, stop.party_id, team.id)
    state = visit.state
    if state == VisitState.PLANNED and promise:
        state = VisitState.PROMISED
    expected = visit.arrived_at or stop.arrives_at + behind
    party = parties.get(stop.party_id)
    window = party.window if party else Window(stop.arrives_at, stop.leaves_at)
    due = promise.closes if promise else window.closes
    settled = state in (VisitState.DONE, VisitState.SKIPPED)
    late = timedelta() if settled else max(timedelta(), expected - due)
    return LiveStop(
        party_id=stop.party_id,
        state=state,
        arrives_at=stop.arrives_at,
        leaves_at=stop.leaves_at,
        expected_at=expected,
        arrived_at=visit.arrived_at,
        left_at=visit.left_at,
        window=window,
        promise=promise,
        lateness_seconds=int(late.total_seconds()) // MINUTE * MINUTE,
        locked=pinned or (now.party == stop.party_id and now.state in MOVING) or settled,
        kinds=stop.kinds,
        reason=visit.reason,
    )


def _promise_of(tonight: Tonight, party: str, team: str) -> Promised | None:
    promise = tonight.promises.get(party)
    return promise if promise and promise.team_id == team else None


_FURTHEST = (
    *(VisitState.ON_SCENE, VisitState.EN_ROUTE, VisitState.DONE, VisitState.PROMISED),
    *(VisitState.PLANNED, VisitState.SKIPPED),
)


_STANDS = (VisitState.ON_SCENE, VisitState.EN_ROUTE, VisitState.DONE, VisitState.WITHDRAWN)
"""A party whose visit is so keeps it where its area is called off."""


def _visits(tonight: Tonight) -> dict[str, list[tuple[str, VisitNow]]]:
    """Of each party its visits: those on routes, and those that happened off them."""
    found: dict[str, dict[str, VisitNow]] = {}
    for team, stops in tonight.evening.routes.items():
        for stop in stops:
            found.setdefault(stop.party_id, {})[team] = VisitNow(VisitState.PLANNED)
    for team, now in tonight.teams.items():
        for party, visit in now.visits.items():
            if visit.state != VisitState.PLANNED:
                found.setdefault(party, {})[team] = visit
    return {party: sorted(visits.items()) for party, visits in found.items()}


def _party(tonight: Tonight, party: Party, visits: Sequence[tuple[str, VisitNow]]) -> LiveParty:
    said = tonight.said.get(party.id, PartyNow())
    told = tonight.evening.told.get(party.id)
    promise = tonight.promises.get(party.id)
    states = {visit.state for _, visit in visits}
    state: str = next((state for state in _FURTHEST if state in states), "unvisited")
    reason, detail = (told.reason, told.detail) if told else ("", "")
    if state == VisitState.PLANNED and promise:
        state = VisitState.PROMISED
    if state == VisitState.SKIPPED:
        reason = "skipped"
        detail = next((v.reason for _, v in visits if v.state == VisitState.SKIPPED), "")
    if said.cancelled and state != VisitState.DONE:
        state, reason, detail = VisitState.WITHDRAWN, "cancelled", said.reason
    off = tonight.night.off(party.area)
    if off and state not in _STANDS:
        state, reason, detail = VisitState.WITHDRAWN, "called_off", off.reason
    return LiveParty(
        id=party.id,
        code=party.code,
        name=party.name or party.address,
        address=party.address,
        lat=party.place.lat if party.place else None,
        lon=party.place.lon if party.place else None,
        area=party.area,
        window=party.window,
        people=party.people,
        children=party.children,
        wanted=party.wanted,
        notes=party.location_notes,
        host_name=party.host_name,
        materials=named(party.materials),
        walk_up=said.walk_up,
        state=str(state),
        reason=reason,
        detail=detail,
        teams=tuple(team for team, _ in visits),
        promise=promise,
        language="" if spoken(party.language) == "en" else say_language(party.language),
        language_met=_is_understood(tonight, party, [team for team, _ in visits]),
    )


def _is_understood(tonight: Tonight, party: Party, teams: Sequence[str]) -> bool:
    """Whether some team that comes speaks the host's language; so, too, while none comes."""
    coming = [team for team in tonight.evening.teams if team.id in teams]
    own = spoken(party.language)
    return not (own and coming) or any(own in map(spoken, team.languages) for team in coming)
