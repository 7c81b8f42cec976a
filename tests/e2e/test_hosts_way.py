"""A host's lost link and the waiting list, through real processes."""

import re

import httpx

from tests.night import Night
from tests.waiting import eventually


def _sent(night: Night, city: str) -> int:
    query = (
        "select count(*) from messages where city = %s and template in ('received', 'link')"
        " and state = %s"
    )
    found: int = night.ask("notify", query, city, "sent")
    return found


def test_a_lost_link_is_sent_once_more_to_the_contact_in_the_book(night: Night) -> None:
    city = night.add_city()
    party = night.register(city, 1)
    eventually(lambda: _sent(night, city), 1)
    with httpx.Client(base_url=night.api("registration", ""), timeout=20) as browser:
        page = browser.get(f"/{city}/link").text
        (guard,) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
        asked = {"csrf_token": guard, "contact": party["email"].upper()}
        answer = browser.post(f"/{city}/link", data=asked)
        assert "its link is on its way" in answer.text
    eventually(lambda: _sent(night, city), 2)
    newest = "select body from messages where city = %s and news = 'link'"
    (link,) = re.findall(r"https?://\S+/party/\S+", night.ask("notify", newest, city))
    assert party["code"] in night.client.get(link).text


def test_who_waits_is_visited_as_soon_as_a_place_is_free(night: Night) -> None:
    city = night.add_city(of_last_team="[registration]\ncap = 1\n")
    first, second = night.register(city, 1), night.register(city, 2)
    assert (first["waiting"], second["waiting"]) == (False, True)
    eventually(lambda: night.board(city)["planned"], 1)
    assert "Your place in line: 1." in night.client.get(second["status_url"]).text
    night.client.delete(night.api("registration", first["api_url"]))
    eventually(lambda: "Officers plan to visit" in night.client.get(second["status_url"]).text)
