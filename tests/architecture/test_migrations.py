"""Each service's database has one line of migrations: one beginning, one end, no fork."""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from tests.architecture.source import ROOT

SERVICES = ("registration", "dispatch", "notify")


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_are_one_line(service: str) -> None:
    scripts = ScriptDirectory(str(ROOT / "services" / service / "migrations"))
    assert len(scripts.get_bases()) == 1
    assert len(scripts.get_heads()) == 1
    revisions = list(scripts.walk_revisions())[::-1]
    files = list(ROOT.glob(f"services/{service}/migrations/versions/[0-9]*.py"))
    assert len(revisions) == len(files)
    assert not any(revision.is_merge_point for revision in revisions)
    numbers = [int(Path(revision.path).name.partition("_")[0]) for revision in revisions]
    assert numbers == sorted(set(numbers)), "numbers follow the order of the line"
