"""A whole evening in real browsers: two dispatchers and three teams' telephones on one board.

Each has its mishap: a tab that is cut off, a laptop that sleeps, a phone without signal, a phone
whose clock is wrong. In the end all screens agree, and every tap is in the audit log once.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.dispatch.team.handset import PIXEL, STEADY, take_out, tap, wrong_by
from tests.night import Night
from tests.waiting import eventually

DESK = {"width": 1440, "height": 900}
BARS = """() => [...document.querySelectorAll("#timeline [data-team]")].flatMap((row) =>
  [row.dataset.team + " " + row.dataset.state, ...[...row.querySelectorAll(".bar")].map((bar) =>
    [row.dataset.team, bar.dataset.party, bar.dataset.state].join(" "))])"""
"""What a console shows: each team's state, and each visit's."""
STOPS = """() => [document.querySelector("#next .name").textContent,
  document.querySelector("#next .here") ? "on_scene" : "next",
  ...[...document.querySelectorAll("#after li")].map((stop) =>
    stop.querySelector("b").textContent + " " + stop.className)]"""
"""What a phone shows: the next stop, whether the team is there, and the list behind it."""
NAMES = ("Maple & Oak", "Linda Vista", "Garfield Heights", "Elm Street", "Bungalow Heaven")
Board = Callable[[], dict[str, Any]]


@dataclass
class Phone:
    """One team's telephone, and the ids of the taps that left it."""

    page: Page
    team: str
    sent: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", self._note)

    def tap(self, *names: str) -> None:
        for name in names:
            tap(self.page, name)

    def _note(self, request: Request) -> None:
        if request.url.endswith("/team/taps"):
            self.sent |= {each["id"] for each in json.loads(request.post_data or "{}")["taps"]}


@pytest.fixture
def city(night: Night) -> str:
    """A city in its evening, with a dozen parties planned for three teams; one starts later."""
    made = night.add_city_tonight(3, of_last_team='from = "20:00"')
    for number in range(12):
        name = f"{NAMES[number % 5]} {number // 5 + 1}"
        night.register(made, number, name=name, starts_at="17:30", ends_at="22:00")
    eventually(lambda: night.counts(made).decided, 12, seconds=60)
    return made


@pytest.fixture
def board(night: Night, city: str) -> Board:
    """The truth, as the API tells it."""
    return lambda: night.client.get(night.api("dispatch", f"/api/v1/cities/{city}/night")).json()


@pytest.fixture
def complaints(browser: Browser) -> Iterator[list[str]]:
    """What pages complain of; one complaint fails the test."""
    heard: list[str] = []
    yield heard
    for context in browser.contexts:
        context.close()
    assert heard == []


@pytest.fixture
def console(
    night: Night, browser: Browser, city: str, complaints: list[str]
) -> Callable[..., Page]:
    """Opens the console for a dispatcher of that name, the second time in another tab."""
    laptops: dict[str, BrowserContext] = {}

    def opened(name: str, *, naps: bool = False) -> Page:
        if name not in laptops:
            laptops[name] = night.dispatcher(browser, city, name, viewport=DESK)
        page = laptops[name].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/maplibre-gl.mjs", lambda route: route.abort())  # it has its own test
        if naps:
            page.clock.install()
        page.goto(night.api("dispatch", f"/{city}"))
        expect(page.locator("#live-words")).to_have_text("Live")
        return page

    return opened


@pytest.fixture
def phones(night: Night, browser: Browser, city: str, complaints: list[str]) -> list[Phone]:
    """The three teams' phones, opened by their links; the third one's clock is 40 minutes fast."""
    links = night.client.post(night.api("dispatch", f"/api/v1/cities/{city}/team-links"))
    made = []
    for link in sorted(links.json()["links"], key=lambda link: str(link["team_id"])):
        page = browser.new_context(**PIXEL).new_page()  # type: ignore[arg-type]  # Playwright's own options
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(STEADY)
        if link["team_id"] == "team-3":
            page.add_init_script(wrong_by(40))
        page.goto(link["url"])
        expect(page.locator("#status")).to_have_attribute("data-mode", "live")
        made.append(Phone(page, link["team_id"]))
    return made


def cut_off(page: Page) -> None:
    """From now on the page hears of nothing and reads nothing."""
    for what in ("**/events*", "**/night?*"):
        page.route(what, lambda route: route.abort())


def let_through(page: Page) -> None:
    for what in ("**/events*", "**/night?*"):
        page.unroute(what)


def choose(page: Page, team: str) -> None:
    """Open a team's card by its row in the timeline."""
    page.locator(f"#t-{team}").click()
    expect(page.locator("#card-title")).to_have_text(team.replace("team-", "Team "))


def on_consoles(state: dict[str, Any]) -> set[str]:
    """What a console has to show of this state."""
    return {f"{team['id']} {team['state']}" for team in state["teams"]} | {
        f"{team['id']} {stop['party_id']} {stop['state']}"
        for team in state["teams"]
        for stop in team["stops"]
    }


