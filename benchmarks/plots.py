"""Draws the benchmarks: python -m benchmarks.plots runs the three and fills docs/benchmarks/.

Each JSON Lines file in docs/benchmarks/ becomes an SVG and a Markdown table of the same name. With
--only-draw nothing is run again. The pictures are written by hand: bars need no library.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any
from xml.sax.saxutils import escape

from benchmarks import city, replan, toptw
from benchmarks.toptw_files import ROOT, reference

FOLDER = ROOT / "docs" / "benchmarks"
COLOURS = ("#1b6ca8", "#d1495b", "#edae49", "#66a182", "#8d6a9f", "#7a7a7a")
Row = dict[str, Any]
Bars = dict[str, dict[str, float]]


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for and draw all that lies in the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only-draw", action="store_true")
    parser.add_argument("--engines", nargs="+", default=["ours"])
    options = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not options.only_draw:
        run_all(options.engines)
    for name, (title, unit, summarise, group) in DRAWN.items():
        source = FOLDER / f"{name}.jsonl"
        if source.exists():
            rows = [json.loads(line) for line in source.read_text().splitlines()]
            (FOLDER / f"{name}.md").write_text(f"# {title}\n\n{summarise(rows)}\n")
            (FOLDER / f"{name}.svg").write_text(bar_chart(title, unit, group(rows)))
    return 0


def run_all(engines: Sequence[str]) -> None:
    """Run the three benchmarks and keep their lines."""
    files = sorted(str(path) for path in (reference() / "benchmarks" / "toptw").glob("pr*.txt"))
    budgets = ["--seconds", "0.1", "1", "10"]
    teams = ["--teams", "1", "2", "3", "4"]
    if files:
        _keep("toptw", toptw.main, [*files, *teams, *budgets, "--engines", *engines])
    _keep("city", city.main, ["--engines", *engines])
    _keep("replan", replan.main, [])


def _keep(name: str, run: Callable[[list[str]], int], arguments: list[str]) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        run(arguments)
    lines = [line for line in printed.getvalue().splitlines() if line.startswith("{")]
    (FOLDER / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


def bar_chart(title: str, unit: str, groups: Bars) -> str:
    """Return an SVG with one cluster of bars per group; every bar carries its value."""
    names = list(dict.fromkeys(name for bars in groups.values() for name in bars))
    top = max((value for bars in groups.values() for value in bars.values()), default=1.0) or 1.0
    width, left, height = 90 + 46 * sum(len(bars) + 1 for bars in groups.values()), 50, 260
    shapes, x = [], left
    for group, bars in groups.items():
        start = x
        for name, value in bars.items():
            tall = 200 * value / top
            colour = COLOURS[names.index(name) % len(COLOURS)]
            shapes.append(
                f'<rect x="{x}" y="{height - tall:.1f}" width="40" height="{tall:.1f}" '
                f'fill="{colour}"><title>{escape(name)}: {value:g} {unit}</title></rect>'
                f'<text x="{x + 20}" y="{height - tall - 4:.1f}" text-anchor="middle">'
                f"{value:g}</text>"
            )
            x += 46
        middle = (start + x) / 2
        shapes.append(
            f'<text x="{middle}" y="{height + 16}" text-anchor="middle">{escape(group)}</text>'
        )
        x += 46
    for i, name in enumerate(names):
        y = height + 36 + 16 * i
        colour = COLOURS[i % len(COLOURS)]
        shapes.append(f'<rect x="{left}" y="{y - 9}" width="10" height="10" fill="{colour}"/>')
        shapes.append(f'<text x="{left + 16}" y="{y}">{escape(name)}</text>')
    full = height + 40 + 16 * len(names)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {full}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="11">'
        f'<rect width="100%" height="100%" fill="white"/>'
        f'<text x="{left}" y="20" font-size="14">{escape(title)} ({escape(unit)})</text>'
        f"{''.join(shapes)}</svg>\n"
    )


def _gaps(rows: list[Row]) -> Bars:
    groups: Bars = {}
    for seconds in sorted({row["seconds"] for row in rows}):
        for engine in dict.fromkeys(row["engine"] for row in rows):
            found = [
                row["gap"]
                for row in rows
                if row["seconds"] == seconds and row["engine"] == engine and row["gap"] is not None
            ]
            if found:
                groups.setdefault(f"{seconds:g} s", {})[engine] = round(median(found), 2)
    return groups


def _parties(rows: list[Row]) -> Bars:
    groups: Bars = {}
    for row in rows:
        label = f"{row['engine']} {row['seconds']:g} s" if row["seconds"] else row["engine"]
        groups.setdefault(row["evening"], {})[label] = row["parties"]
    return groups


def _changed(rows: list[Row]) -> Bars:
    groups: Bars = {}
    for evening in dict.fromkeys(row["evening"] for row in rows):
        for budget in sorted({row["budget"] for row in rows}):
            same = [r for r in rows if r["evening"] == evening and r["budget"] == budget]
            label = f"{1000 * budget:g} ms"
            groups.setdefault(evening, {})[label] = round(median(r["quality"] for r in same), 2)
    return groups


DRAWN: dict[str, tuple[str, str, Callable[[list[Row]], str], Callable[[list[Row]], Bars]]] = {
    "toptw": ("Gap to the best known, median", "%", toptw.summary, _gaps),
    "city": ("Parties with at least one visit", "parties", city.summary, _parties),
    "replan": ("Quality of a re-plan, of a full re-solve", "%", replan.summary, _changed),
}

if __name__ == "__main__":
    sys.exit(main())
