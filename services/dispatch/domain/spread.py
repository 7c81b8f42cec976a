"""How far arrivals stray from the plan, learned tonight; windows that say so honestly. Pure.

Driving and staying are taken to last as long as planned times a factor whose logarithm is normal.
Its middle and width come from tonight's ratios of real to planned, robustly (median and median
deviation), drawn towards what is usual while there are few: a city's towards the prior, a team's
towards its city's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp, hypot, log, sqrt
from statistics import NormalDist, median

from services.dispatch.domain.evening import Evening, Stop, Team
from services.dispatch.domain.telling import Tell
from services.dispatch.domain.told import STEP, Told

PRIOR_DRIVE, PRIOR_DWELL = 0.30, 0.30
"""Usual widths of the logarithm before anything is learned; the usual middle is 0."""
CITY_WEIGHT, TEAM_WEIGHT = 10.0, 6.0
"""As many ratios what is usual counts for."""
LEAST_WIDTH = 0.08
JITTER = 60.0
"""Seconds of spread that no plan explains: parking, finding the house."""
TO_DEVIATION = 1.4826
MEDIANS_ERROR = 1.2533
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Factor:
    """By how much something lasts longer: the middle and width of the factor's logarithm.

    `doubt` is how far the middle itself may be off, all evening long in the same direction.
    """

    middle: float = 0.0
    width: float = PRIOR_DRIVE
    doubt: float = 0.0

    def towards(self, ratios: Sequence[float], weight: float) -> "Factor":
        """This, as changed by ratios of real to planned."""
        if not ratios:
            return self
        logs = [log(ratio) for ratio in ratios]
        mid = median(logs)
        deviation = TO_DEVIATION * median(abs(one - mid) for one in logs)
        share = len(logs) / (len(logs) + weight)
        width = sqrt((1 - share) * self.width**2 + share * deviation**2)
        width = max(LEAST_WIDTH, width)
        doubt = MEDIANS_ERROR * width / sqrt(len(logs) + weight)
        return Factor((1 - share) * self.middle + share * mid, width, doubt)

    def mean(self, seconds: float) -> float:
        """How long it lasts on average."""
        return seconds * exp(self.middle + self.width**2 / 2)

    def deviation(self, seconds: float) -> float:
        """How far it strays from that."""
        return self.mean(seconds) * sqrt(exp(self.width**2) - 1)


@dataclass(frozen=True, slots=True)
class Duration:
    """What one drive or stay was planned to last and did, in seconds."""

    team: str
    kind: str
    planned: int
    actual: int

    @property
    def ratio(self) -> float:
        """Real to planned, within a tenth and ten: beyond that somebody forgot to tap."""
        return min(10.0, max(0.1, self.actual / max(60, self.planned)))


@dataclass(frozen=True, slots=True)
class Spread:
    """How a team's drives and stays stray."""

    drive: Factor = field(default_factory=Factor)
    dwell: Factor = field(default_factory=lambda: Factor(width=PRIOR_DWELL))


@dataclass(frozen=True, slots=True)
class Spreads:
    """Those of a city's teams."""

    city: Spread = field(default_factory=Spread)
    teams: Mapping[str, Spread] = field(default_factory=dict)

    def of(self, team: str) -> Spread:
        """A team's, or its city's while nothing is known of it."""
        return self.teams.get(team, self.city)


def learn(durations: Iterable[Duration]) -> Spreads:
    """What the night has taught so far."""
    known = list(durations)
    usual = Spread()
    city = Spread(
        usual.drive.towards(_ratios(known, "drive"), CITY_WEIGHT),
        usual.dwell.towards(_ratios(known, "dwell"), CITY_WEIGHT),
    )
    teams: dict[str, list[Duration]] = {}
    for one in known:
        teams.setdefault(one.team, []).append(one)
    own = {
        team: Spread(
            city.drive.towards(_ratios(mine, "drive"), TEAM_WEIGHT),
            city.dwell.towards(_ratios(mine, "dwell"), TEAM_WEIGHT),
        )
        for team, mine in teams.items()
    }
    return Spreads(city, own)


