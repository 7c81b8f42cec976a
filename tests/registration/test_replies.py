"""What hosts write back: kept, shown, and a NO to our question takes the party off the list."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.host import HostReplied
from shared.ids import new_id
from shared.tokens import issue
from tests.registration.conftest import Service
from tests.registration.test_hearing import _fact, _hear, _registered

NOW = datetime(2027, 8, 3, 18, tzinfo=UTC)


@pytest.fixture
def party(service: Service) -> dict[str, str]:
    return _registered(service)


def write(
    service: Service, party_id: str, meaning: str, *, minute: int = 0, reply: str = ""
) -> str:
    """Let the party's host write; returns the text's id."""
    reply = reply or new_id()
    at = NOW + timedelta(minutes=minute)
    fact = HostReplied(party_id, reply, meaning, None, f"{meaning} <b>", "sms", at)
    _hear(service, _fact(fact, reply, 1))
    return reply


def page(service: Service, party: dict[str, str]) -> str:
    return service.client.get(party["status_url"]).text


def withdrawals(service: Service) -> int:
    with service.pool.connection() as conn:
        rows = conn.execute("select body from outbox").fetchall()
    return sum(b'"party.withdrawn.v1"' in bytes(row[0]) for row in rows)


def test_no_takes_the_party_off_the_list_and_the_host_can_undo_it(
    service: Service, party: dict[str, str]
) -> None:
    reply = write(service, party["id"], "no")
    shown = page(service, party)
    assert "This party is withdrawn" in shown
    assert "You told us by text" in shown
    assert "Undo: hold the party after all" in shown
    assert withdrawals(service) == 1
    write(service, party["id"], "no", reply=reply)
    assert withdrawals(service) == 1


def test_yes_is_shown_and_changes_nothing(service: Service, party: dict[str, str]) -> None:
    write(service, party["id"], "yes")
    assert "You confirmed that the party takes place" in page(service, party)
    assert withdrawals(service) == 0


def test_other_words_change_nothing(service: Service, party: dict[str, str]) -> None:
    for number, meaning in enumerate(("late", "done", "nobody", "moved", "other", "when")):
        write(service, party["id"], meaning, minute=number)
    write(service, new_id(), "no")
    assert withdrawals(service) == 0


def test_staff_reads_what_hosts_wrote(service: Service, party: dict[str, str]) -> None:
    write(service, party["id"], "other")
    place = "/api/v1/cities/pasadena/replies"
    assert service.client.get(place).status_code in (302, 303, 401)
    secret = service.client.application.config["SECRET_KEY"]
    token = issue(secret, "planner", "pasadena", 1)
    bearer = {"Authorization": f"Bearer {token}"}
    found = service.client.get(place, headers=bearer).get_json()["replies"]
    assert [(one["meaning"], one["words"]) for one in found] == [("other", "other <b>")]
    elsewhere = {"Authorization": f"Bearer {issue(secret, 'planner', 'dallas', 1)}"}
    assert service.client.get(place, headers=elsewhere).status_code == 403
