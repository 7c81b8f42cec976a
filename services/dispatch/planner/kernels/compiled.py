"""How kernels are compiled: nopython, without the interpreter lock, cached on disk.

Numba notices a change of the file that holds a kernel, but not of the files whose helpers it
calls. So the cache folder carries a digest of all kernel sources: stale code cannot be loaded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


def cache_folder() -> Path:
    """Return where compiled kernels are kept: beside the sources, else in the user's cache."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for source in sorted(here.glob("*.py")):
        digest.update(source.read_bytes())
    name = f"numba-{digest.hexdigest()[:16]}"
    beside = here / "__pycache__"
    if os.access(beside if beside.exists() else here, os.W_OK):
        return beside / name
    # Never a shared temporary folder: what is loaded from here is run.
    own = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(own) / "porchlight" / name


_config: Any = numba.config
if not _config.CACHE_DIR:
    _config.CACHE_DIR = str(cache_folder())


# Reference counts are off (_nrt): they are atomic, and cost five sixths of the speed. So no kernel
# may allocate, and none does.
_njit: Any = numba.njit
_COMMON: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def kernel(function: F) -> F:
    """Compile a function that Python calls."""
    return cast(F, _njit(cache=True, **_COMMON)(function))


def helper(function: F) -> F:
    """Compile a function that only kernels call, always inlined: passing arrays is not free."""
    return cast(F, _njit(forceinline=True, no_cpython_wrapper=True, **_COMMON)(function))


def subroutine(function: F) -> F:
    """Compile a function that only kernels call, too rare to be worth inlining."""
    return cast(F, _njit(no_cpython_wrapper=True, **_COMMON)(function))


@helper
def draw(rng: Any) -> float:
    """Return the next uniform number in [0, 1) and advance the state (xorshift64, Marsaglia)."""
    x = rng[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    rng[0] = x
    return float(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@helper
def pick(rng: Any, below: int) -> int:
    """Return a uniform whole number in [0, below)."""
    return int(draw(rng) * below)
