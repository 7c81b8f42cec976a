"""The host's page while the evening runs: where the team is, and whether visits are held."""

from datetime import UTC, datetime

import pytest

from shared.contracts.night import NightClosed, NightHeld, NightOpened, NightResumed
from shared.contracts.values import Window
from shared.contracts.visit import (
    VisitArrived,
    VisitCompleted,
    VisitEnRoute,
    VisitInterrupted,
    VisitScheduled,
    VisitSkipped,
    VisitUnscheduled,
)
from tests.registration.conftest import Service
from tests.registration.test_hearing import SEVEN, _fact, _hear, _registered, _visit


@pytest.fixture
def party(service: Service) -> dict[str, str]:
    """A party that was told of a visit."""
    made = _registered(service)
    _hear(service, _fact(_visit(made["id"]), made["id"], 1))
    return made


def page(service: Service, party: dict[str, str]) -> str:
    return service.client.get(party["status_url"]).text


def test_the_page_follows_the_visit(service: Service, party: dict[str, str]) -> None:
    now, who = datetime.now(UTC), (party["id"], "t1", "Team 1")
    subject = f"{party['id']}/t1"
    _hear(service, _fact(VisitEnRoute(*who, 9, now, now), subject, 1))
    assert "A team is on its way to you" in page(service, party)
    assert "About 9 min away" in page(service, party)
    _hear(service, _fact(VisitInterrupted(*who, now), subject, 2))
    assert "Officers plan to visit" in page(service, party)
    _hear(service, _fact(VisitCompleted(*who, now, now), subject, 4))
    _hear(service, _fact(VisitArrived(*who, now), subject, 3))
    assert "A team has been at your party" in page(service, party)


def test_the_page_says_that_visits_are_held_or_called_off(
    service: Service, party: dict[str, str]
) -> None:
    now = datetime.now(UTC)
    _hear(service, _fact(NightOpened(now), "pasadena", 1))
    _hear(service, _fact(NightHeld((), "A storm.", now), "pasadena", 2))
    assert "Visits are on hold for now" in page(service, party)
    _hear(service, _fact(NightResumed((), now), "pasadena", 3))
    assert "Officers plan to visit" in page(service, party)
    _hear(service, _fact(NightClosed(True, "A storm.", now), "pasadena", 4))
    assert "called off" in page(service, party)
    assert "A storm" in page(service, party)


def test_what_dispatchers_choose_as_a_reason_is_translated(
    service: Service, party: dict[str, str]
) -> None:
    now = datetime.now(UTC)
    _hear(service, _fact(NightHeld((), "Storm", now), "pasadena", 2))
    spanish = service.client.get(f"{party['status_url']}?lang=es").text
    assert "Motivo: <bdi>Tormenta</bdi>" in spanish
    _hear(service, _fact(NightClosed(True, "The evening is over", now), "pasadena", 3))
    assert "The evening is over" in page(service, party)
    assert "Stay safe" not in page(service, party)


def test_an_area_that_is_called_off_says_why(service: Service, party: dict[str, str]) -> None:
    off = VisitUnscheduled(party["id"], "called_off", "Called off: Major incident.", 2, "Storm.")
    _hear(service, _fact(off, party["id"], 2))
    assert "Visits in your part of the city are called off" in page(service, party)
    assert "<bdi>Storm</bdi>" in page(service, party)


def test_a_visit_left_out_is_not_announced_any_more(
    service: Service, party: dict[str, str]
) -> None:
    now, subject = datetime.now(UTC), f"{party['id']}/t1"
    skipped = VisitSkipped(party["id"], "t1", "Team 1", "Street blocked", now)
    _hear(service, _fact(skipped, subject, 1))
    assert "The team could not stop at your party" in page(service, party)
    again = VisitScheduled(
        *(party["id"], "t2", "Team 2", ("police",), SEVEN, Window(SEVEN, SEVEN), 3)
    )
    _hear(service, _fact(again, party["id"], 2))
    assert "Officers plan to visit" in page(service, party)


def test_a_party_that_is_held_after_all_is_planned_anew_and_not_given_up(
    service: Service, party: dict[str, str]
) -> None:
    gone = VisitUnscheduled(party["id"], "withdrawn", "The party was withdrawn.", 2)
    _hear(service, _fact(gone, party["id"], 2))
    assert "We are planning the visits" in page(service, party)
    left_out = VisitUnscheduled(party["id"], "no_team", "No team is left.", 3)
    _hear(service, _fact(left_out, party["id"], 3))
    assert "No visit is planned, as things stand" in page(service, party)
