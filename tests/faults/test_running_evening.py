"""Processes die while teams tap through an evening: no tap is lost, none is applied twice.

A console follows all the while, and shows the truth when all is over.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from shared.ids import new_id
from tests.night import Night
from tests.waiting import eventually

TEAMS, PARTIES = 4, 24
PATIENCE = 60.0
DEATHS = {
    "web, worker and planner": ("dispatch-web", "dispatch-worker", "dispatch-planner"),
    "Redis": ("valkey",),
    "PostgreSQL": ("postgres",),
    "all of them, one after another": (
        *("postgres", "dispatch-web", "valkey", "dispatch-worker"),
        *("dispatch-planner", "dispatch-relay", "registration-worker", "postgres"),
    ),
}
Visits = set[tuple[str, str, str]]


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
            assert answer.status_code == 503, answer.text
            time.sleep(0.2)
        raise AssertionError(f"{body} was never heard")

    def tap_through(self, parties: Sequence[str]) -> None:
        for party in parties:
            self.say("arrived", party=party)
            self.say("left", party=party)
            time.sleep(0.3)


class Console:
    """A dispatcher's board: hears of changes by the stream, reads them, begins where it was cut."""

    def __init__(self, night: Night, city: str) -> None:
        self._events = night.api("dispatch", f"/{city}/events")
        self._state = night.api("dispatch", f"/api/v1/cities/{city}/night")
        self._client = httpx.Client(timeout=2, headers=night.client.headers)
        self._stop = threading.Event()
        self._teams: dict[str, dict[str, Any]] = {}
        self.version = -1
        self.cuts = 0

    @contextmanager
    def following(self) -> Iterator[None]:
        thread = threading.Thread(target=self._follow)
        thread.start()
        yield
        self._stop.set()
        thread.join()
        self._client.close()

    def visits(self) -> Visits:
        """Team, party and state of each visit as it is shown."""
        return {
            (id_, stop["party_id"], stop["state"])
            for id_, team in self._teams.items()
            for stop in team["stops"]
        }

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self._hear()
            except httpx.HTTPError:
                self.cuts += 1
                self._stop.wait(0.1)

    def _hear(self) -> None:
        with self._client.stream("GET", self._events, params={"since": self.version}) as heard:
            heard.raise_for_status()
            for line in heard.iter_lines():
                if line.startswith("id: "):
                    self._read()
                if self._stop.is_set():
                    return

    def _read(self) -> None:
        answer = self._client.get(self._state, params={"since": self.version})
        state = answer.raise_for_status().json()
        newer = {team["id"]: team for team in state["teams"]}
        self._teams = self._teams | newer if state["delta"] else newer
        self.version = state["version"]


@pytest.mark.parametrize("dying", DEATHS.values(), ids=DEATHS)
def test_an_evening_goes_on_while_processes_die(night: Night, dying: tuple[str, ...]) -> None:
    city = night.add_city_tonight(TEAMS)
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
    console = Console(night, city)
    with console.following():
        for thread in taps:
            thread.start()
        for process in dying:
            time.sleep(0.4)
            night.stack.kill(process)
        for thread in taps:
            thread.join(timeout=PATIENCE)
        every_tap_has_one_effect(night, city, phones, routes)
        eventually(lambda: console.visits() >= done(phones, routes), seconds=PATIENCE)
    assert console.cuts > 0
    assert night.dead() == 0


def done(phones: Sequence[Phone], routes: Sequence[Sequence[str]]) -> Visits:
    """What teams have said, as a board should show it."""
    pairs = zip(phones, routes, strict=True)
    return {(phone.team, party, "done") for phone, route in pairs for party in route}


def every_tap_has_one_effect(
    night: Night, city: str, phones: Sequence[Phone], routes: Sequence[Sequence[str]]
) -> None:
    """In the audit log, on the board, and in what hosts are shown."""
    said = [id_ for phone in phones for id_ in phone.said]
    count = "select count(*) from actions where city = %s and id = any(%s::uuid[]) and applied"
    assert night.ask("dispatch", count, city, said) == len(said)
    settled = "select count(*) from visit_states where city = %s and state = 'done'"
    assert night.ask("dispatch", settled, city) == len(done(phones, routes))
    clean = "select count(*) from dirty_cities where city = %s"
    eventually(lambda: night.ask("dispatch", clean, city), 0, seconds=PATIENCE)
    completed = "select count(distinct party_id) from heard_live where city = %s and state = 'done'"
    wanted = len({party for route in routes for party in route})
    eventually(lambda: night.ask("registration", completed, city), wanted, seconds=PATIENCE)
