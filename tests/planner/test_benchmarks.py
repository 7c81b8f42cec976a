"""The benchmarks run from end to end, and the published files are read as published."""

import json

import pytest

from benchmarks import toptw
from benchmarks.evenings import generated, with_bonus
from benchmarks.manual import MANUAL
from benchmarks.plots import bar_chart
from benchmarks.toptw_files import read_instance, reference
from services.dispatch.planner import Iterations, check, solve
from services.dispatch.planner.handmade import plan_of

FILES = reference() / "benchmarks" / "toptw"
needs_files = pytest.mark.skipif(
    not FILES.exists(), reason=f"published instances are not at {FILES} (PORCHLIGHT_REFERENCE)"
)

TINY = """1 1 2 1
0 0
0 0.0 0.0 0 0 0 0 0 100
1 3.5 4.0 2 10 1 1 1 0 50
2 90.0 0.0 2 99 1 1 1 0 50
"""


def test_a_published_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "tiny.txt"
    path.write_text(TINY)
    problem = read_instance(path, teams=2)
    assert [party.id for party in problem.parties] == ["p1", "p2"]
    assert problem.travel.between(0, 1) == 531
    assert solve(problem, Iterations(64)).score.prize == 10


def test_a_run_prints_its_line_and_a_table(tmp_path, capsys):
    path = tmp_path / "tiny.txt"
    path.write_text(TINY)
    (tmp_path / "best_known.csv").write_text("instance,teams,best_known\ntiny,1,10\n")
    assert toptw.main([str(path), "--seconds", "0.01", "--engines", "ours", "greedy"]) == 0
    first, *_, table = capsys.readouterr().out.strip().split("\n")
    row = json.loads(first)
    assert (row["instance"], row["score"], row["gap"], row["valid"]) == ("tiny", 10, 0, True)
    assert "greedy" in table


@needs_files
@pytest.mark.parametrize(("name", "best"), [("pr01", 308), ("c101", 320), ("r101", 198)])
def test_published_optima_are_found(name, best):
    problem = read_instance(FILES / f"{name}.txt", teams=1)
    plan = solve(problem, Iterations(30_000), seed=1)
    assert check(problem, plan) == []
    assert plan.score.prize == best


@pytest.mark.parametrize("rule", MANUAL)
def test_hand_rules_make_valid_plans(rule):
    evening = generated(60, 12, seed=1)
    plan = MANUAL[rule](evening)
    assert check(evening.problem, plan) == []
    assert plan.visits_made > 30


def test_a_bonus_visits_more_parties():
    evening = generated(60, 4, seed=1)
    plain = solve(evening.problem, Iterations(3000), 1)
    fair = solve(with_bonus(evening, 20.0).problem, Iterations(3000), 1)
    assert len(fair.parties_visited) >= len(plain.parties_visited)


@pytest.mark.parametrize("name", ["pyvrp", "vroom", "ortools"])
def test_other_engines_answer_the_same_question(name):
    pytest.importorskip({"pyvrp": "pyvrp", "vroom": "vroom", "ortools": "ortools"}[name])
    from benchmarks.engines import run

    problem = generated(20, 3, seed=1).problem
    plan = run(name, problem, 0.3, seed=1)
    assert check(problem, plan) == []
    assert plan.visits_made > 0


def test_a_chart_shows_every_value():
    chart = bar_chart("Gaps", "%", {"1 s": {"ours": 0.6, "other <one>": 4.0}})
    assert chart.startswith("<svg")
    assert "0.6" in chart
    assert "other &lt;one&gt;" in chart


def test_an_empty_hand_plan_is_valid():
    problem = generated(20, 3, seed=1).problem
    assert check(problem, plan_of(problem, {})) == []
