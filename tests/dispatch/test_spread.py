"""Windows say honestly how likely they hold: shown on simulated evenings, and learned from taps."""

import random
from datetime import timedelta
from math import exp

import pytest

from services.dispatch.domain.evening import Stop
from services.dispatch.domain.promise import Promise, PromiseState, calibration, met
from services.dispatch.domain.spread import (
    PRIOR_DRIVE,
    PRIOR_DWELL,
    Duration,
    Spreads,
    arrival,
    honest_window,
    learn,
)
from tests.dispatch.builders import at, make_evening, make_party, make_team, place

NIGHTS = 1500


def route() -> list[Stop]:
    """Six stops, 10 minutes apart, 15 minutes each."""
    return [
        Stop(f"p{n}", f"P{n}", "", "", place(n), (), at(10 + 25 * n), at(25 + 25 * n))
        for n in range(6)
    ]


def real_arrival(rng: random.Random, stop: int, drive: float, dwell: float) -> float:
    """Minutes at which a team truly arrives, on one simulated evening."""
    now = 0.0
    for number in range(stop + 1):
        now += 10 * exp(rng.gauss(drive, PRIOR_DRIVE)) + rng.gauss(0, 1) * (number == stop)
        now += 15 * exp(rng.gauss(dwell, PRIOR_DWELL)) * (number < stop)
    return now


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("stop", [0, 2, 5])
def test_the_confidence_stated_is_the_share_that_holds(confidence: float, stop: int) -> None:
    rng = random.Random(20260804)
    found = arrival(Spreads().of("t1"), route(), f"p{stop}", at(0))
    assert found is not None
    reach = (timedelta(seconds=found.deviation)) * {0.5: 0.674, 0.8: 1.282, 0.95: 1.96}[confidence]
    opens, closes = found.expected - reach, found.expected + reach
    times = [at(real_arrival(rng, stop, 0, 0)) for _ in range(NIGHTS)]
    kept = sum(opens <= time <= closes for time in times) / NIGHTS
    assert found.confidence(opens, closes) == pytest.approx(confidence, abs=0.01)
    assert kept == pytest.approx(confidence, abs=0.05)


def test_windows_as_told_hold_at_least_as_often_as_stated() -> None:
    """Whole steps of five minutes, rounded outwards, are stated as what they are."""
    rng = random.Random(7)
    parties = [make_party(f"p{n}", place=place(n)) for n in range(6)]
    evening = make_evening(parties)
    tell = honest_window(evening, Spreads(), 0.8, at(0))
    promises = []
    for stop in route():
        opens, closes = tell(make_team(), route(), stop, (at(0), at(240)), None)
        found = arrival(Spreads().of("t1"), route(), stop.party_id, at(0))
        assert found is not None
        stated = found.confidence(opens, closes)
        assert stated >= 0.78
        promises.append(
            Promise(stop.party_id, 1, "t1", opens, closes, stop.arrives_at, stated, at(0))
        )
    told = [
        met(promise, at(real_arrival(rng, number, 0, 0)), at(240))
        for _ in range(300)
        for number, promise in enumerate(promises)
    ]
    found_out = calibration(told)
    assert found_out.kept == pytest.approx(found_out.stated, abs=0.03)
    assert found_out.stated >= 0.8


def test_a_slow_night_is_learned_and_its_windows_hold_again() -> None:
    rng = random.Random(11)
    slow = 0.35
    before, after = (
        Spreads(),
        learn(
            Duration(f"t{n % 8}", "drive", 600, round(600 * exp(rng.gauss(slow, PRIOR_DRIVE))))
            for n in range(80)
        ),
    )
    assert after.city.drive.middle == pytest.approx(slow, abs=0.12)
    shares = []
    for spreads in (before, after):
        kept = 0
        for team in range(8):
            found = arrival(spreads.of(f"t{team}"), route(), "p4", at(0))
            assert found is not None
            opens, closes = found.window(0.8)
            times = [at(real_arrival(rng, 4, slow, 0)) for _ in range(NIGHTS // 4)]
            kept += sum(opens <= time <= closes for time in times)
        shares.append(kept / (NIGHTS // 4 * 8))
    assert shares[0] < 0.7
    assert shares[1] > 0.77


def test_one_odd_drive_changes_little() -> None:
    usual = learn([Duration("t1", "drive", 600, 600)] * 10)
    odd = learn([*[Duration("t1", "drive", 600, 600)] * 10, Duration("t1", "drive", 600, 36_000)])
    assert odd.of("t1").drive.middle == pytest.approx(usual.of("t1").drive.middle, abs=0.05)


def test_what_was_told_stays_while_the_arrival_falls_into_it() -> None:
    promise = Promise("p1", 1, "t1", at(0), at(30), at(10), 0.9, at(0))
    assert met(promise, at(30), at(30)).state == PromiseState.KEPT
    late = met(promise, at(31), at(31))
    assert (late.state, late.why) == (PromiseState.BROKEN, "The team arrived 1 min late.")
