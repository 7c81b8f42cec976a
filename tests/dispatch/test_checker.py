"""The checker finds what no plan may do."""

from collections.abc import Sequence

import numpy as np
import pytest

from services.dispatch.domain.checker import check
from services.dispatch.domain.problem import Crew, Draft, Problem, TimedStop, Visit

# One crew at place 0, two parties at places 1 and 2, everything 100 s apart.
VISITS = tuple(
    Visit(party, row, 0, 1000, 60, frozenset({"t"})) for row, party in ((1, "a"), (2, "b"))
)
SECONDS = np.full((3, 3), 100, dtype=np.int32)
PROBLEM = Problem(VISITS, (Crew("t", 0, 0, 1200),), SECONDS)


def broken(stops: Sequence[TimedStop], left: tuple[str, ...] = (), team: str = "t") -> list[str]:
    return check(PROBLEM, Draft({team: tuple(stops)}, left))


def test_a_good_plan_passes() -> None:
    assert broken([TimedStop("a", 100, 160), TimedStop("b", 260, 320)]) == []
    assert broken([], ("a", "b")) == []


@pytest.mark.parametrize(
    ("stops", "left", "words"),
    [
        ([TimedStop("a", 100, 160)], (), "forgotten"),
        ([TimedStop("a", 100, 160)], ("a", "b"), "2 times"),
        ([TimedStop("z", 100, 160)], ("a", "b"), "not asked for"),
        ([TimedStop("a", 99, 160)], ("b",), "cannot be at"),
        ([TimedStop("a", 100, 160), TimedStop("b", 259, 320)], (), "cannot be at"),
        ([TimedStop("a", 1001, 1100)], ("b",), "outside its window"),
        ([TimedStop("a", 100, 159)], ("b",), "too early"),
        ([TimedStop("a", 1000, 1300)], ("b",), "shift ends"),
    ],
)
def test_a_broken_rule_is_named(stops: list[TimedStop], left: tuple[str, ...], words: str) -> None:
    assert any(words in sentence for sentence in broken(stops, left))


def test_an_unknown_team_is_named() -> None:
    assert broken([], ("a", "b"), "x") == ["team x is not on duty"]


def test_a_team_of_the_wrong_kind_is_named() -> None:
    problem = Problem(VISITS, (Crew("u", 0, 0, 1200),), SECONDS)
    draft = Draft({"u": (TimedStop("a", 100, 160),)}, ("b",))
    assert check(problem, draft) == ["u is not a team for party a"]
