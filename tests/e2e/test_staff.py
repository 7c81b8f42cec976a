"""One sign-in opens all three services, and signing out closes them, in a real browser."""

from playwright.sync_api import Browser, expect

from tests.night import Night
from tests.waiting import eventually


def test_one_sign_in_opens_every_service_and_signing_out_closes_them(
    night: Night, browser: Browser
) -> None:
    city = night.add_city()
    night.register(city, 1, phone="626-555-0123", sms_consent=True)
    eventually(lambda: night.counts(city).welcomed, 1)
    night.signed_in(browser).context.close()
    outbox = night.api("notify", f"/?city={city}")
    page = browser.new_page()
    page.goto(outbox)
    page.get_by_label("E-mail address").fill("kim@example.org")
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(outbox)
    page.locator("article", has_text="Text message").get_by_text("Details").first.click()
    expect(page.locator("main")).not_to_contain_text("+16265550123")
    page.get_by_role("button", name="Show the whole address").click()
    expect(page.locator("main")).to_contain_text("+16265550123")
    page.goto(night.api("notify", "/audit"))
    expect(page.locator("tbody tr").first).to_contain_text("address shown")
    page.goto(night.api("registration", "/dead-letters"))
    expect(page.locator("h1")).to_have_text("Dead letters")
    page.goto(night.api("dispatch", "/account"))
    page.get_by_role("button", name="Sign out Kim Lee").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    for address in (outbox, night.api("registration", "/audit"), night.api("dispatch", "/staff")):
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Sign in")
    page.context.close()
