"""What a whole night weighs on the wire, packed and not. `benchmarks.live` uses it."""

import statistics
import time

import httpx

TIMES = 9
WAYS = ("identity", "gzip", "br", "zstd")


def whole_night(client: httpx.Client, path: str, size: str) -> None:
    """Fetch the night in each way, in turns, and print bytes and milliseconds of each."""
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    weighs: dict[str, int] = {}
    for _ in range(TIMES):
        for way in WAYS:
            began = time.perf_counter()
            weighs[way] = _weight(client, path, way)
            took[way].append(time.perf_counter() - began)
    plain, usual = weighs["identity"], statistics.median(took["identity"])
    for way in WAYS:
        middle = statistics.median(took[way])
        print(
            f"whole night, {size}, {way}: {weighs[way] / 1024:.0f} KiB"
            f" ({weighs[way] / plain:.3f} of plain), {1000 * middle:.1f} ms"
            f" ({1000 * (middle - usual):+.1f} ms)"
        )


def _weight(client: httpx.Client, path: str, way: str) -> int:
    with client.stream("GET", path, headers={"Accept-Encoding": way}) as answer:
        answer.raise_for_status()
        return sum(len(part) for part in answer.iter_raw())
