"""The commands `policy`, `edit` and `draft`, and `plan --save`, on a real PostgreSQL."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.dispatch.commands.draft import draft
from services.dispatch.commands.edit import edit
from services.dispatch.commands.plan import plan
from services.dispatch.commands.policy import policy
from services.dispatch.domain.evening import Window
from shared.db import Pool
from shared.inbox import Inbox
from tests.dispatch.builders import at, city_fact, make_party, make_team, party_fact, place
from tests.dispatch.hearing import hear
from tests.dispatch.planned import routes

VERBS = {"policy": policy, "edit": edit, "draft": draft, "plan": plan}
CITY = ("--city", "pasadena")
Run = Callable[..., Result]


@pytest.fixture
def run(url: str, inbox: Inbox) -> Run:
    """Runs a verb on Pasadena, which has three parties and time for two."""
    parties = [make_party(p, area="north", place=place(n / 2)) for n, p in enumerate("abc")]
    team = make_team(shift=Window(at(0), at(40)))
    hear(inbox, city_fact(teams=[team]), *map(party_fact, parties))
    settings = {
        "DISPATCH_DATABASE_URL": url,
        "REDIS_URL": "redis://nowhere",
        "SECRET_KEY": "x" * 32,
    }

    def ask(verb: str, *words: str) -> Result:
        return CliRunner().invoke(VERBS[verb], words, env=settings)

    return ask


def test_policies_are_shown_set_and_refused_in_words(run: Run) -> None:
    assert "Settled by nobody yet." in run("policy", "show", *CITY).stdout.replace("\n", " ")
    words = ("equity_points=10", "beats.t1=north", "most_stops.t1=5", "lottery.guaranteed=1")
    result = run("policy", "set", *CITY, *words, "lottery.seed=7")
    assert result.exit_code == 0, result.output
    assert "Team t1 visits north only." in result.stdout
    shown = run("policy", "show", *CITY, "--json").stdout
    assert '"most_stops": {\n    "t1": 5' in shown
    assert "1 party drawn by lot (seed 7)" in run("policy", "show", *CITY).stdout
    run("policy", "set", *CITY, "beats.t1=none", "lottery=none")
    assert '"beats": {}' in run("policy", "show", *CITY, "--json").stdout
    wrong = run("policy", "set", *CITY, "cap=-1", "luck=3")
    assert wrong.exit_code == 1
    assert "cap: A whole number from 0 to 100000." in wrong.stderr
    assert "luck: Unknown field." in wrong.stderr


def test_earlier_visits_are_imported_from_a_sheet(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "history.csv"
    sheet.write_text("address,last_visited\na Street,2025\nB street,2019-08-06\n")
    assert "2 blocks read, 2 of them news." in run("policy", "history", *CITY, str(sheet)).stdout
    result = run("policy", "set", *CITY, "new_or_absent_factor=2")
    assert "2 blocks never visited or not for 3 years count 2 times." in result.stdout
    sheet.write_text("address,last_visited\nx,soon\n")
    assert "Line 2 needs" in run("policy", "history", *CITY, str(sheet)).stderr


def test_edits_are_added_listed_and_withdrawn(run: Run) -> None:
    pinned = run("edit", "pin", *CITY, "C", "--team", "t1", "--from", "18:10", "--reason", "Mayor")
    assert "Team t1 visits c Street (C), not before 6:10 PM." in pinned.stdout
    other = run("edit", "forbid", *CITY, "c")
    assert "This makes void: Team t1 visits c Street (C)" in other.stdout
    assert run("edit", "lock", *CITY, "t1", "b", "a").exit_code == 0
    listed = run("edit", "list", *CITY).stdout
    assert "void      Team t1 visits c Street (C)" in listed
    assert "because: Mayor" in listed
    assert "holds     Team t1 visits b Street (B), then a Street (A)." in listed
    id_ = pinned.stdout.partition("(edit ")[2].partition(")")[0]
    assert run("edit", "withdraw", *CITY, id_).exit_code == 0
    assert "no such edit" in run("edit", "withdraw", *CITY, id_).stderr
    assert "There is no party 'z'." in run("edit", "pin", *CITY, "z").stderr


def test_drafts_are_saved_compared_and_finalized(run: Run, pool: Pool, tmp_path: Path) -> None:
    quick = ("--iterations", "500")
    assert "Saved as draft 'one'." in run("plan", *CITY, *quick, "--save", "one").stdout
    run("edit", "pin", *CITY, "c")
    assert "1 edit added" in run("draft", "list", *CITY).stdout
    refused = run("draft", "finalize", *CITY, "one")
    assert refused.exit_code == 1
    assert "has changed: 1 edit added. Rebase it" in refused.stderr
    run("plan", *CITY, *quick, "--save", "two")
    shown = run("draft", "show", *CITY, "two").stdout
    assert "Not visited:" in shown
    assert "Only Team t1 could come, by dropping" in shown
    side = run("draft", "compare", *CITY, "one", "two").stdout
    assert "c Street (C): not visited -> Team t1" in side
    assert "Published as plan 1." in run("draft", "finalize", *CITY, "two").stdout
    assert "c" in routes(pool)["t1"]
    sheet = tmp_path / "plan.csv"
    sheet.write_text("team,party\nt1,a\nt1,b\n")
    checked = run("draft", "check", *CITY, str(sheet))
    assert checked.exit_code == 1
    assert "c Street (C) has to be visited and is not." in checked.stdout
    assert run("draft", "drop", *CITY, "one").exit_code == 0
    assert run("draft", "rebase", *CITY, "one").exit_code == 1
