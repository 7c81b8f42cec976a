"""The test command's workers: how many, and what each of them is given."""

from dataclasses import dataclass

import pytest

from local.checks import in_parallel
from tests.sharing_out import WholeFiles, longest_first


@dataclass(frozen=True)
class Item:
    nodeid: str
    fixturenames: tuple[str, ...] = ()


@pytest.mark.parametrize(("cores", "workers"), [(None, "3"), (1, "3"), (2, "3"), (8, "9")])
def test_there_is_one_worker_more_than_cores(cores: int | None, workers: str) -> None:
    assert in_parallel(cores)[:2] == ("-n", workers)


def test_files_that_share_an_installation_go_to_one_worker() -> None:
    split = WholeFiles._split_scope
    scopes = [
        split(object.__new__(WholeFiles), f"{file}::test_one")
        for file in ("tests/e2e/test_a.py", "tests/faults/test_b.py", "tests/notify/test_c.py")
    ]
    assert scopes == ["one installation", "one installation", "tests/notify/test_c.py"]


def test_files_that_last_longest_come_first_and_stay_whole() -> None:
    items = [
        Item("a.py::test_1"),
        Item("b.py::test_1", ("servers", "database")),
        Item("c.py::test_1"),
        Item("c.py::test_2", ("night", "servers")),
        Item("d.py::test_1", ("browser",)),
    ]
    found = [item.nodeid for item in longest_first(items)]
    assert found == ["c.py::test_1", "c.py::test_2", "d.py::test_1", "b.py::test_1", "a.py::test_1"]
