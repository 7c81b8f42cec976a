"""Promises: windows told to hosts, with the confidence stated and what became of them. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class PromiseState(StrEnum):
    """What has become of a promise."""

    OPEN = "open"
    KEPT = "kept"
    CHANGED = "changed"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Promise:
    """That `team` arrives within the window, with this confidence, as told at `told_at`."""

    party: str
    number: int
    team: str
    opens: datetime
    closes: datetime
    arrives_at: datetime
    confidence: float
    told_at: datetime
    state: PromiseState = PromiseState.OPEN
    why: str = ""
    arrived_at: datetime | None = None
    settled_at: datetime | None = None


def met(promise: Promise, arrived_at: datetime, now: datetime) -> Promise:
    """The promise once its team has arrived."""
    minutes = 0.0
    if arrived_at > promise.closes:
        minutes = -(-(arrived_at - promise.closes).total_seconds() // 60)
        why = f"The team arrived {minutes:.0f} min late."
    elif arrived_at < promise.opens:
        minutes = -(-(promise.opens - arrived_at).total_seconds() // 60)
        why = f"The team arrived {minutes:.0f} min early."
    else:
        why = ""
    state = PromiseState.BROKEN if minutes else PromiseState.KEPT
    return replace(promise, state=state, why=why, arrived_at=arrived_at, settled_at=now)


def gone(promise: Promise, state: PromiseState, why: str, now: datetime) -> Promise:
    """The promise once something else was told, or nobody comes."""
    return replace(promise, state=state, why=why, settled_at=now)


def open_again(promise: Promise) -> Promise:
    """The promise once it turns out that its team has not arrived after all."""
    return replace(promise, state=PromiseState.OPEN, why="", arrived_at=None, settled_at=None)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often windows were met, beside how often it was said that they would be.

    Counts promises whose team arrived; those changed or taken back before are counted apart.
    """

    met: int
    missed: int
    changed: int
    taken_back: int
    open: int
    stated: float
    kept: float
    by_confidence: tuple["Share", ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Of the promises with about this confidence, how many there were and how many were kept."""

    stated: float
    count: int
    kept: float


def calibration(promises: list[Promise]) -> Calibration:
    """The share of promises kept, beside what was stated; in steps of a tenth."""
    settled = [p for p in promises if p.arrived_at is not None]
    kept = [p for p in settled if p.state == PromiseState.KEPT]
    steps: dict[float, list[Promise]] = {}
    for promise in settled:
        steps.setdefault(round(promise.confidence, 1), []).append(promise)
    states = [p.state for p in promises if p.arrived_at is None]
    return Calibration(
        met=len(kept),
        missed=len(settled) - len(kept),
        changed=states.count(PromiseState.CHANGED),
        taken_back=states.count(PromiseState.BROKEN),
        open=states.count(PromiseState.OPEN),
        stated=_mean([p.confidence for p in settled]),
        kept=len(kept) / len(settled) if settled else 0.0,
        by_confidence=tuple(
            Share(step, len(own), sum(p.state == PromiseState.KEPT for p in own) / len(own))
            for step, own in sorted(steps.items())
        ),
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
