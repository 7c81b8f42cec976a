"""The shell wrapper and the first installation, with a tiny lock and a stand-in for uv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.settings import ROOT

UV = '#!/bin/sh\necho "uv $*" >> "{notes}"\nexit {code}\n'
LOCAL = 'import os, sys\nprint("verb", *sys.argv[1:])\nprint("in", os.getcwd())\n'


class Clone:
    """A checkout with the wrapper, the installer, tiny locks and a command line that echoes."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone with a space"
        self.notes = folder / "notes"
        self.bin = folder / "bin"
        (self.root / "local").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / "porchlight", self.root)
        for name in ("install.py", "installer.lock"):
            shutil.copy(ROOT / "local" / name, self.root / "local")
        (self.root / "local" / "__main__.py").write_text(LOCAL)
        self.write_locks("1")
        (self.bin / "python3").symlink_to(sys.executable)

    def write_locks(self, version: str) -> None:
        (self.root / "requirements.lock").write_text(f"one=={version} \\\n")
        (self.root / "requirements-dev.lock").write_text(f"one=={version} \\\ntwo==2 \\\n")

    def use_uv(self, code: int = 0) -> None:
        uv = self.bin / "uv"
        uv.write_text(UV.format(notes=self.notes, code=code))
        uv.chmod(0o755)

    def start(self, *words: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.root / "porchlight"), *words],
            env={"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.root)},
            cwd=cwd or self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, cwd: Path | None = None) -> tuple[int | None, str, str]:
        process = self.start(*words, cwd=cwd)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def installed(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    clone = Clone(tmp_path)
    clone.use_uv()
    return clone


def test_the_first_start_installs_with_one_calm_line_and_the_second_nothing(clone: Clone) -> None:
    code, out, err = clone.run("up", "--quiet")
    assert (code, out.splitlines()[0]) == (0, "verb up --quiet")
    assert len(err.splitlines()) == 1
    assert len(clone.installed()) == 1
    assert "--require-hashes" in clone.installed()[0]
    code, out, err = clone.run("up")
    assert (code, err) == (0, "")
    assert len(clone.installed()) == 1


def test_a_changed_lock_is_installed(clone: Clone) -> None:
    clone.run()
    clone.write_locks("2")
    clone.run()
    assert len(clone.installed()) == 2


def test_test_installs_the_larger_lock_which_holds_the_smaller_one(clone: Clone) -> None:
    clone.run("test")
    clone.run("up")
    assert len(clone.installed()) == 1
    assert clone.installed()[0].endswith("requirements-dev.lock")


def test_two_first_starts_at_once_install_once(clone: Clone) -> None:
    both = [clone.start("status") for _ in range(2)]
    for process in both:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert "verb status" in out
    assert len(clone.installed()) == 1


def test_the_users_own_folder_stays_the_current_one(clone: Clone, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "local.py").write_text("raise SystemExit('the wrong module')")
    code, out, _ = clone.run("import", "a file.csv", cwd=elsewhere)
    assert code == 0
    assert out.splitlines() == ["verb import a file.csv", f"in {elsewhere}"]


def test_the_wrapper_works_through_a_link(clone: Clone, tmp_path: Path) -> None:
    link = tmp_path / "bin" / "porchlight"
    link.symlink_to(clone.root / "porchlight")
    done = subprocess.run(
        [str(link), "status"],
        env={"PATH": f"{clone.bin}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "verb status" in done.stdout


def test_a_failing_installation_ends_with_a_sentence_and_is_tried_again(clone: Clone) -> None:
    clone.use_uv(code=1)
    (clone.root / "requirements.lock").write_text("no such requirement\n")
    code, _, err = clone.run("up")
    assert code == 2
    assert "Installing failed" in err.splitlines()[-1]
    clone.use_uv()
    assert clone.run("up")[0] == 0


def test_without_python_a_sentence_says_so(clone: Clone, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "readlink", "cmp"):
        (tools / name).symlink_to(shutil.which(name) or os.devnull)
    done = subprocess.run(
        ["/bin/sh", str(clone.root / "porchlight"), "up"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr
