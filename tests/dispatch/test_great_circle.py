"""Estimated travel times, and what is remembered of them."""

import random
from collections.abc import Callable

import numpy as np
import pytest

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.domain.evening import Place


def places(number: int, seed: int) -> list[Place]:
    rng = random.Random(seed)
    return [Place(34 + rng.random() / 10, -118 + rng.random() / 10) for _ in range(number)]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(lambda first, new: first, id="the same"),
        pytest.param(lambda first, new: [*new[:5], *first[5:]], id="five teams moved"),
        pytest.param(lambda first, new: [*reversed(first[3:]), new[0]], id="another order"),
        pytest.param(lambda first, new: [first[0], *first[:20], first[0]], id="some twice"),
        pytest.param(lambda first, new: [*first[:3], *new], id="mostly new"),
        pytest.param(lambda first, new: [], id="none"),
    ],
)
def test_what_is_remembered_changes_no_answer(
    later: Callable[[list[Place], list[Place]], list[Place]],
) -> None:
    first, new = places(40, 1), places(40, 2)
    travel = GreatCircle()
    before = travel.matrix(first).copy()
    asked = later(first, new)
    assert np.array_equal(travel.matrix(asked), GreatCircle().matrix(asked))
    assert np.array_equal(travel.matrix(first), before)
