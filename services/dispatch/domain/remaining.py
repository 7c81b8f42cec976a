"""What is left of the evening while it runs: an evening of its own, planned like any other. Pure.

What is done and each moving team's next stop stand. A team starts anew where and when it comes
free; one that is at a call or has ended is not in it, and its stops are open to others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.dispatch.domain import reasons
from services.dispatch.domain.breaks import owed, rested_by
from services.dispatch.domain.edits import Edit
from services.dispatch.domain.evening import BreakTime, Evening, Party, Place, Stop, Team, Window
from services.dispatch.domain.framing import Frame, Shares, frame
from services.dispatch.domain.night import (
    AWAY,
    MOVING,
    NightNow,
    TeamNow,
    TeamState,
    VisitState,
)
from services.dispatch.domain.order_log import Pin
from services.dispatch.domain.reasons import Reason

AT_LEAST = timedelta(minutes=1)
"""Whoever should have left or arrived by now is taken to do so in this time."""


@dataclass(frozen=True, slots=True)
class Underway:
    """A team on its way: from where, since when, to which party."""

    team: str
    place: Place
    since: datetime
    party: str


@dataclass(frozen=True, slots=True)
class Rest:
    """The evening that is left, and what of the whole one stands.

    `fixed` are each team's stops that stand, done ones first; `gone` the open stops of teams that
    cannot make them; `closed` the parties of which a visit stands: their hosts hear nothing new;
    `barred` those in areas that are held or called off, and why.
    """

    whole: Evening
    evening: Evening
    fixed: Mapping[str, tuple[Stop, ...]]
    gone: Mapping[str, tuple[Stop, ...]]
    closed: frozenset[str]
    barred: Mapping[str, Reason]
    settled: frozenset[tuple[str, str]]
    underway: tuple[Underway, ...]

    def framed(self) -> Frame:
        """The question: without visits that were made, and without promises that people moved."""
        made = frame(self.evening)
        by_party: dict[str, set[str]] = {}
        for party, team in self.settled:
            by_party.setdefault(party, set()).add(team)
        parties = {party.id: party for party in self.whole.parties if party.id in by_party}
        shares = Shares(self.whole)

        def is_settled(party: str, kind: str) -> bool:
            share = shares.of(parties[party]).get(kind) if party in parties else None
            return share is not None and bool(share.teams & by_party[party])

        visits = tuple(
            replace(visit, promised=None)
            if visit.promised_to and visit.promised_to not in visit.teams and visit.must
            else visit
            for visit in made.visits
            if not is_settled(visit.party, visit.kind)
        )
        away = {party: _tonight(reason) for party, reason in made.refused.items()}
        refused = {**away, **self.barred}
        return replace(made, visits=visits, refused=refused)


def _tonight(reason: Reason) -> Reason:
    """The city has teams, but all are away."""
    return reasons.NO_TEAM_LEFT if reason == reasons.NO_TEAMS else reason


def rest_of(
    evening: Evening,
    night: NightNow,
    teams: Mapping[str, TeamNow],
    pins: Sequence[Pin],
    now: datetime,
    arrivals: Mapping[str, datetime] | None = None,
) -> Rest:
    """What is left at `now`; `arrivals` says when teams on their way get there, if known."""
    parties = {party.id: party for party in evening.parties}
    view = _View(evening, night, teams, now, arrivals or {}, parties, Shares(evening))
    on_duty = [team for team in evening.teams if view.now_of(team).state not in AWAY]
    fixed = {team.id: tuple(view.fixed(team)) for team in evening.teams}
    settled = frozenset((stop.party_id, team) for team, stops in fixed.items() for stop in stops)
    skipped = frozenset(
        (party, team)
        for team, now_ in teams.items()
        for party, visit in now_.visits.items()
        if visit.state == VisitState.SKIPPED
    )
    closed = frozenset(party for party, _ in settled)
    left = {team.id: view.left(team, settled | skipped) for team in evening.teams}
    barred = view.barred()
    on = {team.id for team in on_duty}
    virtual = replace(
        evening,
        teams=tuple(view.start(team) for team in on_duty),
        parties=tuple(p for p in evening.parties if p.id not in barred),
        routes={team: stops for team, stops in left.items() if team in on},
        rests={team: rests for team, rests in evening.rests.items() if team in on},
        told={party: told for party, told in evening.told.items() if party not in closed},
        edits=(*evening.edits, *_edits(pins, left, settled | skipped)),
    )
    return Rest(
        whole=evening,
        evening=virtual,
        fixed=fixed,
        gone={team: stops for team, stops in left.items() if team not in on and stops},
        closed=closed,
        barred={party: why for party, why in barred.items() if party not in closed},
        settled=settled | skipped,
        underway=tuple(view.underway(on_duty)),
    )


@dataclass(frozen=True, slots=True)
class _View:
    evening: Evening
    night: NightNow
    teams: Mapping[str, TeamNow]
    now: datetime
    arrivals: Mapping[str, datetime]
    parties: Mapping[str, Party]
    shares: Shares

    def now_of(self, team: Team) -> TeamNow:
        return self.teams.get(team.id, TeamNow())

    def party(self, party: str) -> Party | None:
        return self.parties.get(party)

    def barred(self) -> dict[str, Reason]:
        held = dict.fromkeys(self.night.held_areas, reasons.HELD)
        off = {one.area: reasons.called_off(one.reason) for one in self.night.called_off}
        why = {**held, **off}
        return {p.id: why[p.area] for p in self.evening.parties if p.area in why}

    def fixed(self, team: Team) -> Iterator[Stop]:
        """What the team has done, in the order in which it left, then where it is or drives to."""
        now = self.now_of(team)
        done = [
            (visit.left_at or self.now, party)
            for party, visit in now.visits.items()
            if visit.state == VisitState.DONE
        ]
        stored = {stop.party_id: stop for stop in self.evening.routes.get(team.id, ())}
        for _, party in sorted(done):
            if stop := stored.get(party) or self._stop(team, party):
                yield stop
        if now.state in MOVING and now.party and (stop := self.current(team)):
            yield stop

    def current(self, team: Team) -> Stop | None:
        """The stop at which the team is or to which it drives, with the times expected now."""
        now = self.now_of(team)
        stored = {stop.party_id: stop for stop in self.evening.routes.get(team.id, ())}
        stop = stored.get(now.party) or self._stop(team, now.party)
        party = self.party(now.party)
        if stop is None:
            return None
        stays = timedelta(minutes=self.shares.minutes(party, team) if party else 0)
        arrives = self._arrives(team, now, stop)
        starts = max(arrives, party.window.opens) if party else arrives
        leaves = max(starts + stays, self.now + AT_LEAST)
        return replace(stop, arrives_at=arrives, leaves_at=leaves)

    def _arrives(self, team: Team, now: TeamNow, stop: Stop) -> datetime:
        if now.state == TeamState.ON_SCENE:
            return now.since or self.now
        late = timedelta(seconds=now.late_seconds)
        if now.late_seconds:
            return max(stop.arrives_at + late, self.now + AT_LEAST)
        return max(self.arrivals.get(team.id, stop.arrives_at), self.now + AT_LEAST)

    def left(self, team: Team, settled: frozenset[tuple[str, str]]) -> tuple[Stop, ...]:
        stops = self.evening.routes.get(team.id, ())
        return tuple(stop for stop in stops if (stop.party_id, team.id) not in settled)

    def start(self, team: Team) -> Team:
        """The team as it comes free."""
        now = self.now_of(team)
        current = self.current(team) if now.state in MOVING and now.party else None
        if current:
            place, free = current.place, current.leaves_at
        else:
            place = self._left_place(team, now)
            free = max(self.now, team.shift.opens) + timedelta(seconds=now.late_seconds)
            free = max(free, rested_by(team, now) or free)
        breaks = tuple(_in_time(rest, free) for rest in owed(team, now, self.now))
        shift = Window(free, max(free, team.shift.closes))
        return replace(team, start=place, shift=shift, breaks=breaks)

    def underway(self, teams: Sequence[Team]) -> Iterator[Underway]:
        for team in teams:
            now = self.now_of(team)
            visit = now.visits.get(now.party)
            if now.state == TeamState.EN_ROUTE and visit and visit.en_route_at:
                place = self._left_place(team, now)
                yield Underway(team.id, place, visit.en_route_at, now.party)

    def _left_place(self, team: Team, now: TeamNow) -> Place:
        left = self.party(now.left_party) if now.left_party else None
        return left.place if left and left.place else team.start

    def _stop(self, team: Team, party: str) -> Stop | None:
        """A stop that is on no route: the team went there of itself."""
        known = self.party(party)
        visit = self.now_of(team).visits.get(party)
        if known is None or known.place is None or visit is None:
            return None
        at = visit.arrived_at or visit.en_route_at or visit.left_at or self.now
        who = (known.id, known.code, known.name, known.address)
        return Stop(*who, known.place, team.kinds, at, visit.left_at or at)


def _in_time(rest: BreakTime, free: datetime) -> BreakTime:
    """The break; as soon as the team is free where its time has passed."""
    lasts = timedelta(minutes=rest.minutes)
    if rest.closes - lasts >= free:
        return rest
    return replace(rest, opens=free, closes=free + lasts + AT_LEAST)


def _edits(
    pins: Sequence[Pin],
    left: Mapping[str, tuple[Stop, ...]],
    settled: frozenset[tuple[str, str]],
) -> Iterator[Edit]:
    """What people decided tonight, as edits that count after all earlier ones."""
    open_ = [pin for pin in pins if (pin.party, pin.team) not in settled]
    for number, pin in enumerate(open_):
        name = f"tonight-{pin.party}-{pin.team}"
        yield Edit(name, "pin", (pin.party,), pin.team, version=10**9 + number)
    for team in sorted({pin.team for pin in open_ if pin.position is not None}):
        mine = [pin for pin in open_ if pin.team == team and pin.position is not None]
        pinned = {pin.party for pin in open_ if pin.team == team}
        order = [stop.party_id for stop in left.get(team, ()) if stop.party_id not in pinned]
        for pin in sorted(mine, key=lambda pin: pin.position or 0):
            order.insert(pin.position or 0, pin.party)
        if len(order) > 1:
            yield Edit(f"tonight-{team}", "lock", tuple(order), team, version=2 * 10**9)
