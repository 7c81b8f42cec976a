"""A party's private page: what is known, change, withdraw, undo. Only `site.py` adds it."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.adapters.postgres_heard import Message
from services.registration.adapters.postgres_live import LiveVisit
from services.registration.desk import Change, Desk, Standing
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.materials import MATERIALS
from services.registration.domain.party import Party
from services.registration.handlers.parties import (
    UNDO_FOR,
    Asker,
    TooLate,
    amend_party,
    restore_party,
    withdraw_party,
)
from services.registration.pages import form
from services.registration.pages.frame import check_csrf, show_form, words
from services.registration.pages.language import Language, chosen
from services.registration.pages.whys import is_over, spoken_why
from services.registration.ports import Means, PartyBook

_PATH = "/<city>/party/<token>"
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
Answer = Response | AnyResponse


def add_private(pages: Blueprint, desk: Desk) -> None:
    """Add the routes to the pages' blueprint."""

    @pages.get(_PATH)
    def status(city: str, token: str) -> Answer:
        return _show("status.html", desk.standing(token, city))

    @pages.get(f"{_PATH}/withdraw")
    def ask_withdrawal(city: str, token: str) -> Answer:
        return _show("withdraw.html", desk.standing(token, city))

    @pages.post(f"{_PATH}/withdraw")
    def withdraw(city: str, token: str) -> Answer:
        return _change(city, token, lambda p, _c, means: withdraw_party(p, _host(), means))

    @pages.post(f"{_PATH}/restore")
    def restore(city: str, token: str) -> Answer:
        return _change(city, token, lambda p, _c, means: restore_party(p, _host(), means))

    @pages.get(f"{_PATH}/change")
    def edit(city: str, token: str) -> Answer:
        standing = desk.standing(token, city)
        filled = form.shown(standing.party.details, standing.city)
        return _form(standing, filled)

    @pages.post(f"{_PATH}/change")
    def amend(city: str, token: str) -> Answer:
        try:
            return _change(city, token, _amendment)
        except Rejected as rejected:
            standing = desk.standing(token, city)
            said = rejected.by_field(_spoken(standing).say)
            return _form(standing, form.sent(request.form, said), 422)

    def _change(city: str, token: str, change: Change) -> Answer:
        check_csrf()
        try:
            desk.change(token, change, city)
        except TooLate:
            return _to_status(city, token)
        return _to_status(city, token)


def _amendment(party: Party, city: City, means: Means[PartyBook]) -> Party:
    if request.form.get("revision") != str(party.revision):
        raise Rejected(
            Complaint("form", "The party was changed meanwhile. Please open its page again.")
        )
    kept = party.details  # what the form does not ask, but the API takes, stays
    asked = replace(
        form.asked(request.form),
        closure=kept.closure,
        rain_plan=kept.rain_plan,
        public=kept.public,
        answers=kept.answers,
    )
    return amend_party(party, asked, city, _host(), means)


def _form(standing: Standing, filled: form.Filled, status: int = 200) -> Answer:
    back = _status_url(standing.city.slug, str((request.view_args or {})["token"]))
    page = show_form(standing.city, filled, _spoken(standing), standing.party, back)
    return _private(make_response(page, status))


def _show(template: str, standing: Standing) -> Answer:
    party, spoken = standing.party, _spoken(standing)
    page = render_template(
        template,
        standing=standing,
        party=party,
        details=party.details,
        city=standing.city,
        minutes_away=_minutes_away(standing.live),
        is_over=is_over,
        in_brief=lambda why: spoken_why(why, spoken),
        can_undo=datetime.now(UTC) - party.changed_at <= UNDO_FOR,
        kinds={kind.code: kind.name for kind in standing.city.visitor_kinds},
        materials=MATERIALS,
        areas={area.code: area.name for area in standing.city.areas},
        phone=_as_dialled(party.details.host.phone),
        in_words=lambda message: _message(message, spoken, standing.city),
        about=lambda message: spoken.say(_ABOUT.get(message.template, "")),
        **words(spoken, standing.city),
    )
    return _private(make_response(page))


def _minutes_away(live: LiveVisit | None) -> int:
    """How far the team is by now; 0 where that is not known any more."""
    if live is None:
        return 0
    gone = int((datetime.now(UTC) - live.at).total_seconds()) // 60
    return max(0, live.minutes - gone)


_ABOUT = {
    "received": "Your registration",
    "window": "The time of the visit",
    "window_changed": "A new time of the visit",
    "not_coming": "No visit after all",
    "on_the_way": "A team on its way",
    "skipped": "A visit left out",
    "held": "Visits on hold",
    "resumed": "Visits go on",
    "called_off": "Visits called off",
}


def _message(message: Message, spoken: Language, city: City) -> str:
    way = {"sms": "Text message", "email": "E-mail"}.get(message.channel, message.channel)
    when = spoken.moment(message.at, city.zone)
    text = "{way} to {to}, sent {when}" if message.sent else "{way} could not be sent, {when}"
    return spoken.say(text).format(way=spoken.say(way), to=message.detail, when=when)


def _as_dialled(phone: str) -> str:
    """North American numbers as people there write them."""
    return re.sub(r"\+1(\d{3})(\d{3})(\d{4})", r"(\1) \2-\3", phone)


def _spoken(standing: Standing) -> Language:
    return chosen(standing.city.languages, standing.party.details.host.language)


def _status_url(city: str, token: str) -> str:
    return url_for("pages.status", city=city, token=token, lang=request.args.get("lang"))


def _to_status(city: str, token: str) -> Answer:
    return redirect(_status_url(city, token), 303)


def _private(response: Response) -> Response:
    for key, value in _PRIVATE.items():
        response.headers[key] = value
    return response


def _host() -> Asker:
    return Asker("host", request.remote_addr or "")
