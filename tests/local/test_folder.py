"""The data folder: its version, its lock, its disk."""

from pathlib import Path

import pytest

from local import folder
from local.problems import Problem


def test_a_new_folder_is_private_and_carries_the_version(tmp_path: Path) -> None:
    place = folder.prepare(tmp_path / "data")
    assert place.version.read_text() == "1\n"
    assert place.path.stat().st_mode & 0o077 == 0


def test_a_folder_from_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "version").write_text("2\n")
    with pytest.raises(Problem, match=r"newer Porchlight.*--data"):
        folder.prepare(tmp_path)
    assert (tmp_path / "version").read_text() == "2\n"


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "version").write_text("release nine")
    with pytest.raises(Problem, match="really a data folder"):
        folder.prepare(tmp_path)


def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="make room"):
        folder.prepare(tmp_path, space_needed=10**18)


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="cannot be written"):
        folder.prepare(tmp_path / "file" / "data")


def test_a_folder_in_use_is_refused_and_free_again_afterwards(tmp_path: Path) -> None:
    place = folder.prepare(tmp_path)
    held = folder.take_lock(place)
    assert folder.is_locked(place)
    with pytest.raises(Problem, match="already runs"):
        folder.take_lock(place)
    held.release()
    assert not folder.is_locked(place)
