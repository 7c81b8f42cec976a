"""How a run on several workers shares files out; `conftest.py` hands it to pytest-xdist."""

from collections.abc import Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

ONE_INSTALLATION = ("tests/e2e/", "tests/faults/")
"""Their tests share a whole installation, so that one worker starts it for all of them."""
LONGEST_FIRST = ("night", "browser", "servers")
"""What makes a test last; a long file that came last would leave the other workers idle."""


class WholeFiles(LoadFileScheduling):
    """A file stays with one worker; so do all that share an installation."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ONE_INSTALLATION):
            return "one installation"
        scope: str = super()._split_scope(nodeid)
        return scope


def longest_first(items: Sequence[Any]) -> list[Any]:
    """The tests, file by file, what lasts longest first."""
    ranks: dict[str, int] = {}
    for item in items:
        file = item.nodeid.partition("::")[0]
        ranks[file] = min(_rank(item), ranks.get(file, len(LONGEST_FIRST)))
    return sorted(items, key=lambda item: ranks[item.nodeid.partition("::")[0]])


def _rank(item: pytest.Item) -> int:
    uses: Sequence[str] = getattr(item, "fixturenames", ())
    return next((n for n, name in enumerate(LONGEST_FIRST) if name in uses), len(LONGEST_FIRST))
