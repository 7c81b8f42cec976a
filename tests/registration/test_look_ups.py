"""Parties that come without a place are looked up; sure answers are taken, doubtful ones wait."""

import re
from pathlib import Path
from typing import Any

import pytest
import shapely

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.adapters.outlines import Outline, OutlineMemory, keep_outlines
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_locks import alone
from services.registration.adapters.postgres_look_ups import look_up_again
from services.registration.adapters.web_geocoders import Away
from services.registration.domain.geography import Point
from services.registration.domain.places import Proposal
from services.registration.looking_up import LookUps
from services.registration.pages.imports import why
from shared.clock import SystemClock
from tests.entering import sign_in
from tests.registration.builders import NOW, a_city, answered, body, city_text
from tests.registration.conftest import SECRET, Service
from tests.registration.lists import Lists, csv_of
from tests.registration.test_geocoder import load

PARTIES = "/api/v1/cities/pasadena/parties"
NOWHERE = {"lat": None, "lon": None}


class Elsewhere:
    """A geocoder of somebody else."""

    def __init__(self, found: list[Proposal], *, away: bool = False) -> None:
        self.found = found
        self.away = away
        self.asked: list[str] = []

    def ask(self, text: str, _city: object) -> list[Proposal]:
        self.asked.append(text)
        if self.away:
            raise Away
        return self.found


@pytest.fixture
def known(service: Service, tmp_path: Path) -> Service:
    """Pasadena, which knows its addresses."""
    load(service, tmp_path)
    return service


def look_ups(service: Service, other: Any = None) -> LookUps:
    links = Links(SECRET, "http://localhost")
    pool = service.pool
    memories = CityMemory(pool), links, Contacts(), OutlineMemory(pool)
    return LookUps(pool, SystemClock(), *memories, other)


def register(service: Service, address: str, **more: Any) -> dict[str, Any]:
    sent = body(address=address, **{**NOWHERE, **more})
    return answered(service.client.post(PARTIES, json=sent))


def now(service: Service, made: dict[str, Any]) -> dict[str, Any]:
    return answered(service.client.get(made["api_url"]))


def history(service: Service) -> list[tuple[Any, ...]]:
    return service.ask("select changed_by, why from party_history order by party_id, revision")


def test_a_sure_address_places_the_party_and_the_text_stays(known: Service) -> None:
    made = register(known, "420 north mapel")
    assert (made["lat"], made["placed_by"]) == (None, "")
    assert look_ups(known).go_on() == 1
    found = now(known, made)
    assert (found["lat"], found["lon"], found["placed_by"]) == (34.141, -118.08, "geocoder")
    assert (found["address"], found["revision"]) == ("420 north mapel", 2)
    assert history(known) == [("host", ""), ("geocoder", "Looked up: address, 83 %")]
    assert known.said()[-2:] == ["party.registered.v1", "party.amended.v1"]
    assert look_ups(known).go_on() == 0


@pytest.mark.parametrize(
    ("address", "outcome"), [("Maple St", "doubtful"), ("Behind the old mill", "unknown")]
)
def test_what_is_not_sure_is_left_to_staff_and_asked_once(
    known: Service, address: str, outcome: str
) -> None:
    made = register(known, address)
    for _ in range(2):
        assert look_ups(known).go_on() == 0
    assert now(known, made)["lat"] is None
    assert now(known, made)["revision"] == 1
    assert known.ask("select outcome from look_ups") == [(outcome,)]


def test_nothing_is_asked_for_a_party_that_has_a_pin(known: Service) -> None:
    register(known, "420 N Maple St", lat=34.15, lon=-118.1)
    assert look_ups(known).go_on() == 0
    assert known.count("look_ups") == 0


