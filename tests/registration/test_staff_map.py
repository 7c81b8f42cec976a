"""The data of the planner's map on the real database: what the list finds, and no contact."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.registration.domain.geography import read_box
from services.registration.domain.listing import Listing, read_listing
from services.registration.domain.standing import standings
from shared.ground import Ground
from tests.entering import sign_in
from tests.registration.builders import a_party, city_text
from tests.registration.conftest import SECRET, Service
from tests.registration.test_staff_list import LIST, enter, planner, step

__all__ = ["planner"]
MAP = f"{LIST}.geojson"
MANY = 55  # more than a page of the list


def drawn(client: FlaskClient, **asked: str) -> dict[str, Any]:
    answer = client.get(MAP, query_string=asked)
    assert answer.status_code == 200
    assert answer.mimetype == "application/geo+json"
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = json.loads(answer.data)
    return found


def names(found: dict[str, Any]) -> set[str]:
    return {feature["properties"]["name"] for feature in found["features"]}


def test_the_map_draws_all_pages_of_what_the_list_finds(
    service: Service, planner: FlaskClient
) -> None:
    for number in range(MANY):
        enter(service, name=f"Elm {number}", area="north" if number % 2 else "")
    enter(service, name="Nowhere", lat=None, lon=None, area="north")
    whole = drawn(planner)
    assert len(whole["features"]) == whole["placed"] == MANY
    assert whole["unplaced"] == 1
    fitting = drawn(planner, area="north", page="2", sort="host", down="yes")
    assert names(fitting) == {f"Elm {number}" for number in range(1, MANY, 2)}
    assert fitting["unplaced"] == 1
    assert f"<strong>{MANY // 2 + 1} fit.</strong>" in planner.get(f"{LIST}?area=north").text
    one = whole["features"][0]
    assert one["geometry"]["coordinates"] == [-118.1, 34.15]
    assert one["properties"]["hours"] == "6:30 to 9:00 PM"
    assert one["properties"]["standings"] == ["registered"]


def test_a_part_of_the_map_is_a_filter_of_the_list_and_of_bulk_changes(
    service: Service, planner: FlaskClient
) -> None:
    enter(service, name="Inside", lat=34.15)
    enter(service, name="North of it", lat=34.17)
    enter(service, name="Nowhere", lat=None, lon=None)
    box = "-118.11,34.14,-118.09,34.16"
    found = drawn(planner, box=box)
    assert names(found) == {"Inside"}
    assert found["unplaced"] == 0
    page = planner.get(LIST, query_string={"box": box}).text
    assert "<strong>1 fit.</strong>" in page
    assert "Part of the map" in page
    assert f'name="list-box" value="{box}"' in page
    assert names(drawn(planner, box="the moon")) == {"Inside", "North of it"}


@pytest.mark.parametrize("text", ["", "1,2,3", "nan,0,1,1", "0,0,inf,1", "3,0,2,1", "0,-91,1,0"])
def test_what_is_no_box_is_not_asked_for(text: str) -> None:
    assert read_box(text) is None
    assert read_listing({"box": text}) == Listing()


def test_no_contact_and_no_host_is_in_the_data(service: Service, planner: FlaskClient) -> None:
    enter(service, phone="(626) 555-0177", email="secret@example.org", host_name="Zebulon Pike")
    text = planner.get(MAP).text
    for secret in ("5550177", "secret@", "Zebulon", "phone", "email"):
        assert secret not in text
    assert set(drawn(planner)["features"][0]["properties"]) == {
        *("id", "code", "name", "address", "hours", "standings")
    }


def test_a_mark_says_first_what_staff_have_to_care_for(
    service: Service, planner: FlaskClient
) -> None:
    party = enter(service, closure=True, no_visit=True, wanted=[])
    assert drawn(planner)["features"][0]["properties"]["standings"] == [
        *("closure_wanted", "no_visit")
    ]
    step(planner, service, party, "withdraw")
    assert drawn(planner)["features"][0]["properties"]["standings"][0] == "withdrawn"
    assert standings(a_party(), planned=True, late=True) == ["planned", "late"]


def test_the_map_stands_on_the_installations_own_tiles(
    service: Service, planner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(service)
    tiles = "https://tiles.example.org/{z}/{x}/{y}.png"
    monkeypatch.setattr(service.app.extensions["places"], "ground", Ground(tiles, "© Tiles"))
    page = planner.get(LIST)
    assert f'data-tiles="{tiles}"' in page.text
    assert "https://tiles.example.org" in page.headers["Content-Security-Policy"]


def test_another_citys_pass_sees_no_mark(service: Service) -> None:
    service.add_city(city_text(slug="dallas", name="Dallas"))
    stranger = service.client
    sign_in(stranger, "registration", SECRET, "planner@dallas")
    assert stranger.get(MAP).status_code == 403
    assert service.client.get(MAP).status_code in (302, 401)
    assert stranger.get("/staff/dallas/parties.geojson").json == {
        **{"type": "FeatureCollection", "features": []},
        **{"placed": 0, "unplaced": 0},
    }
