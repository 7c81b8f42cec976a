"""Judges what `pip-audit` found in a lock against what was decided. `.ci/audit` calls it.

Only what was decided to be mended and still is not makes it fail: an advisory that appears
overnight is shown and waits for a decision, and without the network nothing is known.
"""

import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

DECISIONS = Path(__file__).parent.parent / ".ci" / "advisories.toml"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one advisory, why and when; `until` ends the patience with it."""

    mend: bool
    reason: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Sentences for people, and whether CI has to stop."""

    sentences: tuple[str, ...]
    fails: bool


def read_decisions(text: str) -> dict[str, Decision]:
    """The decisions by advisory; raises `KeyError` for one without reason or date."""
    found = tomllib.loads(text)
    return {
        name: Decision(bool(one["mend"]), str(one["reason"]), one["on"], one.get("until"))
        for name, one in found.items()
    }


def judge(report: Mapping[str, Any], decisions: Mapping[str, Decision], today: date) -> Verdict:
    """What the report means; an advisory is known by its id or any alias."""
    packages = report.get("dependencies", [])
    asked = [one for one in packages if "skip_reason" not in one]
    if not asked:
        return Verdict(("No advisory could be asked for: nothing is known of this lock.",), False)
    sentences = [f"{len(asked)} of {len(packages)} packages were asked about."]
    fails = False
    for package in asked:
        for found in package.get("vulns", []):
            names = [found["id"], *found.get("aliases", [])]
            decided = next((decisions[name] for name in names if name in decisions), None)
            sentence, stops = _said(decided, today)
            what = f"{package['name']} {package['version']}: {', '.join(names)}"
            mended = ", ".join(found.get("fix_versions", [])) or "none yet"
            sentences.append(f"{what} (mended in: {mended}). {sentence}")
            fails = fails or stops
    return Verdict(tuple(sentences), fails)


def _said(decided: Decision | None, today: date) -> tuple[str, bool]:
    if decided is None:
        return "New: please decide in .ci/advisories.toml.", False
    if decided.until and decided.until < today:
        return f"Was to be looked at again by {decided.until}: {decided.reason}", True
    if decided.mend:
        return f"To be mended since {decided.on}: {decided.reason}", True
    return f"Ignored since {decided.on}: {decided.reason}", False


def main(arguments: Sequence[str]) -> int:
    """Print the verdict on the reports named; 1 where CI has to stop."""
    decisions = read_decisions(DECISIONS.read_text())
    stops = False
    for name in arguments:
        text = Path(name).read_text().strip()
        verdict = judge(json.loads(text or "{}"), decisions, datetime.now(UTC).date())
        print("\n".join(verdict.sentences))
        stops = stops or verdict.fails
    return int(stops)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