def test_a_pin_set_meanwhile_is_not_overwritten(
    known: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = register(known, "420 N Maple St")
    looking = look_ups(known)
    keep = LookUps._keep

    def late(self: LookUps, *args: Any, **kwargs: Any) -> int:
        known.client.patch(made["api_url"], json={"lat": 34.15, "lon": -118.1})
        return keep(self, *args, **kwargs)

    monkeypatch.setattr(LookUps, "_keep", late)
    assert looking.go_on() == 0
    assert now(known, made)["placed_by"] == "host"
    assert now(known, made)["lat"] == 34.15


def test_a_place_that_somebody_took_away_is_not_put_back(known: Service) -> None:
    made = register(known, "420 N Maple St", lat=34.15, lon=-118.1)
    known.client.patch(made["api_url"], json=NOWHERE)
    assert look_ups(known).go_on() == 0
    assert now(known, made)["lat"] is None


def test_another_address_is_looked_up_at_once_unless_somebody_dropped_the_pin(
    known: Service,
) -> None:
    made = register(known, "420 N Maple St")
    look_ups(known).go_on()
    change = known.client.patch
    moved = answered(change(made["api_url"], json={"address": "10 Oak Ave"}))
    assert (moved["lat"], moved["placed_by"]) == (34.1404, "geocoder")
    reworded = answered(change(made["api_url"], json={"address": "10 oak avenue"}))
    assert (reworded["lat"], reworded["lon"]) == (34.1404, -118.0802)
    doubtful = answered(change(made["api_url"], json={"address": "Maple St"}))
    assert (doubtful["lat"], doubtful["placed_by"]) == (None, "")
    pinned = answered(change(made["api_url"], json={"lat": 34.15, "lon": -118.1}))
    assert pinned["placed_by"] == "host"
    still = answered(change(made["api_url"], json={"address": "480 N Maple St"}))
    assert (still["lat"], still["placed_by"]) == (34.15, "host")


def test_an_area_that_speaks_against_the_place_leaves_it_to_staff(known: Service) -> None:
    known.add_city(city_text() + '[[areas]]\ncode = "south"\nname = "South"\n')
    south = Outline("south", "South", shapely.box(-118.2, 34.139, -118.0, 34.15))
    keep_outlines(known.pool, "pasadena", "area", [south], NOW)
    against = register(known, "420 N Maple St", area="north")
    other = register(known, "480 N Maple St", area="south")
    look_ups(known).go_on()
    assert now(known, against)["lat"] is None
    assert now(known, other)["lat"] == 34.142


def test_other_geocoders_are_asked_by_the_round_only_and_again_when_they_were_away(
    known: Service,
) -> None:
    mill = Elsewhere([Proposal("Old Mill", "address", Point(34.145, -118.09), 0.9)], away=True)
    made = register(known, "Behind the old mill")
    sure = register(known, "420 N Maple St", phone="(626) 555-0124", email=None)
    assert look_ups(known, mill).go_on() == 1
    assert now(known, sure)["lat"] == 34.141
    assert mill.asked == ["Behind the old mill"]
    mill.away = False
    assert look_ups(known, mill).go_on() == 0  # left alone for a minute
    known.ask("update look_ups set again_at = now() returning 1")
    assert look_ups(known, mill).go_on() == 1
    assert now(known, made)["lat"] == 34.145
    assert mill.asked == ["Behind the old mill"] * 2


def test_a_city_that_learns_addresses_asks_again(service: Service, tmp_path: Path) -> None:
    made = register(service, "420 N Maple St")
    assert look_ups(service).go_on() == 0
    load(service, tmp_path)
    with service.pool.connection() as conn:
        look_up_again(conn, "pasadena")
    assert look_ups(service).go_on() == 1
    assert now(service, made)["placed_by"] == "geocoder"


LIST = (
    "permit,address,start,end,lat,lon",
    "P1,420 north mapel,6 pm,9 pm,,",
    "P2,Maple St,6 pm,9 pm,,",
    "P3,Behind the old mill,6 pm,9 pm,,",
    "P4,Anywhere,6 pm,9 pm,34.15,-118.1",
)


def places(service: Service) -> list[tuple[Any, ...]]:
    """Reference, latitude, and who placed the party."""
    return service.ask(
        "select import_key, document #>> '{details,place,lat}', document #>> '{details,placed_by}'"
        " from parties order by import_key"
    )


def test_a_list_without_coordinates_is_placed_as_its_preview_said(known: Service) -> None:
    lists = Lists(known)
    looked = lists.look(csv_of(*LIST))
    assert looked.counts == {
        "new": 4,
        "no_contact": 4,
        "no_place": 3,
        "spot_placed": 1,
        "spot_doubtful": 1,
        "spot_unknown": 1,
    }
    told = {row.line: why(row, a_city()) for row in lists.desk.with_reasons(looked.id)}
    assert list(told) == [3, 4]
    assert "may mean N Maple St or S Maple St" in told[3]
    assert "not among the city's own" in told[4]
    lists.desk.start("pasadena", looked.id)
    done = lists.run(looked.id)
    assert dict(done.results) == {"new": 4, "refused": 0}
    assert places(known) == [
        ("ref P1", "34.141", "geocoder"),
        ("ref P2", None, ""),
        ("ref P3", None, ""),
        ("ref P4", "34.15", "import"),
    ]
    assert known.ask("select max(revision) from party_history") == [(1,)]
    again = lists.bring_in(csv_of(*LIST))
    assert dict(again.results) == {"unchanged": 4, "refused": 0}


def test_a_list_that_changes_an_address_moves_what_was_looked_up(known: Service) -> None:
    lists = Lists(known)
    lists.bring_in(csv_of(*LIST))
    other = (LIST[0], "P1,10 Oak Ave,6 pm,8 pm,,", "P4,420 N Maple St,6 pm,9 pm,34.15,-118.1")
    done = lists.bring_in(csv_of(*other))
    assert dict(done.results) == {"changed": 2, "refused": 0}
    found = {key: (lat, by) for key, lat, by in places(known)}
    assert found["ref P1"] == ("34.1404", "geocoder")
    assert found["ref P4"] == ("34.15", "import")
    cleared = (LIST[0], "P1,10 Oak Ave,6:30 pm,8 pm,,")
    lists.bring_in(csv_of(*cleared))
    assert places(known)[0] == ("ref P1", "34.1404", "geocoder")


def test_a_look_up_meanwhile_does_not_keep_a_list_from_being_undone(
    service: Service, tmp_path: Path
) -> None:
    lists = Lists(service)
    done = lists.bring_in(csv_of(*LIST[:2]))
    assert "spot_placed" not in done.counts  # a city without addresses looks nothing up
    load(service, tmp_path)
    assert look_ups(service).go_on() == 1
    undone = lists.undo(done.id)
    assert undone.results["taken_back"] == 1
    assert service.ask("select state from parties") == [("withdrawn",)]


def test_staff_take_a_proposal_with_one_click(known: Service) -> None:
    client = known.client
    sign_in(client, "registration", SECRET, "planner@pasadena")
    made = register(known, "Maple St")
    look_ups(known).go_on()
    page = client.get("/staff/pasadena/places").text
    assert 'name="spot" value="34.1' in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    [(id_, revision)] = known.ask("select id::text, revision from parties")
    sent = {"spot": "34.141 -118.08", "revision": revision, "csrf_token": token and token[1]}
    assert client.post(f"/staff/pasadena/places/{id_}", data=sent).status_code == 303
    assert now(known, made)["placed_by"] == "staff"


def test_the_host_is_told_that_the_spot_was_looked_up(known: Service) -> None:
    made = register(known, "420 N Maple St")
    look_ups(known).go_on()
    page = known.client.get(made["status_url"]).text
    assert "We took the spot from the address" in page
    assert "move the pin" in page


def test_one_round_at_a_time_looks_up(known: Service) -> None:
    made = register(known, "420 N Maple St")
    with alone(known.pool, "look-ups", wait=False):
        assert look_ups(known).go_on() == 0
    assert now(known, made)["lat"] is None
    assert look_ups(known).go_on() == 1
