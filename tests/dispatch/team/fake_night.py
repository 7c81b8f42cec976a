"""The night in memory, as teams' phones move it: the port `TapDesk` without a database."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.dispatch.domain.evening import Place, Window
from services.dispatch.domain.phone_team import Broadcast, Done, PhoneStop, PhoneTeam
from services.dispatch.domain.taps import Outcome, Tap

SETTLED = ("done", "skipped", "withdrawn")
STATES = {
    "check_in": "at_kick_off",
    "to_call": "to_call",
    "break_start": "on_break",
    "end_shift": "ended",
}


def make_stop(party: str, minutes: int, start: datetime, **over: object) -> PhoneStop:
    """A stop so many minutes after the start of the shift."""
    arrives = start + timedelta(minutes=minutes)
    stop = PhoneStop(
        party_id=party,
        code=party.upper(),
        name=f"Party {party}",
        address=f"{party} Street",
        place=Place(34.14 + minutes / 10_000, -118.08),
        host_name="Pat",
        notes="",
        wanted=("Police officers",),
        materials=(),
        people=40,
        children=10,
        window=Window(start, start + timedelta(hours=4)),
        arrives_at=arrives,
        leaves_at=arrives + timedelta(minutes=15),
    )
    return replace(stop, **over)  # type: ignore[arg-type]  # tests name what they change


@dataclass
class FakeNight:
    """One team's evening; taps are kept by id and the state follows from them, in their order."""

    team: PhoneTeam
    taps: dict[str, Tap] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    asked: int = 0

    def now(self, city: str, team: str) -> PhoneTeam | None:
        if team != self.team.id:
            return None
        known = replace(self.team, undoable=self._undoable())
        for tap in sorted(self.taps.values(), key=lambda tap: tap.at):
            if tap.id not in self.undone:
                known = _after(known, tap)
        return known

    def _undoable(self) -> tuple[Done, ...]:
        return tuple(
            Done(tap.id, tap.kind, tap.at, tap.party)
            for tap in self.taps.values()
            if tap.id not in self.undone
        )

    def apply(self, city: str, team: str, taps: Sequence[Tap], now: datetime) -> list[Outcome]:
        self.asked += 1
        done = {tap.id: self._apply(tap) for tap in sorted(taps, key=lambda tap: tap.at)}
        return [done[tap.id] for tap in taps]

    def _apply(self, tap: Tap) -> Outcome:
        if tap.kind == "undo":
            already = tap.of in self.undone
            self.undone.add(tap.of)
            return Outcome(tap.id, applied=tap.of in self.taps, already=already)
        if tap.id in self.taps:
            return Outcome(tap.id, applied=True, already=True)
        known = self.now("", self.team.id)
        stop = next((s for s in known.stops if s.party_id == tap.party), None) if known else None
        if stop and stop.state == "done" and tap.kind in ("arrived", "left", "en_route", "skip"):
            detail = "The team has been there already."
            return Outcome(tap.id, applied=False, fault="impossible", detail=detail)
        self.taps[tap.id] = tap
        return Outcome(tap.id, applied=True)

    def say(self, words: str, at: datetime) -> None:
        """Dispatch tells the teams something."""
        message = Broadcast(f"m{len(self.team.messages)}", at, words)
        self.team = replace(self.team, messages=(*self.team.messages, message))

    def plan(self, *stops: PhoneStop) -> None:
        """Dispatch gives the team another route."""
        self.team = replace(self.team, stops=stops)


def _after(team: PhoneTeam, tap: Tap) -> PhoneTeam:
    if tap.kind in STATES:
        return replace(team, state=STATES[tap.kind], since=tap.at)
    if tap.kind in ("back_from_call", "break_end"):
        return _drive_on(team, tap.at)
    state = {"arrived": "on_scene", "left": "done", "skip": "skipped", "en_route": "en_route"}
    team = _with(team, tap.party, state[tap.kind], tap.reason)
    if tap.kind in ("left", "skip"):
        return _drive_on(team, tap.at)
    return replace(team, state=state[tap.kind], since=tap.at)


def _drive_on(team: PhoneTeam, at: datetime) -> PhoneTeam:
    ahead = [stop for stop in team.stops if stop.state not in SETTLED]
    if not ahead:
        return replace(team, state="ready", since=at)
    moved = _with(team, ahead[0].party_id, "en_route", "")
    return replace(moved, state="en_route", since=at)


def _with(team: PhoneTeam, party: str, state: str, reason: str) -> PhoneTeam:
    stops = tuple(
        replace(stop, state=state, reason=reason) if stop.party_id == party else stop
        for stop in team.stops
    )
    return replace(team, stops=stops)
