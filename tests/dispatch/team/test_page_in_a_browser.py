"""The team's page as an officer has it in hand: a real browser the size of a telephone."""

import io
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.dispatch.domain.breaks import EndPlace, ShownBreak
from services.dispatch.domain.taps import Tap
from tests.dispatch.team.conftest import START
from tests.dispatch.team.fake_night import FakeNight, make_stop
from tests.dispatch.team.handset import PIXEL, STEADY, tap, wrong_by
from tests.waiting import eventually

Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, client: httpx.Client, link: str) -> Iterator[Opened]:
    """Opens Patrol 1's link on a telephone; a complaint in its console fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(*, before: str = "", **over: Any) -> Page:
        context = browser.new_context(**{**PIXEL, **over})
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(STEADY)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if before:
            page.add_init_script(before)
        page.goto(f"{client.base_url}{link}")
        expect(page.locator("#status")).to_have_attribute("data-mode", "live")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def kinds(night: FakeNight) -> list[str]:
    """What the server has been told, by time."""
    return [each.kind for each in sorted(night.taps.values(), key=lambda each: each.at)]


def keep_offline(page: Page) -> None:
    """Wait until the page can be opened without signal."""
    eventually(
        lambda: page.evaluate(
            "caches.open('porchlight-team').then(c => c.match('/team')).then(Boolean)"
        )
    )


def test_an_evening_is_tapped_through_with_one_thumb(opened: Opened, night: FakeNight) -> None:
    night.team = replace(night.team, night="planned", state="off")
    page = opened()
    assert page.url.endswith("/team")
    tap(page, "We are at the kick-off")
    expect(page.locator("#bar .main")).to_have_count(0)
    night.team = replace(night.team, night="open")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", level=1)).to_have_text("Patrol 1")
    card = page.locator("#next")
    expect(card).to_contain_text("Maple & Oak neighbors")
    expect(card).to_contain_text("400 block of Maple St")
    expect(card).to_contain_text("Pat")
    expect(card).to_contain_text("Police officers")
    maps = card.get_by_role("link", name="Open in maps")
    expect(maps).to_have_attribute("href", re.compile(r"^geo:34\.\d+,-118\.08\?q="))
    tap(page, "On our way")
    tap(page, "Arrived")
    expect(card).to_contain_text("You are here")
    tap(page, "Left")
    expect(card).to_contain_text("Linda Vista picnic")
    tap(page, "Pulled to a call")
    expect(card).to_contain_text("Nothing is kept but that you are busy")
    tap(page, "Back from the call")
    expect(card).to_contain_text("Linda Vista picnic")
    tap(page, "Skip")
    page.get_by_role("button", name="Nobody is there").tap()
    expect(card).to_contain_text("Garfield Heights")
    eventually(
        lambda: kinds(night),
        ["check_in", "en_route", "arrived", "left", "to_call", "back_from_call", "skip"],
    )
    (skipped,) = [each for each in night.taps.values() if each.kind == "skip"]
    assert (skipped.party, skipped.reason) == ("p2", "nobody_there")
    expect(page.locator("#after .behind")).to_contain_text("skipped")


def test_the_list_has_the_break_at_its_time_and_where_to_end(
    opened: Opened, night: FakeNight
) -> None:
    begins = night.team.stops[1].arrives_at + timedelta(minutes=10)
    rest = ShownBreak(begins, begins + timedelta(minutes=12), "planned")
    end = EndPlace("Station 2", 34.1, -118.1, None)
    night.team = replace(night.team, breaks=(rest,), end=end)
    page = opened()
    rows = page.locator("#after ol li")
    expect(rows.nth(1)).to_contain_text(re.compile(r"Break \d+:\d\d"))
    expect(rows.nth(2)).to_contain_text("Garfield Heights")
    expect(page.locator("#after .home")).to_contain_text("Be back at Station 2 by")


def test_a_finger_that_trembles_is_one_tap_and_a_slip_is_taken_back(
    opened: Opened, night: FakeNight
) -> None:
    page = opened()
    page.evaluate("hold()")
    tap(page, "Arrived")
    for _ in range(3):
        page.locator("#bar .main").tap()
    eventually(lambda: kinds(night), ["arrived"])
    expect(page.locator("#bar .main")).to_contain_text("Left")
    page.get_by_role("button", name="Undo").tap()
    expect(page.locator("#bar .main")).to_contain_text("On our way")
    assert len(night.undone) == 1


def test_without_signal_taps_wait_survive_a_reload_and_are_sent_once(
    opened: Opened, night: FakeNight
) -> None:
    page = opened()
    keep_offline(page)
    page.context.set_offline(True)
    tap(page, "On our way")
    tap(page, "Arrived")
    waits = page.locator("#waits")
    expect(waits).to_have_text("2 taps waiting, will be sent when there is signal.")
    page.reload()
    expect(page.locator("#next")).to_contain_text("You are here")
    expect(waits).to_have_text("2 taps waiting, will be sent when there is signal.")
    tap(page, "Left")
    expect(waits).to_have_text("3 taps waiting, will be sent when there is signal.")
    expect(page.locator("#said")).not_to_be_empty()
    expect(page.locator("#status")).to_contain_text("No signal. Shows what was known at")
    expect(page.locator("#next")).to_contain_text("Linda Vista picnic")
    assert night.taps == {}
    page.context.set_offline(False)
    expect(waits).to_be_empty()
    eventually(lambda: kinds(night), ["en_route", "arrived", "left"])
    expect(page.locator("#status")).to_have_attribute("data-mode", "live")
    assert night.asked >= 1


def test_an_answer_that_is_lost_does_not_make_two_taps_of_one(
    opened: Opened, night: FakeNight
) -> None:
    page = opened()
    lost: list[str] = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append("the first answer")
        route.fetch()
        route.abort()

    page.route("**/team/taps", lose)
    tap(page, "Arrived")
    expect(page.locator("#waits")).to_contain_text("1 tap waiting")
    expect(page.locator("#waits")).to_be_empty(timeout=15_000)
    assert lost
    assert kinds(night) == ["arrived"]
    assert night.asked == 2


def test_a_clock_that_is_wrong_tells_the_right_time(opened: Opened, night: FakeNight) -> None:
    page = opened(before=wrong_by(-120))
    keep_offline(page)
    page.context.set_offline(True)
    tap(page, "Arrived")
    expect(page.locator("#waits")).to_be_visible()
    page.context.set_offline(False)
    (kept,) = eventually(lambda: list(night.taps.values()), lambda taps: len(taps) == 1)
    assert abs(datetime.now(UTC) - kept.at) < timedelta(minutes=1)


def test_it_says_what_changed_since_the_last_look_and_what_dispatch_says(
    opened: Opened, night: FakeNight
) -> None:
    page = opened()
    stops = night.team.stops
    later = make_stop("p2", 160, START, name=stops[1].name)
    night.plan(stops[0], later, make_stop("p9", 170, START, name="Walk-up on Elm"))
    night.say("Storm from the west at 8.", datetime.now(UTC))
    page.evaluate("window.dispatchEvent(new Event('online'))")
    notices = page.locator("#notices")
    expect(notices).to_contain_text("3 stops changed")
    expect(notices).to_contain_text("New: Walk-up on Elm")
    expect(notices).to_contain_text("No longer yours: Garfield Heights")
    expect(notices).to_contain_text("Linda Vista picnic:")
    expect(notices).to_contain_text("Storm from the west at 8.")
    for _ in range(2):
        notices.get_by_role("button", name="Got it").first.tap()
    expect(notices).to_be_empty()
    page.reload()
    expect(page.locator("#status")).to_have_attribute("data-mode", "live")
    expect(notices).to_be_empty()


def test_a_team_mate_s_tap_is_told_and_can_be_undone_here(opened: Opened, night: FakeNight) -> None:
    page = opened()
    other = Tap(str(uuid.uuid4()), "left", datetime.now(UTC), "p1")
    night.apply("", "t1", [other], other.at)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    notices = page.locator("#notices")
    expect(notices).to_contain_text("Marked as visited: Maple & Oak neighbors")
    notices.get_by_role("button", name="Undo").tap()
    eventually(lambda: night.undone, {other.id})
    expect(page.locator("#next")).to_contain_text("Maple & Oak neighbors")


def test_a_tap_that_cannot_be_is_told_in_words(opened: Opened, night: FakeNight) -> None:
    page = opened()
    keep_offline(page)
    page.context.set_offline(True)
    tap(page, "Arrived")
    night.apply("", "t1", [Tap(str(uuid.uuid4()), "left", datetime.now(UTC), "p1")], START)
    page.context.set_offline(False)
    expect(page.locator("#notices")).to_contain_text("Not applied: Arrived")
    expect(page.locator("#notices")).to_contain_text("The team has been there already.")


def test_a_note_a_count_and_a_photo_are_brought_home(opened: Opened, client: httpx.Client) -> None:
    page = opened()
    tap(page, "Arrived")
    tap(page, "Note")
    page.get_by_label("Head count", exact=True).fill("63")
    page.get_by_label("Note", exact=True).fill("Lost dog, brown")
    page.get_by_role("button", name="Save").tap()
    city = "/api/v1/cities/pasadena"
    eventually(lambda: len(client.get(f"{city}/field-notes").json()["notes"]), 2)
    notes = {note["kind"]: note for note in client.get(f"{city}/field-notes").json()["notes"]}
    assert notes["head_count"]["people"] == 63
    assert notes["note"]["party_id"] == "p1"
    tap(page, "Note")
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000), "navy").save(out, "JPEG")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Photo …", exact=True).tap()
    chooser.value.set_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    (kept,) = eventually(lambda: client.get(f"{city}/photos").json()["photos"], bool)
    assert (kept["width"], kept["height"]) == (1600, 1067)


def test_where_we_are_is_asked_for_only_by_a_button_and_only_suggests(
    opened: Opened, night: FakeNight, client: httpx.Client
) -> None:
    place = night.team.stops[0].place
    here = {"latitude": place.lat, "longitude": place.lon, "accuracy": 15}
    page = opened(geolocation=here, permissions=["geolocation"])
    positions = "/api/v1/cities/pasadena/positions"
    tap(page, "More")
    assert client.get(positions).json()["positions"] == []
    page.get_by_role("button", name="Share where we are").tap()
    expect(page.locator("#bar")).to_contain_text("You seem to be there. Arrived?")
    eventually(lambda: len(client.get(positions).json()["positions"]), 1)
    assert night.taps == {}
    tap(page, "More")
    page.get_by_role("button", name="Stop sharing").tap()
    expect(page.locator("#bar")).not_to_contain_text("You seem to be there")
    eventually(lambda: client.get(positions).json()["positions"], [])


def test_a_revoked_link_says_so_and_forgets_the_evening(
    opened: Opened, client: httpx.Client
) -> None:
    page = opened()
    keep_offline(page)
    links = "/api/v1/cities/pasadena/team-links"
    client.delete(f"{links}/{client.get(links).json()['links'][0]['id']}")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#notices")).to_contain_text("This link has ended")
    expect(page.locator("#bar")).to_be_empty()
    eventually(lambda: page.evaluate("caches.keys().then(k => k.length)"), 0)
    page.reload()
    expect(page.get_by_role("heading")).to_have_text("The link has ended")


def test_taps_that_waited_while_the_link_was_replaced_are_sent_by_the_new_one(
    opened: Opened, client: httpx.Client, night: FakeNight
) -> None:
    page = opened()
    keep_offline(page)
    page.context.set_offline(True)
    tap(page, "Arrived")
    expect(page.locator("#waits")).to_contain_text("1 tap waiting")
    wish = {"teams": ["t1"], "renew": True}
    answer = client.post("/api/v1/cities/pasadena/team-links", json=wish)
    page.context.set_offline(False)
    expect(page.locator("#notices")).to_contain_text("1 tap could not be sent.", timeout=15_000)
    assert night.taps == {}
    path = answer.json()["links"][0]["url"].removeprefix("http://127.0.0.1")
    page.goto(f"{client.base_url}{path}")
    expect(page.locator("#next")).to_contain_text("You are here")
    eventually(lambda: kinds(night), ["arrived"])


def test_it_speaks_spanish_all_of_it(opened: Opened, night: FakeNight) -> None:
    page = opened(locale="es-MX")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("#next")).to_contain_text("Oficiales de policía")
    tap(page, "Llegamos")
    expect(page.locator("#next")).to_contain_text("Están aquí")
    tap(page, "Más")
    page.get_by_role("link", name="English").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#next")).to_contain_text("You are here")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(opened: Opened, night: FakeNight, scheme: str) -> None:
    narrow = {"width": 320, "height": 640}
    page = opened(color_scheme=scheme, bypass_csp=True, viewport=narrow, reduced_motion="reduce")
    night.say("A rather long message from dispatch about parking at Rose Bowl.", START)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#notices")).to_contain_text("Rose Bowl")
    for step in ("", "Note", "More"):
        if step:
            if step == "Note":
                tap(page, "Arrived")
            tap(page, step)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0
        small = page.evaluate(SMALL_TARGETS)
        assert small == []
        if step:
            page.get_by_role("button", name="Close").tap()


SMALL_TARGETS = """() =>
  [...document.querySelectorAll("button, a, select, summary, input, textarea")]
  .filter((e) => e.checkVisibility() && !e.closest(".tick") && !e.matches(".skip-link"))
  .filter((e) => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44; })
  .map((e) => e.outerHTML.slice(0, 80))"""
