"""A party's private page: what is known, change, withdraw, undo. Only `site.py` adds it."""

import re
from datetime import UTC, datetime

from flask import Blueprint, make_response, render_template, request

from services.registration.adapters.postgres_heard import Message
from services.registration.adapters.postgres_live import LiveVisit
from services.registration.desk import Change, Desk, Standing
from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.materials import MATERIALS
from services.registration.domain.party import Party, Registration
from services.registration.domain.proof import shortly
from services.registration.draft_desk import DraftDesk
from services.registration.handlers.parties import (
    UNDO_FOR,
    amend_party,
    restore_party,
    withdraw_party,
)
from services.registration.number_desk import NumberDesk
from services.registration.pages import form
from services.registration.pages.frame import show_form, words
from services.registration.pages.keepsakes import add_keepsakes
from services.registration.pages.language import Language
from services.registration.pages.number import add_number
from services.registration.pages.own import (
    PATH,
    Answer,
    changed,
    private,
    spoken_with,
    status_url,
    the_host,
    to_page,
)
from services.registration.pages.placing import settled
from services.registration.pages.whys import is_over, spoken_why
from services.registration.ports import Means, PartyBook
from services.registration.staff_desk.doubles import DoublesDesk


def add_private(
    pages: Blueprint, desk: Desk, drafts: DraftDesk, doubles: DoublesDesk, numbers: NumberDesk
) -> None:
    """Add the routes to the pages' blueprint."""

    @pages.get(PATH)
    def status(city: str, token: str) -> Answer:
        standing = desk.standing(token, city)
        kept = doubles.kept_instead(standing.party)
        if kept:
            return to_page("pages.status", city, desk.links.token(kept.id, kept.link_version))
        return _show("status.html", standing)

    @pages.get(f"{PATH}/withdraw")
    def ask_withdrawal(city: str, token: str) -> Answer:
        return _show("withdraw.html", desk.standing(token, city))

    @pages.post(f"{PATH}/withdraw")
    def withdraw(city: str, token: str) -> Answer:
        return _change(city, token, lambda p, _c, means: withdraw_party(p, the_host(), means))

    @pages.post(f"{PATH}/restore")
    def restore(city: str, token: str) -> Answer:
        return _change(city, token, lambda p, c, means: restore_party(p, the_host(), means, city=c))

    @pages.get(f"{PATH}/change")
    def edit(city: str, token: str) -> Answer:
        standing = desk.standing(token, city)
        filled = form.shown(standing.party.details, standing.city)
        return _form(standing, filled)

    @pages.post(f"{PATH}/change")
    def amend(city: str, token: str) -> Answer:
        try:
            asked = settled(form.asked(request.form), desk.city(city))
            return _change(city, token, _amendment(asked))
        except Rejected as rejected:
            standing = desk.standing(token, city)
            said = rejected.by_field(spoken_with(standing).say)
            return _form(standing, form.sent(request.form, said), 422)

    add_keepsakes(pages, desk, drafts)
    add_number(pages, desk, numbers, lambda *told: _show("status.html", *told))

    def _change(city: str, token: str, change: Change) -> Answer:
        return changed(desk, city, token, change)


def _amendment(asked: Registration) -> Change:
    def amend(party: Party, city: City, means: Means[PartyBook]) -> Party:
        if request.form.get("revision") != str(party.revision):
            raise Rejected(
                Complaint("form", "The party was changed meanwhile. Please open its page again.")
            )
        return amend_party(party, asked, city, the_host(), means)

    return amend


def _form(standing: Standing, filled: form.Filled, status: int = 200) -> Answer:
    back = status_url(standing.city.slug, str((request.view_args or {})["token"]))
    page = show_form(standing.city, filled, spoken_with(standing), standing.party, back)
    return private(make_response(page, status))


def _show(template: str, standing: Standing, number_error: str = "", status: int = 200) -> Answer:
    party, spoken = standing.party, spoken_with(standing)
    page = render_template(
        template,
        standing=standing,
        party=party,
        details=party.details,
        city=standing.city,
        questions=standing.city.entry.questions,
        answers=dict(party.details.answers),
        held_on=party.details.span.opens.astimezone(standing.city.zone).date(),
        earlier=standing.city.is_of_an_earlier_year(party.details.span),
        late=standing.city.entry.is_late(party.received_at),
        minutes_away=_minutes_away(standing.live),
        is_over=is_over,
        in_brief=lambda why: spoken_why(why, spoken),
        can_undo=datetime.now(UTC) - party.changed_at <= UNDO_FOR,
        kinds={kind.code: kind.name for kind in standing.city.visitor_kinds},
        materials=MATERIALS,
        areas={area.code: area.name for area in standing.city.areas},
        phone=_as_dialled(party.details.host.phone),
        number_shortly=shortly(party.details.host.phone),
        number_error=number_error,
        in_words=lambda message: _message(message, spoken, standing.city),
        about=lambda message: spoken.say(_ABOUT.get(message.template, "")),
        **words(spoken, standing.city),
    )
    return private(make_response(page, status))


def _minutes_away(live: LiveVisit | None) -> int:
    """How far the team is by now; 0 where that is not known any more."""
    if live is None:
        return 0
    gone = int((datetime.now(UTC) - live.at).total_seconds()) // 60
    return max(0, live.minutes - gone)


_ABOUT = {
    "received": "Your registration",
    "link": "Your private link",
    "prove": "A code for your number",
    "confirm": "Whether the party takes place",
    "somebody_else": "Others come than planned",
    "new_date": "A new date",
    "thanks": "Thank you",
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