def _ratios(durations: Iterable[Duration], kind: str) -> list[float]:
    return [one.ratio for one in durations if one.kind == kind and one.actual > 0]


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a team is expected, and how far it may stray, in seconds."""

    expected: datetime
    deviation: float

    def window(self, confidence: float) -> tuple[datetime, datetime]:
        """The middle span with that confidence, to whole steps outwards."""
        reach = timedelta(seconds=NORMAL.inv_cdf((1 + confidence) / 2) * self.deviation)
        return _down(self.expected - reach), _up(self.expected + reach)

    def confidence(self, opens: datetime, closes: datetime) -> float:
        """How likely the team arrives within the window."""
        spread = NormalDist(0.0, max(1.0, self.deviation))
        low, high = ((end - self.expected).total_seconds() for end in (opens, closes))
        return spread.cdf(high) - spread.cdf(low)


def arrival(spread: Spread, route: Sequence[Stop], party: str, now: datetime) -> Arrival | None:
    """When a route's team is expected at a party, seen from `now`; None if it is not on it.

    What was waited for a party to begin takes up what comes late before it.
    """
    free, deviation, driven, stayed = now, 0.0, 0.0, 0.0
    for stop in route:
        if stop.leaves_at <= now and stop.party_id != party:
            continue
        drive = max(0.0, (stop.arrives_at - free).total_seconds())
        driven += spread.drive.mean(drive)
        deviation = hypot(deviation, spread.drive.deviation(drive))
        if stop.party_id == party:
            doubts = (driven * spread.drive.doubt, stayed * spread.dwell.doubt)
            whole = hypot(deviation, JITTER, *doubts)
            return Arrival(now + timedelta(seconds=driven + stayed), whole)
        began = max(now, stop.arrives_at)
        dwell = max(0.0, (stop.leaves_at - began).total_seconds())
        stayed += spread.dwell.mean(dwell)
        deviation = hypot(deviation, spread.dwell.deviation(dwell))
        free = stop.leaves_at
    return None


def honest_window(evening: Evening, spreads: Spreads, confidence: float, now: datetime) -> Tell:
    """Windows that hold with the confidence, as far as is known; one that still fits stays."""
    shifts = {team.id: team.shift for team in evening.teams}
    windows = {party.id: party.window for party in evening.parties}

    def tell(
        team: Team,
        route: Sequence[Stop],
        stop: Stop,
        _span: tuple[datetime, datetime],
        before: Told | None,
    ) -> tuple[datetime, datetime]:
        shift, own = shifts[team.id], windows[stop.party_id]
        whole = (max(shift.opens, own.opens), min(shift.closes, own.closes))
        if before and before.opens and before.closes and _holds(before, stop, whole):
            return before.opens, before.closes
        found = arrival(spreads.of(team.id), route, stop.party_id, now)
        if found is None:
            found = Arrival(stop.arrives_at, JITTER)
        first, last = found.window(confidence)
        first = min(max(first, whole[0]), stop.arrives_at)
        last = max(min(last, whole[1]), stop.arrives_at)
        return first, last

    return tell


def _holds(told: Told, stop: Stop, span: tuple[datetime, datetime]) -> bool:
    """Whether what was told stays: within the party's span, with the arrival inside it."""
    if told.opens is None or told.closes is None:
        return False
    inside = span[0] <= told.opens and told.closes <= span[1]
    return inside and told.opens <= stop.arrives_at <= told.closes


_ZERO = datetime(2000, 1, 1, tzinfo=UTC)


def _down(moment: datetime) -> datetime:
    return _ZERO + STEP * ((moment - _ZERO) // STEP)


def _up(moment: datetime) -> datetime:
    return _ZERO - STEP * ((_ZERO - moment) // STEP)
