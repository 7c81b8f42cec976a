"""A telephone with the team's page in it, in a real browser. Only tests use it."""

import re

from playwright.sync_api import Page

from tests.waiting import eventually

PIXEL = {
    "viewport": {"width": 412, "height": 839},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 7) Chrome/131.0 Mobile Safari/537.36",
}
STEADY = """const passed = performance.now.bind(performance);
let more = 0, held = null;
performance.now = () => (held ?? passed()) + more;
window.later = (ms) => { more += ms; };
window.hold = () => { held = passed(); };"""
"""Lets a second pass at once for the clock that nobody can set, or none at all."""
WAITING = """new Promise((tell) => {
  const asked = indexedDB.open("porchlight-team");
  asked.onsuccess = () => {
    const counted = asked.result.transaction("waiting").objectStore("waiting").count();
    counted.onsuccess = () => { asked.result.close(); tell(counted.result); };
  };
})"""
"""How many taps wait in the phone."""


def wrong_by(minutes: int) -> str:
    """A script that puts the phone's clock forward, or back."""
    return f"""const real = Date.now;
Date.now = () => real() + {minutes * 60_000};
Date = class extends Date {{
  constructor(...given) {{ given.length ? super(...given) : super(Date.now()); }}
}};"""


def tap(page: Page, name: str) -> None:
    """A tap on a button of the bar, once it is not guarded against a double tap any more."""
    button = page.locator("#bar").get_by_role("button", name=re.compile(f"^{re.escape(name)}"))
    if page.evaluate("navigator.onLine"):  # What waits must not be made older by the next line.
        eventually(lambda: page.evaluate(WAITING), 0)
    page.evaluate("later(1000)")
    button.tap()


def take_out(page: Page) -> None:
    """Take the telephone out of the pocket: it looks at once how things stand."""
    page.evaluate("window.dispatchEvent(new Event('online'))")
