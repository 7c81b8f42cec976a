"""A planner's endpoints: policies, edits, drafts, checks and the forecast, over real HTTP."""

from typing import Any

import httpx
import pytest

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.search import check_twice
from services.dispatch.domain.evening import Window
from services.dispatch.planner import Iterations
from services.dispatch.preparing.making import Maker, make_waiting
from shared.clock import SystemClock
from shared.db import Pool
from shared.inbox import Inbox
from tests.dispatch.builders import at, city_fact, make_party, make_team, party_fact, place
from tests.dispatch.hearing import hear

HERE = "/api/v1/cities/pasadena"


@pytest.fixture(autouse=True)
def town(inbox: Inbox, client: httpx.Client) -> None:
    """Three parties, and time for two; requests without a body are a program's, too."""
    client.headers["Content-Type"] = "application/json"
    parties = [make_party(p, area="north", place=place(n / 2)) for n, p in enumerate("abc")]
    team = make_team(shift=Window(at(0), at(40)))
    hear(inbox, city_fact(teams=[team]), *map(party_fact, parties))


def make(pool: Pool) -> None:
    make_waiting(
        Maker(pool, SystemClock(), GreatCircle(), check_twice, Iterations(300)), "pasadena"
    )


def faults(answer: httpx.Response, status: int = 422) -> Any:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json().get("errors") or answer.json().get("changed") or answer.json()["detail"]


def test_policies_are_read_and_written_whole(client: httpx.Client) -> None:
    first = client.get(f"{HERE}/policies").json()
    assert (first["version"], first["policies"]["stability"]) == (0, "fixed")
    body = {"seen": 0, "policies": {"equity_points": 8, "lottery": {"guaranteed": 1, "seed": 7}}}
    second = client.put(f"{HERE}/policies", json=body).json()
    assert second["policies"]["equity_points"] == 8
    assert second["policies"]["lottery"]["drawn_at"]
    assert "lottery" in [effect["policy"] for effect in second["effects"]]
    assert second["changed_by"] == "Kim Lee"
    conflict = client.put(f"{HERE}/policies", json=body)
    assert "by Kim Lee" in faults(conflict, 409)[0]
    again = {"seen": second["version"], "policies": second["policies"]}
    third = client.put(f"{HERE}/policies", json=again).json()
    assert third["policies"] == second["policies"]
    fourth = client.put(f"{HERE}/policies", json={"policies": {}}).json()
    assert fourth["policies"] == first["policies"]


def test_what_is_wrong_is_said_field_by_field(client: httpx.Client) -> None:
    wrong = {"policies": {"cap": "many", "beats": {"t9": []}}}
    assert "cap" in faults(client.put(f"{HERE}/policies", json=wrong))
    assert faults(client.put(f"{HERE}/policies", json={})) == {
        "policies": ["Please give the policies."]
    }
    assert "party" in faults(client.post(f"{HERE}/edits", json={"kind": "pin"}))
    assert "seen" in faults(client.post(f"{HERE}/edits", json={"kind": "pin", "seen": "x"}))
    assert "name" in faults(client.post(f"{HERE}/drafts", json={}))
    assert set(faults(client.get(f"{HERE}/drafts/compare"))) == {"a", "b"}
    assert "routes" in faults(client.post(f"{HERE}/plans/check", json={}))
    faults(
        client.post(f"{HERE}/edits", content="[]", headers={"Content-Type": "application/json"}),
        400,
    )
    faults(client.put(f"{HERE}/policies", json={"policies": {"luck": 1}}))


def test_unknown_cities_edits_and_drafts_are_not_found(client: httpx.Client) -> None:
    nowhere = "/api/v1/cities/nowhere"
    for path in ("policies", "edits", "drafts", "drafts/x", "forecast", "drafts/compare?a=x&b=y"):
        assert "nowhere" in faults(client.get(f"{nowhere}/{path}"), 404)
    for path in ("edits", "drafts", "forecast", "plans/check", "drafts/x/finalize"):
        body = {"kind": "pin", "party": "a"} if path == "edits" else {"name": "x", "routes": {}}
        if path == "drafts":
            body = {"name": "x"}
        assert client.post(f"{nowhere}/{path}", json=body).status_code == 404
    faults(client.delete(f"{HERE}/edits/none"), 404)
    faults(client.delete(f"{HERE}/drafts/none"), 404)
    faults(client.post(f"{HERE}/drafts/none/finalize"), 404)


