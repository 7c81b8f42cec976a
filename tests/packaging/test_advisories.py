"""Advisories stop CI where that was decided, and are shown everywhere else."""

from datetime import date
from typing import Any

import pytest

from local.advisories import DECISIONS, judge, read_decisions

TODAY = date(2026, 11, 26)
FOUND: dict[str, Any] = {
    "dependencies": [
        {"name": "flask", "version": "3.0", "vulns": []},
        {
            "name": "urllib3",
            "version": "1.0",
            "vulns": [{"id": "PYSEC-1", "aliases": ["GHSA-1"], "fix_versions": ["1.1"]}],
        },
    ]
}


@pytest.mark.parametrize(
    ("decided", "words", "fails"),
    [
        ("", "New: please decide", False),
        ("[GHSA-1]\nmend = false\nreason = 'unused'\non = 2026-11-01", "Ignored since", False),
        ("[PYSEC-1]\nmend = true\nreason = 'raise it'\non = 2026-11-01", "To be mended", True),
        (
            "[GHSA-1]\nmend = false\nreason = 'r'\non = 2026-11-01\nuntil = 2026-11-25",
            "looked at again",
            True,
        ),
    ],
)
def test_only_what_was_decided_stops(decided: str, words: str, fails: bool) -> None:
    verdict = judge(FOUND, read_decisions(decided), TODAY)
    assert verdict.fails is fails
    assert words in verdict.sentences[-1]


@pytest.mark.parametrize(
    "report", [{}, {"dependencies": [{"name": "flask", "skip_reason": "not found"}]}]
)
def test_without_the_network_nothing_is_known_and_nothing_stops(report: dict[str, Any]) -> None:
    verdict = judge(report, {}, TODAY)
    assert not verdict.fails
    assert "nothing is known" in verdict.sentences[0]


def test_every_decision_has_a_reason_and_a_day() -> None:
    for decision in read_decisions(DECISIONS.read_text()).values():
        assert decision.reason
        assert decision.on >= date(2026, 1, 1)
