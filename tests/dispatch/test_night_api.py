"""The live night over HTTP, on a real PostgreSQL."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.ids import new_id

NIGHT = "/api/v1/cities/pasadena/night"
ACTIONS = "/api/v1/cities/pasadena/actions"


@pytest.fixture
def act(client: httpx.Client) -> Callable[..., httpx.Response]:
    """Does something in Pasadena's night."""

    def do(kind: str, **over: Any) -> httpx.Response:
        return client.post(ACTIONS, json={"id": new_id(), "kind": kind, **over})

    return do


def team(client: httpx.Client) -> Any:
    return client.get(NIGHT).json()["teams"][0]


def states(client: httpx.Client) -> dict[str, str]:
    return {stop["party_id"]: stop["state"] for stop in team(client)["stops"]}


def test_an_evening_is_tapped_through(
    client: httpx.Client, pasadena: Callable[..., None], act: Callable[..., httpx.Response]
) -> None:
    pasadena("p1", "p2")
    before = client.get(NIGHT).json()
    assert before["night"]["state"] == "planned"
    assert [t["state"] for t in before["teams"]] == ["off"]
    assert act("arrived", team="t1").status_code == 422
    assert act("open_night").json()["applied"]
    first, second = (stop["party_id"] for stop in team(client)["stops"])
    assert act("en_route", team="t1").status_code == 200
    assert act("arrived", team="t1").status_code == 200
    assert states(client)[first] == "on_scene"
    assert act("left", team="t1").status_code == 200
    assert states(client) == {first: "done", second: "en_route"}
    assert act("to_call", team="t1").status_code == 200
    assert team(client)["state"] == "to_call"
    assert act("back_from_call", team="t1").status_code == 200
    done = act("skip", team="t1", party=second, reason="Nobody was there.")
    assert states(client) == {first: "done", second: "skipped"}
    undone = client.post(f"{ACTIONS}/{done.json()['action']['id']}/undo", json={"id": new_id()})
    assert undone.json()["applied"]
    assert states(client) == {first: "done", second: "en_route"}


def test_an_area_is_called_off_and_that_is_undone(
    client: httpx.Client, pasadena: Callable[..., None], act: Callable[..., httpx.Response]
) -> None:
    pasadena("p1")
    act("open_night")
    wrong = act("call_off_area").json()["errors"]
    assert wrong == {"areas": ["Say which areas."], "reason": ["Say why."]}
    assert act("close_night", areas=["north"]).status_code == 422
    done = act("call_off_area", areas=["north"], reason="A storm.").json()
    assert [change["key"] for change in done["action"]["changes"]] == ["area:north"]
    night = client.get(NIGHT).json()["night"]
    assert (night["state"], night["called_off"][0]["reason"]) == ("open", "A storm.")
    act("hold_night", areas=["south"], reason="A parade.")
    undone = client.post(f"{ACTIONS}/{done['action']['id']}/undo", json={"id": new_id()})
    assert undone.json()["applied"]
    assert client.get(NIGHT).json()["night"]["called_off"] == []
    assert client.get(NIGHT).json()["night"]["held_areas"] == ["south"]


def test_a_broadcast_names_the_teams_that_it_is_for(
    client: httpx.Client, pasadena: Callable[..., None], act: Callable[..., httpx.Response]
) -> None:
    pasadena("p1")
    told = act("broadcast", words="Drive carefully.", teams=["t1"]).json()
    assert told["action"]["details"]["teams"] == ["t1"]
    wrong = act("broadcast", words="Hello?", teams=["t9"]).json()["errors"]
    assert wrong == {"teams": ["There is no such team."]}


def test_an_action_that_comes_twice_is_taken_down_once(
    client: httpx.Client, pasadena: Callable[..., None], act: Callable[..., httpx.Response]
) -> None:
    pasadena("p1")
    body = {"id": new_id(), "kind": "open_night"}
    first = client.post(ACTIONS, json=body).json()
    again = client.post(ACTIONS, json=body).json()
    assert (first["already"], again["already"]) == (False, True)
    assert again["action"]["number"] == first["action"]["number"]


def test_the_loser_of_two_dispatchers_is_shown_what_changed(
    client: httpx.Client, pasadena: Callable[..., None], act: Callable[..., httpx.Response]
) -> None:
    pasadena("p1", "p2")
    act("open_night")
    seen = client.get(NIGHT).json()["version"]
    assert act("to_call", team="t1", seen=seen).status_code == 200
    lost = act("break_start", team="t1", seen=seen)
    assert lost.status_code == 409
    assert [one["kind"] for one in lost.json()["changed"]] == ["to_call"]


def test_what_came_after_a_version_is_all_that_is_told(
    client: httpx.Client, pasadena: Callable[..., None], act: Callable[..., httpx.Response]
) -> None:
    pasadena("p1", "p2")
    act("open_night")
    seen = client.get(NIGHT).json()["version"]
    first = team(client)["stops"][0]["party_id"]
    act("arrived", team="t1", party=first)
    found = client.get(NIGHT, params={"since": seen}).json()
    assert found["delta"] is True
    assert [one["id"] for one in found["parties"]] == [first]
    assert [one["id"] for one in found["teams"]] == ["t1"]
    tag = client.get(NIGHT).headers["ETag"]
    assert client.get(NIGHT, headers={"If-None-Match": tag}).status_code == 304


def test_what_is_wrong_is_said_field_by_field(
    client: httpx.Client, pasadena: Callable[..., None], act: Callable[..., httpx.Response]
) -> None:
    pasadena("p1")
    assert act("left").json()["errors"] == {"team": ["Say which team."]}
    assert "kind" in act("dance").json()["errors"]
    assert act("left", team="nobody").json()["errors"] == {"team": ["There is no such team."]}
    assert client.post(f"{ACTIONS}/{new_id()}/undo", json={"id": new_id()}).status_code == 404
    assert client.get("/api/v1/cities/nowhere/night").status_code == 404
