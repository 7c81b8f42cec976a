"""One transaction of the night: its ports, and what folding the log anew changes in it.

The handlers beside it use it. All states follow from the log, so that taking an action down and
taking one away are the same work.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.dispatch.domain.actions import (
    OF_CREW,
    OF_NIGHT,
    OF_ORDER,
    OF_PARTY,
    OF_TEAM,
    Action,
    Change,
    Kind,
)
from services.dispatch.domain.crew_log import follow_crews
from services.dispatch.domain.evening import Team
from services.dispatch.domain.night import (
    AreaOff,
    NightNow,
    PartyNow,
    TeamNow,
    VisitNow,
    VisitState,
)
from services.dispatch.domain.night_log import follow_night, follow_party
from services.dispatch.domain.order_log import Pin, follow_orders
from services.dispatch.domain.team_log import follow
from services.dispatch.ports.heard import Staffing
from services.dispatch.ports.night import (
    AuditLog,
    Durations,
    NightBook,
    Nights,
    Promises,
    Proposals,
)
from services.dispatch.ports.planning import Boards, DirtyCities
from shared.ports import Publisher

RELEASED = timedelta(minutes=15)
"""Teams whose shift opens within this time leave with the start of the fan-out."""


@dataclass(frozen=True, slots=True)
class Acting:
    """One transaction's ports; `now` is the same throughout."""

    log: AuditLog
    nights: Nights
    book: NightBook
    proposals: Proposals
    promises: Promises
    durations: Durations
    dirty: DirtyCities
    boards: Boards
    publisher: Publisher
    staffing: Staffing
    now: datetime


