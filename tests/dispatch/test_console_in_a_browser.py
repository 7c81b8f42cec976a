"""The console as a dispatcher sees it: a real browser, a real server, a real PostgreSQL."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from services.dispatch.domain.evening import Window
from services.dispatch.pages.keeper import COOKIE
from services.dispatch.planning import Planning, plan_city
from shared.db import Pool
from shared.ids import new_id
from shared.inbox import Inbox
from tests.dispatch.builders import (
    city_fact,
    make_city,
    make_party,
    make_team,
    party_fact,
    replied_fact,
)
from tests.dispatch.hearing import hear
from tests.dispatch.signing import person, session_of, signed_in_page
from tests.waiting import eventually

DESK = {"width": 1440, "height": 900}
Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, client: httpx.Client, pool: Pool) -> Iterator[Look]:
    """Opens Pasadena's console for a person of a role; a script's complaint fails the test."""
    complaints: list[str] = []

    def opened(
        role: str = "dispatcher@pasadena", name: str = "Kim Lee", cut: str = "", **options: Any
    ) -> Page:
        url = str(client.base_url)
        cookies = {COOKIE: session_of(pool, person(pool, role, name=name))}
        page = signed_in_page(browser, url, cookies, viewport=DESK, **options)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/maplibre-gl.mjs", lambda route: route.abort())  # it has its own test
        if cut:
            page.route(cut, lambda route: route.abort())
        page.goto(f"{url}/pasadena")
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def evening(client: httpx.Client, inbox: Inbox, planning: Planning) -> Callable[[], dict[str, Any]]:
    """Pasadena this very evening, two parties planned; answers with the night by the API."""
    now = datetime.now(UTC)
    hours = Window(now - timedelta(minutes=30), now + timedelta(hours=3, minutes=30))
    hear(inbox, city_fact(make_city(evening=hours), teams=[make_team(shift=hours)]))
    hear(inbox, *(party_fact(make_party(id_, window=hours)) for id_ in ("p1", "p2")))
    plan_city(planning, "pasadena")
    return lambda: client.get("/api/v1/cities/pasadena/night").json()


def start(page: Page) -> None:
    """Start the fan-out and wait until the console says so."""
    page.get_by_role("button", name="Start the fan-out").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".night-state")).to_contain_text("Open")
    expect(page.get_by_role("dialog")).to_be_hidden()


def team_card(page: Page) -> None:
    """Open the first team's card by its row in the timeline."""
    page.locator(".who").first.click()
    expect(page.locator("#card-title")).to_have_text("Team t1")


def test_a_party_appears_without_reloading_and_then_its_visit(
    look: Look, pasadena: Callable[..., None]
) -> None:
    page = look()
    expect(page.locator("#live-words")).to_have_text("Live")
    page.get_by_role("tab", name="Parties").click()
    pasadena("p1", plan=False)
    expect(page.locator("#list-parties")).to_contain_text("no visit planned")
    pasadena()
    expect(page.locator(".bar")).to_contain_text("Party p1")


def test_an_evening_by_mouse_from_the_fan_out_to_its_end(
    look: Look, evening: Callable[[], dict[str, Any]]
) -> None:
    page = look()
    start(page)
    team_card(page)
    page.get_by_role("button", name="Arrived A").dblclick()
    expect(page.locator(".card-state")).to_contain_text("on scene")
    page.get_by_role("button", name="Left L").click()
    expect(page.locator('.bar[data-state="done"]')).to_have_count(1)
    page.get_by_role("button", name="Pulled to a call").click()
    expect(page.locator(".who-words").first).to_contain_text("on a call")
    called = page.locator(".toast", has_text="pulled to a call")
    called.get_by_role("button", name="Undo").click()
    expect(page.locator(".who-words").first).to_contain_text("on the way")
    page.get_by_role("button", name="Hold…").click()
    page.get_by_label("Storm").check()
    page.get_by_role("button", name="Hold", exact=True).click()
    expect(page.locator(".night-state")).to_contain_text("On hold: Storm")
    page.get_by_role("button", name="What happened").click()
    expect(page.locator(".log li").first).to_contain_text("held the night (Storm) Kim Lee")
    arrivals = [s["state"] for s in evening()["teams"][0]["stops"]]
    assert arrivals == ["done", "en_route"]


