"""The console with a whole city on a stage: keys, drags, a sleeping laptop, size, axe, the map."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.dispatch.stage import FINISHED, Stage
from tests.dispatch.stage_city import busy_minute, seven_o_clock
from tests.dispatch.staging import StageHub, served

SIZES = {"desktop": (1440, 900), "wall": (1920, 1080), "phone": (390, 844)}
MAIN_STREET = {
    "type": "Feature",
    "properties": {"name": "Main Street", "rank": 1},
    "geometry": {"type": "LineString", "coordinates": [[-122.69, 45.5], [-122.64, 45.54]]},
}
Look = Callable[..., Page]


@pytest.fixture(scope="module")
def city() -> Iterator[tuple[Stage, str, StageHub]]:
    """A city at seven, shared by the tests that leave it as it was or do not mind."""
    stage = seven_o_clock()
    streets = {"type": "FeatureCollection", "features": [MAIN_STREET]}
    with served(stage, gzip.compress(json.dumps(streets).encode())) as (url, hub):
        yield stage, url, hub


@pytest.fixture
def look(browser: Browser, city: tuple[Stage, str, StageHub]) -> Iterator[Look]:
    """Opens the console or the wall, usually without the map; complaints fail the test."""
    complaints: list[str] = []

    def opened(size: str = "desktop", with_map: bool = False, **options: Any) -> Page:
        width, height = SIZES[size]
        page = browser.new_page(viewport={"width": width, "height": height}, **options)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _note(complaints, said.text))
        if not with_map:
            page.route("**/maplibre-gl.mjs", lambda route: route.abort())
        page.goto(f"{city[1]}/portland{'/wall' if size == 'wall' else ''}")
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], text: str) -> None:
    if "Content Security Policy" in text:
        complaints.append(text)


def spoken(page: Page, words: str) -> None:
    """What the page said last."""
    expect(page.locator("#spoken")).to_contain_text(words)


def test_the_main_actions_need_no_mouse(look: Look, city: tuple[Stage, str, StageHub]) -> None:
    page = look()
    expect(page.locator(".bar").first).to_be_visible()
    press = page.keyboard.press
    press("/")
    page.keyboard.type("team 10")
    press("Enter")
    press("Enter")
    expect(page.locator("#card-title")).to_have_text("Team 10")
    expect(page.locator("#card button").first).to_be_focused()
    press("c")
    expect(page.locator(".card-state")).to_contain_text("on a call")
    expect(page.locator("#toasts")).to_contain_text("Team 10 is pulled to a call.")
    press("z")
    expect(page.locator("#toasts")).to_contain_text("Undone: Team 10 is pulled to a call.")
    press("s")
    expect(page.get_by_role("dialog")).to_contain_text("Skip")
    press("Escape")
    press("n")
    press("n")
    expect(page.locator("#list-needs [aria-selected=true]")).to_contain_text("Team 3")
    press("o")
    expect(page.get_by_role("button", name="Accept")).to_be_focused()
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_breaks_and_ends_are_on_the_timeline_and_on_the_card(look: Look) -> None:
    page = look()
    expect(page.locator("[data-team=t0] .rest")).to_have_attribute("data-state", "taken")
    planned = page.locator("[data-team=t1] .rest")
    expect(planned).to_have_attribute("aria-label", re.compile(r"^Break \d+:\d\d–\d+:\d\d [AP]M$"))
    expect(page.locator("[data-team=t0] .home")).to_have_attribute("title", re.compile("Station 2"))
    page.locator("[data-team=t0] .who").click()
    expect(page.locator("#card .facts")).to_contain_text("Station 2")
    expect(page.locator("#card .facts")).to_contain_text(", taken")


def test_single_keys_can_be_switched_off(look: Look) -> None:
    page = look()
    expect(page.locator(".bar").first).to_be_visible()
    page.keyboard.press("?")
    page.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_a_visit_is_picked_up_carried_and_dropped_by_keys(
    look: Look, city: tuple[Stage, str, StageHub]
) -> None:
    stage, page = city[0], look()
    expect(page.locator(".bar").first).to_be_visible()
    page.keyboard.press("g")
    for key in ("ArrowDown", "End", "Space"):
        page.keyboard.press(key)
    spoken(page, "Picked up")
    page.keyboard.press("Escape")
    spoken(page, "Put back where it was.")
    party = page.locator(".bar.active").get_attribute("data-party")
    for key in ("Space", "ArrowUp"):
        page.keyboard.press(key)
    spoken(page, "Team 1, ")
    page.keyboard.press("Space")
    expect(page.locator(f'[data-team=t0] .bar[data-party="{party}"]')).to_be_visible()
    assert party in [s["party_id"] for s in stage.teams["t0"]["stops"]]


def test_a_visit_is_dragged_to_another_team(look: Look, city: tuple[Stage, str, StageHub]) -> None:
    page = look()
    bar = page.locator('[data-team=t3] .bar[data-state="promised"]').first
    party = bar.get_attribute("data-party")
    target = page.locator('[data-team=t1] .bar[data-state="promised"]').first
    start, end = bar.bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 20, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + 12, steps=6)
    expect(page.locator("[data-team=t1] .ghost")).to_be_visible()
    page.mouse.up()
    expect(page.locator(f'[data-team=t1] .bar[data-party="{party}"]')).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("is moved to Team 2.")


def test_a_walk_up_shows_its_place_before_it_is_added(look: Look) -> None:
    page = look()
    expect(page.locator(".bar").first).to_be_visible()
    page.keyboard.press("w")
    page.get_by_label("Name", exact=True).fill("Pine Street Potluck")
    page.get_by_label("Address or crossing").fill("?")
    page.get_by_label("Latitude").fill("45.52")
    page.get_by_label("Longitude").fill("-122.66")
    expect(page.get_by_text("Cheapest place:")).to_be_visible()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("Say where it is.")).to_be_visible()
    page.get_by_label("Address or crossing").fill("12th and Pine")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#toasts")).to_contain_text("Pine Street Potluck is added.")
    page.get_by_label("Search parties and teams").fill("potluck")
    expect(page.locator("#list-parties [role=option]")).to_have_count(1)


def test_a_laptop_that_slept_ten_minutes_says_so_and_catches_up(
    look: Look, city: tuple[Stage, str, StageHub], browser: Browser
) -> None:
    stage, _, hub = city
    page = look()
    page.clock.install()
    page.reload()
    expect(page.locator("#live-words")).to_have_text("Live")
    held = page.context
    held.set_offline(True)
    for _ in busy_minute(stage, 40):
        pass
    hub.tell()
    page.clock.fast_forward("10:03")
    page.clock.run_for(1200)
    expect(page.locator("#live-words")).to_contain_text("Asleep for 10 min: catching up…")
    expect(page.locator("#stale")).to_contain_text("as it was 10 min ago")
    held.set_offline(False)
    eventually_live(page)
    team = next(t for t in stage.teams.values() if t["state"] == "on_scene")
    expect(page.locator(f"#t-{team['id']} .who-words")).to_contain_text("on scene")
    expect(page.locator("#stale")).to_be_hidden()


def eventually_live(page: Page) -> None:
    """Let the page's own clock run until it says that it is live."""
    for _ in range(60):
        page.clock.run_for(1000)
        if page.locator("#live-words").inner_text() == "Live":
            return
    raise AssertionError(page.locator("#live-words").inner_text())


