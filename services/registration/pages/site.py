"""The pages' routes: the cities, a city's form. The private page is in `private.py`."""

import hashlib

import orjson
from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from services.registration.adapters.door import WAIT_SECONDS, TooMany
from services.registration.adapters.links import BadLink
from services.registration.adapters.postgres_answers import Key
from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.complaints import Rejected
from services.registration.domain.party import Party
from services.registration.draft_desk import DraftDesk
from services.registration.handlers.parties import Asker
from services.registration.link_desk import LinkDesk
from services.registration.number_desk import NumberDesk
from services.registration.pages import form, stamp
from services.registration.pages.drafts import add_drafts, forget, found, keep_sent, unstored
from services.registration.pages.frame import (
    Entering,
    check_csrf,
    http_error,
    not_found,
    rejected_elsewhere,
    show_form,
    words,
)
from services.registration.pages.language import Language, chosen
from services.registration.pages.links import add_links
from services.registration.pages.placing import add_places, settled
from services.registration.pages.private import add_private
from services.registration.staff_desk.doubles import DoublesDesk
from shared.languages import NAMES

Answer = Response | AnyResponse | str | tuple[str, int]


def make_pages(
    desk: Desk, drafts: DraftDesk, links: LinkDesk, doubles: DoublesDesk, numbers: NumberDesk
) -> Blueprint:
    """The blueprint of all pages, on the desks given."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def cities() -> Answer:
        found = desk.cities.all()
        if len(found) == 1:
            return redirect(url_for("pages.register", city=found[0].slug))
        spoken = chosen(tuple(NAMES))
        return render_template("cities.html", cities=found, **words(spoken))

    @pages.get("/<city>")
    def register(city: str) -> Answer:
        settings = desk.city(city)
        spoken = chosen(settings.languages)
        if settings.entry.lane(desk.now()) == "closed":
            return render_template("closed.html", city=settings, **words(spoken, settings))
        begun = found(drafts, settings.slug)
        filled = form.sent(begun, {}) if begun else form.empty(settings, spoken.code)
        return unstored(_form(settings, filled, spoken, begun=bool(begun)))

    @pages.post("/<city>")
    def send(city: str) -> Answer:
        settings = desk.city(city)
        spoken = chosen(settings.languages)
        try:
            check_csrf()
            sign = _sign(desk, settings)
            if _is_known(desk, doubles, settings):
                desk.door.answered(request.remote_addr or "")
                filled = form.sent(request.form, {})
                page = unstored(_form(settings, filled, spoken, known=True))
                return keep_sent(drafts, settings.slug, page)
            token = _register(desk, settings, sign)
        except Rejected as rejected:
            filled = form.sent(request.form, rejected.by_field(spoken.say))
            return keep_sent(drafts, settings.slug, unstored(_form(settings, filled, spoken), 422))
        except TooMany as refusal:
            filled = form.sent(request.form, {"form": [spoken.say(str(refusal))]})
            answer = unstored(_form(settings, filled, spoken), 429)
            answer.headers["Retry-After"] = str(WAIT_SECONDS)
            return keep_sent(drafts, settings.slug, answer)
        lang = request.args.get("lang")
        own = redirect(url_for("pages.status", city=city, token=token, lang=lang), 303)
        return forget(drafts, settings.slug, own)

    def _form(
        city: City,
        filled: form.Filled,
        spoken: Language,
        begun: bool = False,
        known: bool = False,
    ) -> str:
        late = city.entry.lane(desk.now()) == "late"
        saved = begun and bool(request.args.get("saved"))
        entering = Entering(late, desk.is_full(city), begun, saved, known)
        return show_form(city, filled, spoken, entering=entering)

    add_private(pages, desk, drafts, doubles, numbers)
    add_drafts(pages, desk, drafts)
    add_links(pages, desk, links)
    add_places(pages, desk)
    pages.register_error_handler(Rejected, rejected_elsewhere)
    pages.register_error_handler(NotFound, not_found)
    pages.register_error_handler(BadLink, not_found)
    pages.register_error_handler(HTTPException, http_error)
    return pages


def _is_known(desk: Desk, doubles: DoublesDesk, city: City) -> bool:
    """Whether to ask first; whoever said that it is another party is not asked again."""
    said_so = bool(request.form.get("another"))
    if said_so or city.entry.lane(desk.now()) == "closed" or desk.has_answered(_key(city)):
        return False
    return doubles.is_known(form.asked(request.form), city)


def _sign(desk: Desk, city: City) -> str:
    """Why the party would be held; raises `TooMany` before anything is said of others."""
    asked = settled(form.asked(request.form), city)
    return desk.door.sign(asked, request.remote_addr or "", stamp.signs())


def _register(desk: Desk, city: City, sign: str) -> str:
    def answer(party: Party) -> bytes:
        return desk.links.token(party.id).encode()

    asked, origin = settled(form.asked(request.form), city), request.remote_addr or ""
    asker = Asker("host", origin, held=sign)
    made = desk.register(asked, city, asker, answer, _key(city)).decode()
    desk.door.entered(asked, origin)
    return made


def _key(city: City) -> Key | None:
    """A form sent twice by an impatient finger is one registration."""
    text = request.form.get("form_key", "")
    if not text.isascii() or not 8 <= len(text) <= 64:
        return None
    fields = {k: v for k, v in request.form.lists() if k not in ("csrf_token", "another")}
    body = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(body).digest()
    return Key(city.slug, f"form {text} {digest.hex()[:16]}", digest)