def test_what_a_host_wrote_waits_until_somebody_has_seen_it(
    look: Look, evening: Callable[[], dict[str, Any]], inbox: Inbox
) -> None:
    evening()
    page = look()
    start(page)
    words = "MOVED to <b>the park</b>, by the fountain"
    hear(inbox, replied_fact(new_id(), "p1", "moved", words, datetime.now(UTC)))
    need = page.locator("#list-needs").get_by_role("option", name=words)
    need.click()
    card = page.locator("#card .card-written")
    expect(card).to_contain_text(f"“{words}”")
    card.get_by_role("button", name="Seen").click()
    expect(card).to_have_count(0)
    expect(need).to_have_count(0)
    note = page.locator(".toast", has_text="Seen: the text of Party p1.")
    note.get_by_role("button", name="Undo").click()
    expect(card).to_contain_text(words)
    page.get_by_role("button", name="Seen").press("Enter")
    expect(need).to_have_count(0)
    assert [n for n in evening()["needs"] if n["kind"] == "host_replied"] == []


def test_of_two_dispatchers_the_slower_sees_what_changed_and_may_insist(
    look: Look, evening: Callable[[], dict[str, Any]], client: httpx.Client
) -> None:
    quick = look()
    start(quick)
    # The slower one's tab hears of nothing any more, as after a night in a bad network.
    slow = look(name="Sam Ortiz", cut="**/events*")
    expect(slow.locator(".night-state")).to_contain_text("Open")
    slow.route("**/night?*", lambda route: route.abort())
    team_card(slow)
    team_card(quick)
    quick.get_by_role("button", name="Pulled to a call").click()
    expect(quick.locator(".who-words").first).to_contain_text("on a call")
    expect(slow.locator(".who-words").first).to_contain_text("on the way")
    slow.get_by_role("button", name="Arrived A").click()
    slow.unroute("**/night?*")
    conflict = slow.get_by_role("dialog", name="Somebody was faster")
    expect(conflict).to_contain_text("Team t1: pulled to a call by Kim Lee", timeout=15_000)
    conflict.get_by_role("button", name="Do it all the same").click()
    expect(slow.locator(".who-words").first).to_contain_text("on scene")
    eventually(lambda: evening()["teams"][0]["state"], "on_scene")


def test_whoever_may_only_look_gets_nothing_to_press(
    look: Look, evening: Callable[[], dict[str, Any]]
) -> None:
    page = look(role="auditor@pasadena")
    expect(page.locator(".looks")).to_have_text("You may look, not act.")
    page.locator(".who").first.click()
    expect(page.locator("#card-title")).to_have_text("Team t1")
    expect(page.locator(".card-buttons")).to_have_count(0)


def test_what_the_server_refuses_is_told_in_the_dialog_and_what_was_typed_stays(
    look: Look, evening: Callable[[], dict[str, Any]]
) -> None:
    page = look()
    start(page)
    page.keyboard.press("b")
    page.get_by_label("What?").fill("Meet at the park at nine.")
    body = {"detail": "Some fields are wrong.", "errors": {"words": ["Too loud."]}}
    page.route("**/actions", lambda route: route.fulfill(status=422, json=body))
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Too loud.")).to_be_visible()
    expect(page.get_by_label("What?")).to_be_focused()
    page.unroute("**/actions")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#toasts")).to_contain_text("Told all teams: “Meet at the park at nine.”")


def test_a_walk_up_is_shown_its_cheapest_place_and_then_added(
    look: Look, evening: Callable[[], dict[str, Any]]
) -> None:
    page = look()
    start(page)
    page.keyboard.press("w")
    page.get_by_label("Name", exact=True).fill("Pine Street Potluck")
    page.get_by_label("Address or crossing").fill("12th and Pine")
    page.get_by_label("Latitude").fill("34.142")
    page.get_by_label("Longitude").fill("-118.081")
    expect(page.locator(".preview")).to_contain_text("Cheapest place: Team t1, ")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#toasts")).to_contain_text("Pine Street Potluck is added.")
    assert "Pine Street Potluck" in [party["name"] for party in evening()["parties"]]
    page.get_by_label("Search parties and teams").fill("potluck")
    expect(page.locator("#list-parties [role=option]")).to_contain_text("Pine Street Potluck")


def test_it_says_when_it_is_not_live_and_catches_up(
    look: Look, pasadena: Callable[..., None]
) -> None:
    page = look(cut="**/events*")
    expect(page.locator("#live-words")).to_contain_text("Reconnecting…, board", timeout=20_000)
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    pasadena("p1")
    page.unroute("**/events*")
    expect(page.locator("#live-words")).to_have_text("Live", timeout=20_000)
    expect(page.locator(".bar")).to_contain_text("Party p1")
    expect(page.get_by_role("link", name="Refresh")).to_be_hidden()


def test_without_scripts_it_shows_the_board_and_a_refresh_link(
    look: Look, pasadena: Callable[..., None]
) -> None:
    pasadena("p1")
    page = look(java_script_enabled=False)
    expect(page.locator("[data-team=t1]")).to_contain_text("Party p1")
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