@dataclass(slots=True)
class Folded:
    """What the log says now of the things that were looked at, where it differs from before."""

    night: NightNow | None = None
    teams: dict[str, TeamNow] = field(default_factory=dict)
    visits: dict[tuple[str, str], VisitNow] = field(default_factory=dict)
    parties: dict[str, PartyNow] = field(default_factory=dict)
    pins: tuple[Pin, ...] | None = None
    crews: Mapping[str, Team] | None = None
    changes: list[Change] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of all that differs."""
        return tuple(change.key for change in self.changes)


def scope_of(action: Action) -> frozenset[str]:
    """The names of the things that an action is about, before it is known what it changes."""
    team, party, details = action.team, action.party, action.details
    if action.kind == Kind.CALL_OFF_AREA:
        return frozenset(f"area:{area}" for area in details.areas)
    if action.kind in OF_NIGHT:
        return frozenset({"night"})
    if action.kind in OF_TEAM:
        return frozenset({f"team:{team}"})
    if action.kind in OF_PARTY:
        return frozenset({f"party:{party}"})
    keys = {f"order:{party}", f"party:{party}", f"told:{party}"} if party else set()
    if action.kind == Kind.SWAP_VISITS:
        keys |= {f"order:{details.other}", f"told:{details.other}", f"party:{details.other}"}
    if action.kind in OF_CREW:
        return frozenset({f"team:{team}", f"crew:{team}", f"crew:{details.other}"})
    others = (team, details.other_team)
    return frozenset(keys | {f"route:{one}" for one in others if one})


def fold(ports: Acting, city: str, about: Action, *, without: bool = False) -> Folded:
    """What changes with the action, or without it where it was taken down before."""
    found = Folded()
    log = _Log(about, without)
    if about.kind in OF_NIGHT:
        _fold_night(ports, city, log, found)
    elif about.kind in OF_TEAM:
        _fold_teams(ports, city, log, found, [about.team])
    elif about.kind in OF_PARTY:
        _fold_party(ports, city, log, found)
    elif about.kind in OF_ORDER:
        _fold_orders(ports, city, log, found)
    elif about.kind in OF_CREW:
        _fold_crews(ports, city, log, found)
    return found


def store(ports: Acting, city: str, found: Folded, version: int) -> "Stored":
    """Write what changed."""
    night = ports.nights.keep_night(city, found.night) if found.night else 0
    revisions: dict[tuple[str, str], int] = {}
    for team, now in found.teams.items():
        kept = ports.nights.keep_team(city, team, now, version)
        revisions |= {(team, party): revision for party, revision in kept.items()}
    for party, said in found.parties.items():
        ports.nights.keep_party(city, party, said, version)
    if found.pins is not None:
        ports.nights.keep_pins(city, found.pins)
    if found.crews is not None:
        ports.book.keep_teams(city, list(found.crews.values()))
    return Stored(night, revisions)


@dataclass(frozen=True, slots=True)
class Stored:
    """The new revisions: of the night (0: it is as it was), of visits by team and party."""

    night: int
    visits: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class _Log:
    """A log with one action more, or one less."""

    about: Action
    without: bool

    def of(self, known: Iterable[Action]) -> list[Action]:
        others = [action for action in known if action.id != self.about.id]
        return others if self.without else [*others, self.about]


def _fold_night(ports: Acting, city: str, log: _Log, found: Folded) -> None:
    before = ports.nights.night(city)
    followed = follow_night(log.of(ports.log.of_night(city)))
    found.refused |= followed.refused
    if followed.night == before:
        return
    found.night = followed.night
    found.changes += _night_changes(before, followed.night)
    teams = [team.id for team in ports.book.teams(city)]
    refused = dict(found.refused)
    _fold_teams(ports, city, log, found, teams)
    found.refused = refused


def _fold_teams(ports: Acting, city: str, log: _Log, found: Folded, teams: Collection[str]) -> None:
    states, roster = ports.nights.teams(city, teams), _roster(ports, city, teams)
    routes, logs = ports.book.routes(city, teams), ports.log.of_teams(city, teams)
    whole = ports.log.of_night(city)
    whole = log.of(whole) if log.about.kind in OF_NIGHT else whole
    effective = follow_night(whole).refused
    whole = [action for action in whole if action.id not in effective]
    for team in teams:
        mine = log.of(logs[team]) if log.about.team == team else list(logs[team])
        mine += _whole_night(whole, roster.get(team))
        route = [stop.party_id for stop in routes.get(team, ())]
        followed = follow(mine, route)
        found.refused |= {k: v for k, v in followed.refused.items() if k == log.about.id}
        _compare(found, team, states.get(team, TeamNow()), followed.team)


def _roster(ports: Acting, city: str, teams: Collection[str]) -> Mapping[str, Team]:
    if len(teams) == 1:
        (only,) = teams
        found = ports.book.team(city, only)
        return {only: found} if found else {}
    return {team.id: team for team in ports.book.teams(city)}


def _whole_night(actions: Sequence[Action], team: Team | None) -> list[Action]:
    """What was done to the whole night, as far as it moves this team."""
    moving = (Kind.OPEN_NIGHT, Kind.CLOSE_NIGHT)
    return [
        action
        for action in actions
        if action.kind in moving
        and (action.kind == Kind.CLOSE_NIGHT or (team and team.shift.opens <= action.at + RELEASED))
    ]


def _compare(found: Folded, team: str, before: TeamNow, after: TeamNow) -> None:
    gone = {party: VisitNow(VisitState.PLANNED) for party in before.visits}
    after = replace(after, visits={**gone, **after.visits})
    if after == before:
        return
    found.teams[team] = after
    found.changes.append(Change(f"team:{team}", _team_words(before), _team_words(after)))
    for party, visit in after.visits.items():
        known = before.visits.get(party)
        if visit != known:
            found.visits[team, party] = visit
            was = known.state if known else VisitState.PLANNED
            found.changes.append(Change(f"visit:{team}/{party}", was, visit.state))


def _fold_party(ports: Acting, city: str, log: _Log, found: Folded) -> None:
    party = log.about.party
    before = ports.nights.parties(city).get(party, PartyNow())
    after = follow_party(log.of(ports.log.of_party(city, party)), ports.book.party(city, party))
    if log.without and log.about.kind == Kind.ADD_PARTY:
        after = replace(after, walk_up=True, cancelled=True, reason="It was added by mistake.")
    if after != before:
        found.parties[party] = after
        found.changes.append(Change(f"party:{party}", _party_words(before), _party_words(after)))
    elif log.about.kind != Kind.ADD_PARTY:
        found.refused[log.about.id] = "That is so already."


def _fold_crews(ports: Acting, city: str, log: _Log, found: Folded) -> None:
    roster, before = ports.book.roster(city), {t.id: t for t in ports.book.teams(city)}
    followed = follow_crews(log.of(ports.log.of_crews(city)), roster)
    found.refused |= followed.refused
    if log.about.id in followed.refused:
        return
    found.crews = followed.teams
    after = {**roster, **followed.teams}
    for team in sorted(before.keys() | after.keys()):
        if before.get(team) != after.get(team):
            words = (_crew_words(teams.get(team)) for teams in (before, after))
            found.changes.append(Change(f"crew:{team}", *words))
    if log.about.kind == Kind.JOIN_TEAMS:
        _fold_teams(ports, city, log, found, [log.about.team])


def _fold_orders(ports: Acting, city: str, log: _Log, found: Folded) -> None:
    before = tuple(ports.nights.pins(city))
    after = follow_orders(log.of(ports.log.of_orders(city)))
    if set(before) == set(after):
        found.refused[log.about.id] = "That is so already."
        return
    found.pins = after
    for party in sorted({pin.party for pin in {*before} ^ {*after}}):
        words = (_pin_words(pins, party) for pins in (before, after))
        found.changes.append(Change(f"order:{party}", *words))


def _night_changes(before: NightNow, after: NightNow) -> Iterator[Change]:
    if replace(before, called_off=()) != replace(after, called_off=()):
        yield Change("night", _night_words(before), _night_words(after))
    for area in sorted({one.area for one in {*before.called_off} ^ {*after.called_off}}):
        words = (f"called off: {off.reason}" if off else "" for off in _offs(area, before, after))
        yield Change(f"area:{area}", *words)


def _offs(area: str, *nights: NightNow) -> Iterator[AreaOff | None]:
    return (night.off(area) for night in nights)


def _night_words(night: NightNow) -> str:
    return " ".join((night.state, *night.held_areas))


def _team_words(team: TeamNow) -> str:
    late = f" {team.late_seconds // 60} min late" if team.late_seconds else ""
    return f"{team.state} {team.party}".strip() + late


def _party_words(party: PartyNow) -> str:
    if party.cancelled:
        return f"cancelled: {party.reason}"
    window = f"{party.window.opens:%H:%M}-{party.window.closes:%H:%M} UTC" if party.window else ""
    place = f"at {party.place.lat:.5f}, {party.place.lon:.5f}" if party.place else ""
    return " ".join(filter(None, ("walk-up" if party.walk_up else "", window, place)))


def _crew_words(team: Team | None) -> str:
    return f"{team.name}: {', '.join(team.members) or 'nobody'}" if team else ""


def _pin_words(pins: Sequence[Pin], party: str) -> str:
    mine = [pin for pin in pins if pin.party == party]
    return ", ".join(
        pin.team if pin.position is None else f"{pin.team} as stop {pin.position + 1}"
        for pin in mine
    )