def on_phone(state: dict[str, Any], id_: str) -> list[str]:
    """What this team's phone has to show of this state."""
    names = {party["id"]: party["name"] for party in state["parties"]}
    team = next(team for team in state["teams"] if team["id"] == id_)
    finished = ("done", "skipped", "withdrawn")
    after = [stop for stop in team["stops"] if stop["party_id"] != team["party_id"]]
    here = "on_scene" if team["state"] == "on_scene" else "next"
    ordered = sorted(after, key=lambda stop: stop["state"] in finished)
    listed = [f"{names[stop['party_id']]} {stop['state']}" for stop in ordered]
    return [names[team["party_id"]], here, *listed]


def test_two_dispatchers_and_three_teams_see_one_evening(
    night: Night,
    city: str,
    board: Board,
    console: Callable[..., Page],
    phones: list[Phone],
) -> None:
    one, two, three = phones
    kim, sam = console("Kim Lee"), console("Sam Ortiz", naps=True)
    forgotten = console("Kim Lee")
    cut_off(forgotten)

    kim.get_by_role("button", name="Start the fan-out").click()
    kim.get_by_role("button", name="Start", exact=True).click()
    expect(sam.locator(".night-state")).to_contain_text("Open")
    for phone in phones:
        take_out(phone.page)

    one.tap("Arrived", "Left")
    two.tap("Arrived")
    three.tap("On our way", "Arrived")
    for page in (kim, sam):
        expect(page.locator("#t-team-2 .who-words")).to_contain_text("on scene")
        expect(page.locator("#t-team-3 .who-words")).to_contain_text("on scene")
    the_slower_is_told(kim, sam)

    one.page.context.set_offline(True)
    one.tap("Arrived")
    for _ in range(2):
        one.page.locator("#bar .main").tap()  # a finger that trembles
    one.tap("Left")
    expect(one.page.locator("#waits")).to_contain_text("2 taps waiting")
    expect(kim.locator("#t-team-1 .who-words")).to_contain_text("on the way")
    one.page.context.set_offline(False)
    expect(one.page.locator("#waits")).to_be_empty(timeout=15_000)

    a_laptop_sleeps(sam, meanwhile=lambda: (take_out(two.page), two.tap("Back from the call")))
    expect(forgotten.locator("#live-words")).to_contain_text("Reconnecting…")
    expect(forgotten.locator(".night-state")).to_contain_text("Not started")
    let_through(forgotten)
    for page in (kim, sam, forgotten):
        expect(page.locator("#live-words")).to_have_text("Live", timeout=20_000)
        eventually(lambda page=page: set(page.evaluate(BARS)) == on_consoles(board()))  # type: ignore[misc]  # bound by its default
    for phone in phones:
        take_out(phone.page)
        eventually(lambda p=phone: p.page.evaluate(STOPS) == on_phone(board(), p.team))  # type: ignore[misc]  # bound by its default
    every_tap_is_told_once(night, city, phones)


def the_slower_is_told(quick: Page, slow: Page) -> None:
    """Both act on team 2; the second one's screen does not show yet what the first one did."""
    cut_off(slow)
    for page in (quick, slow):
        choose(page, "team-2")
    quick.get_by_role("button", name="Pulled to a call").click()
    expect(quick.locator(".card-state")).to_contain_text("on a call")
    slow.get_by_role("button", name="Left L").click()
    let_through(slow)
    conflict = slow.get_by_role("dialog", name="Somebody was faster")
    expect(conflict).to_contain_text("Team 2: pulled to a call by Kim Lee", timeout=15_000)
    conflict.get_by_role("button", name="Leave it").click()
    expect(slow.locator(".card-state")).to_contain_text("on a call")


def a_laptop_sleeps(page: Page, meanwhile: Callable[[], object]) -> None:
    """For ten minutes; then it says how old its board is, and becomes true again."""
    page.context.set_offline(True)
    meanwhile()
    page.clock.fast_forward("10:03")
    expect(page.locator("#live-words")).to_contain_text("Asleep for 10 min: catching up…")
    expect(page.locator("#stale")).to_contain_text("as it was 10 min ago")
    expect(page.locator("#t-team-2 .who-words")).to_contain_text("on a call")
    page.context.set_offline(False)
    expect(page.locator("#t-team-2 .who-words")).to_contain_text("on the way", timeout=20_000)
    expect(page.locator("#stale")).to_be_hidden()


def every_tap_is_told_once(night: Night, city: str, phones: list[Phone]) -> None:
    """In the audit log, at the time when it was made, whatever the phone's clock said."""
    where = night.api("dispatch", f"/api/v1/cities/{city}/actions")
    log = night.client.get(where).json()["actions"]
    taps = [action for action in log if action["by"]["source"] == "phone"]
    sent = {id_ for phone in phones for id_ in phone.sent}
    assert Counter(action["id"] for action in taps) == Counter(sent)
    assert all(action["applied"] for action in taps)
    kinds = [[a["kind"] for a in taps if a["team"] == phone.team] for phone in phones]
    assert kinds == [
        ["arrived", "left", "arrived", "left"],
        ["arrived", "back_from_call"],
        ["en_route", "arrived"],
    ]
    told = [a["kind"] for a in log if a["by"]["source"] == "console"]
    assert told == ["open_night", "to_call"]
    for action in taps:
        late = datetime.fromisoformat(action["received_at"]) - datetime.fromisoformat(action["at"])
        assert timedelta(seconds=-5) < late < timedelta(minutes=2)
