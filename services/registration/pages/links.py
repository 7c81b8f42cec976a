"""Private links sent anew: the page that asks for a contact, and what an expired link shows.

The answer is the same whether there is such a party or not. Only `site.py` adds it.
"""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from services.registration.desk import Desk, LinkExpired, PartyForgotten
from services.registration.domain.city import City
from services.registration.domain.complaints import Rejected
from services.registration.link_desk import LinkDesk
from services.registration.pages.drafts import unstored
from services.registration.pages.frame import check_csrf, words
from services.registration.pages.language import chosen

_MOST = 320


def add_links(pages: Blueprint, desk: Desk, links: LinkDesk) -> None:
    """Add the routes to the pages' blueprint."""

    @pages.get("/<city>/link")
    def ask_link(city: str) -> AnyResponse:
        return _ask(desk.city(city))

    @pages.post("/<city>/link")
    def send_link(city: str) -> AnyResponse:
        settings = desk.city(city)
        typed = request.form.get("contact", "")[:_MOST]
        try:
            check_csrf()
        except Rejected as rejected:
            return _ask(settings, typed, rejected.complaints[0].text)
        if not links.send_to_contact(settings.slug, typed):
            return _ask(settings, typed, "Please give a full phone number or e-mail address.")
        return _sent(settings)

    @pages.post("/<city>/party/<token>/link")
    def send_expired(city: str, token: str) -> AnyResponse:
        settings = desk.city(city)
        try:
            check_csrf()
            links.send(desk.standing(token, city).party)
        except Rejected as rejected:
            return _ask(settings, "", rejected.complaints[0].text)
        except LinkExpired as expired:
            links.send(expired.party)
        return _sent(settings, known=True)

    pages.register_error_handler(LinkExpired, _expired)
    pages.register_error_handler(PartyForgotten, _forgotten)


def _ask(city: City, typed: str = "", error: str = "") -> AnyResponse:
    spoken = chosen(city.languages)
    page = render_template(
        "link.html",
        city=city,
        typed=typed,
        error=spoken.say(error) if error else "",
        **words(spoken, city),
    )
    return unstored(page, 422 if error else 200)


def _sent(city: City, known: bool = False) -> AnyResponse:
    """With `known` it came from the party's own link, which tells nobody of it."""
    spoken = chosen(city.languages)
    page = render_template("link_sent.html", city=city, known=known, **words(spoken, city))
    return unstored(page)


def _expired(expired: LinkExpired) -> AnyResponse:
    city = expired.city
    spoken = chosen(city.languages, expired.party.details.host.language)
    token = (request.view_args or {})["token"]
    party, host = expired.party, expired.party.details.host
    is_told = bool(host.email or (host.phone and host.sms_consent))
    page = render_template(
        "link_expired.html",
        city=city,
        token=token,
        reachable=is_told and not party.is_withdrawn,
        **words(spoken, city),
    )
    return unstored(page, 410)


def _forgotten(forgotten: PartyForgotten) -> AnyResponse:
    city = forgotten.city
    spoken = chosen(city.languages, forgotten.party.details.host.language)
    return unstored(render_template("forgotten.html", city=city, **words(spoken, city)), 410)