def test_edits_are_added_listed_and_withdrawn(client: httpx.Client) -> None:
    seen = client.get(f"{HERE}/edits").json()["version"]
    body = {"kind": "pin", "party": "C", "team": "t1", "seen": seen, "reason": "Mayor"}
    added = client.post(f"{HERE}/edits", json=body)
    assert added.status_code == 201
    assert added.json()["edit"]["words"] == "Team t1 visits c Street (C)."
    late = client.post(f"{HERE}/edits", json={"kind": "forbid", "party": "c", "seen": seen})
    assert faults(late, 409) == ["Kim Lee: Team t1 visits c Street (C)."]
    listed = client.get(f"{HERE}/edits").json()
    assert [(e["status"], e["reason"]) for e in listed["edits"]] == [("holds", "Mayor")]
    key = listed["edits"][0]["id"]
    faults(client.delete(f"{HERE}/edits/{key}", params={"seen": seen}), 409)
    assert client.delete(f"{HERE}/edits/{key}", params={"seen": listed["version"]}).json()
    listed = client.get(f"{HERE}/edits").json()
    assert (listed["edits"], [e["status"] for e in listed["withdrawn"]]) == ([], ["withdrawn"])


def test_drafts_are_asked_for_watched_compared_and_finalized(
    client: httpx.Client, pool: Pool
) -> None:
    asked = client.post(f"{HERE}/drafts", json={"name": "as is", "iterations": 300})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    faults(client.post(f"{HERE}/drafts/as is/finalize"), 404)
    fair = {"name": "b", "iterations": 300, "policies": {"new_or_absent_factor": 2}}
    client.post(f"{HERE}/drafts", json=fair)
    make(pool)
    shown = client.get(asked.headers["Location"]).json()
    assert (shown["state"], shown["figures"]["visited"]) == ("ready", 2)
    assert shown["not_visited"][0]["ways"].startswith("Only Team t1 could come")
    side = client.get(f"{HERE}/drafts/compare", params={"a": "as is", "b": "b"}).json()
    assert side["rows"][0]["label"] == "Parties visited"
    assert client.get(f"{HERE}/drafts").json()["drafts"][0]["name"] == "b"
    assert client.post(f"{HERE}/drafts/b/finalize").json() == {"plan_version": 1}
    assert client.get(f"{HERE}/policies").json()["policies"]["new_or_absent_factor"] == 2
    (plan,) = client.get(f"{HERE}/plans").json()["plans"]
    assert (plan["name"], plan["by"], plan["visited"]) == ("b", "Kim Lee", 2)
    assert "new_or_absent_factor" in [effect["policy"] for effect in plan["made_under"]]
    outdated = faults(client.post(f"{HERE}/drafts/as is/finalize"), 409)
    assert outdated == ["the policies changed"]
    assert client.post(f"{HERE}/drafts/as is/rebase").status_code == 202
    assert client.delete(f"{HERE}/drafts/as is").status_code == 204


def test_a_plan_by_hand_is_checked_and_the_forecast_told(client: httpx.Client, pool: Pool) -> None:
    verdict = client.post(f"{HERE}/plans/check", json={"routes": {"t1": ["a", "b", "c"]}}).json()
    assert not verdict["valid"]
    assert "past the end of its shift" in verdict["faults"][-1]["words"]
    assert client.get(f"{HERE}/forecast").json()["state"] == "none"
    assert client.post(f"{HERE}/forecast").status_code == 202
    make(pool)
    found = client.get(f"{HERE}/forecast").json()
    assert found["words"] == "With this team you can promise 2 visits; one more team adds 1."
    assert found["now"]["visits"] == 2
