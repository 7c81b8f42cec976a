"""Processes die while teams tap through an evening: no tap is lost, none is applied twice."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.ids import new_id
from tests.night import Night
from tests.waiting import eventually

TEAMS, PARTIES = 4, 24
PATIENCE = 60.0


def tonight(night: Night) -> str:
    """A city in whose zone it is half past six, an hour into its evening."""
    now = datetime.now(UTC)
    ahead = (18 - now.hour + 11) % 24 - 11
    local = now + timedelta(hours=ahead)
    sign = "-" if ahead > 0 else "+"
    return night.add_city(
        teams=TEAMS,
        zone=f"Etc/GMT{sign}{abs(ahead)}" if ahead else "Etc/UTC",
        date=f"{local:%Y-%m-%d}",
        opens="17:30:00",
        closes="22:30:00",
        kick_off_starts="17:00:00",
    )


class Phone:
    """A team that says until it is heard, with the same id, as its telephone does."""

    def __init__(self, night: Night, city: str, team: str) -> None:
        self._night, self._city, self.team = night, city, team
        self.said: dict[str, dict[str, Any]] = {}

    def say(self, kind: str, **over: Any) -> None:
        body = {"id": new_id(), "kind": kind, "team": self.team, **over}
        self.said[body["id"]] = body
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = self._night.client.post(
                    self._night.api("dispatch", f"/api/v1/cities/{self._city}/actions"), json=body
                )
            except httpx.HTTPError:
                time.sleep(0.2)
                continue
            if answer.status_code == 200:
                return
            assert answer.status_code >= 500, answer.text
            time.sleep(0.2)
        raise AssertionError(f"{body} was never heard")

    def tap_through(self, parties: Sequence[str]) -> None:
        for party in parties:
            self.say("arrived", party=party)
            self.say("left", party=party)
            time.sleep(0.3)


@pytest.mark.parametrize(
    "dying",
    [("dispatch-web", "dispatch-worker", "dispatch-planner"), ("valkey",), ("postgres",)],
    ids=["web, worker and planner", "Redis", "PostgreSQL"],
)
def test_an_evening_goes_on_while_processes_die(night: Night, dying: tuple[str, ...]) -> None:
    city = tonight(night)
    for number in range(PARTIES):
        night.register(city, number, starts_at="17:30", ends_at="22:00")
    eventually(lambda: night.counts(city).decided, PARTIES, seconds=PATIENCE)
    where = night.api("dispatch", f"/api/v1/cities/{city}/night")
    eventually(lambda: len(night.client.get(where).json()["teams"]), TEAMS, seconds=PATIENCE)
    Phone(night, city, "").say("open_night")
    teams = night.client.get(where).json()["teams"]
    phones = [Phone(night, city, team["id"]) for team in teams]
    routes = [[stop["party_id"] for stop in team["stops"]][:4] for team in teams]
    taps = [
        threading.Thread(target=phone.tap_through, args=(route,))
        for phone, route in zip(phones, routes, strict=True)
    ]
    for thread in taps:
        thread.start()
    for process in dying:
        time.sleep(0.4)
        night.stack.kill(process)
    for thread in taps:
        thread.join(timeout=PATIENCE)

    said = [id_ for phone in phones for id_ in phone.said]
    count = "select count(*) from actions where city = %s and id = any(%s::uuid[])"
    assert night.ask("dispatch", count, city, said) == len(said)
    done = "select count(*) from visit_states where city = %s and state = 'done'"
    assert night.ask("dispatch", done, city) == sum(len(route) for route in routes)
    clean = "select count(*) from dirty_cities where city = %s"
    eventually(lambda: night.ask("dispatch", clean, city), 0, seconds=PATIENCE)
    completed = "select count(distinct party_id) from heard_live where city = %s and state = 'done'"
    wanted = len({party for route in routes for party in route})
    eventually(lambda: night.ask("registration", completed, city), wanted, seconds=PATIENCE)
    assert night.dead() == 0