def test_what_is_said_without_a_connection_is_sent_once_it_is_back(
    look: Look, city: tuple[Stage, str, StageHub]
) -> None:
    stage, page = city[0], look()
    page.get_by_role("tab", name="Teams").click()
    page.locator("#list-teams [role=option]").nth(5).click()
    expect(page.locator("#card-title")).to_have_text("Team 6")
    page.context.set_offline(True)
    page.keyboard.press("c")
    expect(page.locator("#toasts")).to_contain_text("Not sent yet, trying again")
    before = len(stage.said)
    page.context.set_offline(False)
    expect(page.locator(".card-state")).to_contain_text("on a call", timeout=15_000)
    assert len(stage.said) == before + 1


@pytest.mark.parametrize("size", list(SIZES))
def test_everybody_can_use_it(look: Look, size: str) -> None:
    page = look(size, bypass_csp=True)
    expect(page.locator("#live-words")).to_have_text("Live")
    if size == "desktop":
        page.locator(".who").nth(2).click()
        expect(page.locator("#card-title")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # both are known
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_a_dialog_can_be_used_by_everybody(look: Look) -> None:
    page = look(bypass_csp=True, color_scheme="dark")
    expect(page.locator(".bar").first).to_be_visible()
    page.keyboard.press("w")
    found = Axe().run(page, "dialog")
    assert found.violations_count == 0, found.generate_report()


def test_the_map_draws_streets_parties_and_teams_under_the_strict_policy(
    look: Look, city: tuple[Stage, str, StageHub]
) -> None:
    page = look(with_map=True)
    box = page.locator("#map-box")
    expect(box).not_to_have_attribute("data-map", "nothing yet")
    if page.evaluate("!document.createElement('canvas').getContext('webgl2')"):
        expect(page.locator("#no-map")).to_be_visible()
        pytest.skip("this browser has no WebGL")
    expect(page.locator("#map[data-ready=true]")).to_be_visible(timeout=40_000)
    expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text("© OpenStreetMap contributors")
    found = Axe().run(page, "#map-box")
    assert found.violations_count == 0, found.generate_report()


def test_only_rows_in_sight_are_drawn_at_full_size(browser: Browser) -> None:
    stage = seven_o_clock(teams=100, parties=1500)
    with served(stage) as (url, hub):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.route("**/maplibre-gl.mjs", lambda route: route.abort())
        page.goto(f"{url}/portland")
        page.get_by_role("tab", name="Parties").click()
        expect(page.locator("#tab-parties .size")).to_have_text("1500")
        assert page.locator("*").count() < 4000
        page.locator("#timeline").evaluate("t => t.scrollTop = t.scrollHeight")
        expect(page.get_by_role("rowheader", name="Team 100")).to_be_visible()
        first = next(t for t in stage.teams.values() if t["stops"][-1]["state"] not in FINISHED)
        stage.act({"id": "x", "kind": "to_call", "team": first["id"]})
        hub.tell()
        figure = page.locator("#figures div", has_text="On a call").locator("dd")
        expect(figure).to_have_text("2")
        page.context.close()


def test_an_area_is_called_off_where_the_night_is_ended_and_that_is_undone(
    look: Look, city: tuple[Stage, str, StageHub]
) -> None:
    page = look()
    page.get_by_role("button", name="Call off or close…").click()
    page.get_by_role("checkbox", name="Pearl").check()
    page.locator("#ask").get_by_role("button", name="End it").click()
    head = page.locator("#night")
    expect(head).to_contain_text("Called off in Pearl (The evening is over)")
    assert city[0].night["state"] == "open"
    expect(page.locator("#areas .area", has_text="Pearl")).to_contain_text("called off")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(head).not_to_contain_text("Called off")


def test_a_broadcast_can_go_to_the_teams_bound_for_an_area(
    look: Look, city: tuple[Stage, str, StageHub]
) -> None:
    page = look()
    page.get_by_role("button", name="Broadcast…").click()
    expect(page.locator("#ask .preview")).to_contain_text("It reaches all")
    page.get_by_role("checkbox", name="Lloyd").check()
    expect(page.locator("#ask .preview")).to_contain_text("It reaches")
    expect(page.locator("#ask .preview")).not_to_contain_text("all")
    page.locator("#ask textarea").fill("Flooded street.")
    page.locator("#ask").get_by_role("button", name="Send").click()
    expect(page.locator("#toasts")).to_contain_text("Told Team")
    sent = [one["details"] for one in city[0].said.values() if one["kind"] == "broadcast"]
    assert [one["areas"] for one in sent] == [["lloyd"]]


def test_a_broadcast_goes_to_teams_picked_by_keyboard(
    look: Look, city: tuple[Stage, str, StageHub]
) -> None:
    page = look()
    names = sorted(team["name"] for team in city[0].teams.values())[:2]
    page.get_by_role("button", name="Broadcast…").press("Enter")
    for name in names:
        page.locator("#ask").get_by_role("searchbox", name="Find a team").fill(name)
        page.locator("#ask").get_by_role("checkbox", name=name, exact=True).press("Space")
    expect(page.locator("#ask .preview")).to_contain_text("It reaches 2 teams")
    page.locator("#ask textarea").fill("Back to the station.")
    page.locator("#ask").get_by_role("button", name="Send").press("Enter")
    expect(page.locator("#toasts")).to_contain_text(f"Told {names[0]}")
    sent = [one["details"] for one in city[0].said.values() if one["kind"] == "broadcast"][-1]
    assert len(sent["teams"]) == 2
    assert "find" not in sent


def test_the_wall_says_which_areas_are_held_or_called_off(
    look: Look, city: tuple[Stage, str, StageHub]
) -> None:
    stage, _, hub = city
    stage.act({"id": "1", "kind": "hold_night", "areas": ["lloyd"], "reason": "Storm"})
    stage.act({"id": "2", "kind": "call_off_area", "areas": ["pearl"], "reason": "Storm"})
    page = look("wall")
    hub.tell()
    expect(page.locator("#wall-off")).to_have_text("On hold in Lloyd. Called off in Pearl (Storm)")
    areas = page.locator("#areas .area")
    expect(areas.filter(has_text="Pearl")).to_contain_text("called off")
    expect(areas.filter(has_text="Lloyd")).to_contain_text("on hold")
    stage.night |= {"state": "open", "reason": "", "held_areas": [], "called_off": []}


def test_a_team_s_card_leads_to_the_link_for_its_phone(look: Look) -> None:
    page = look()
    page.get_by_role("tab", name="Teams").click()
    page.locator("#list-teams [role=option]").first.click()
    link = page.locator("#card").get_by_role("link", name="Link and QR code for their phone")
    expect(link).to_have_attribute("href", "/portland/team-links")
