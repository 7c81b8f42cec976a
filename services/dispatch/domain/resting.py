"""Where on a route a crew takes its breaks, and whether it is back in time. Pure; planners use it.

Breaks fall where the crew is free again as early as can be: into waiting, where there is any.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.dispatch.domain.problem import Break, Crew, Problem, TimedPause, Visit

Label = tuple[int, tuple[int, ...]]
"""When the crew is free, and after how many stops it took each of its breaks so far."""


@dataclass(frozen=True, slots=True)
class Call:
    """A stop: its place, within which seconds it starts, how long it takes."""

    place: int
    opens: int
    latest: int
    service: int

    @classmethod
    def of(cls, visit: Visit) -> "Call":
        """The visit at any time at which it may be made."""
        return cls(visit.place, visit.opens, visit.latest, visit.service)


@dataclass(frozen=True, slots=True)
class Timed:
    """A route with its times: each stop's start, the breaks, and when the crew is done, or back."""

    starts: tuple[int, ...]
    pauses: tuple[TimedPause, ...]
    ends: int


@dataclass(frozen=True, slots=True)
class Course:
    """A route as far as it goes. For each number of breaks taken the earliest time is enough."""

    problem: Problem
    crew: Crew
    place: int
    stops: int
    labels: tuple[Label | None, ...]

    @classmethod
    def begin(cls, problem: Problem, crew: Crew) -> "Course":
        """Before the first stop."""
        labels: list[Label | None] = [(crew.starts, ()), *(None for _ in crew.breaks)]
        return cls(problem, crew, crew.place, 0, _rested(labels, in_order(crew), 0))

    def serve(self, call: Call) -> "Course | None":
        """With one stop more; None where that comes too late."""
        labels = [label and self._served(label, call) for label in self.labels]
        if not any(labels):
            return None
        rested = _rested(labels, in_order(self.crew), self.stops + 1)
        return replace(self, place=call.place, stops=self.stops + 1, labels=rested)

    def rests(self) -> tuple[int, ...] | None:
        """After how many stops each break is taken; None where that keeps the crew too long."""
        last = self.labels[-1]
        if last is None or back_at(self.problem, self.crew, self.place, last[0]) > self.crew.ends:
            return None
        return last[1]

    def _served(self, label: Label, call: Call) -> Label | None:
        free, taken = label
        starts = max(free + self.problem.way(self.place, call.place, free), call.opens)
        return (starts + call.service, taken) if starts <= call.latest else None


def in_order(crew: Crew) -> list[Break]:
    """The crew's breaks in the order in which they are taken."""
    return sorted(crew.breaks, key=lambda pause: (pause.latest, pause.opens))


def back_at(problem: Problem, crew: Crew, place: int, free: int) -> int:
    """When a crew that is free then is where it has to be in the end."""
    return free if crew.end is None else free + problem.way(place, crew.end, free)


def timed(problem: Problem, crew: Crew, calls: Sequence[Call]) -> Timed | None:
    """The route as early as can be; None where some stop, a break or the way back is too late."""
    course: Course | None = Course.begin(problem, crew)
    for call in calls:
        course = course and course.serve(call)
    rests = course.rests() if course else None
    return None if rests is None else _Drive(problem, crew, rests).through(calls)


def late(problem: Problem, crew: Crew, calls: Sequence[Call]) -> Timed:
    """A route that breaks its rules, with the times that it really has."""
    return _Drive(problem, crew, None).through(calls)


def able(problem: Problem, crew: Crew) -> Crew:
    """The crew with those breaks that it can keep; who cannot be back in time makes no visits."""
    own = tuple(
        pause
        for pause in in_order(crew)
        if (starts := max(crew.starts, pause.opens)) <= pause.latest
        and starts + pause.seconds <= crew.ends
    )
    for breaks in (own, ()):
        kept = replace(crew, breaks=breaks)
        if Course.begin(problem, kept).rests() is not None:
            return kept
    return replace(crew, breaks=(), end=None, ends=crew.starts)


def _rested(
    labels: list[Label | None], due: Sequence[Break], stops: int
) -> tuple[Label | None, ...]:
    for taken, pause in enumerate(due):
        label, other = labels[taken], labels[taken + 1]
        if label is None or max(label[0], pause.opens) > pause.latest:
            continue
        free = max(label[0], pause.opens) + pause.seconds
        if other is None or free <= other[0]:  # As late as costs nothing.
            labels[taken + 1] = (free, (*label[1], stops))
    return tuple(labels)


class _Drive:
    """A drive under way. Without `rests` breaks are taken as late as their windows allow."""

    def __init__(self, problem: Problem, crew: Crew, rests: Sequence[int] | None) -> None:
        self._problem = problem
        self._crew = crew
        self._rests = None if rests is None else list(rests)
        self._due = in_order(crew)
        self._place, self._free = crew.place, crew.starts
        self._starts: list[int] = []
        self._pauses: list[TimedPause] = []

    def through(self, calls: Sequence[Call]) -> Timed:
        for call in calls:
            while self._due and self._is_time(call):
                self._pause()
            self._starts.append(self._reached(call))
            self._place, self._free = call.place, self._starts[-1] + call.service
        while self._due:
            self._pause()
        ends = back_at(self._problem, self._crew, self._place, self._free)
        return Timed(tuple(self._starts), tuple(self._pauses), ends)

    def _reached(self, call: Call) -> int:
        way = self._problem.way(self._place, call.place, self._free)
        return max(self._free + way, call.opens)

    def _is_time(self, call: Call) -> bool:
        if self._rests is not None:
            return self._rests[len(self._pauses)] <= len(self._starts)
        return self._reached(call) + call.service > self._due[0].latest

    def _pause(self) -> None:
        pause = self._due.pop(0)
        starts = max(self._free, pause.opens)
        self._free = starts + pause.seconds
        self._pauses.append(TimedPause(len(self._starts), starts, self._free))
