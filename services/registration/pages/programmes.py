"""The form by which residents ask for programmes, with or without a party. Main adds it."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.desk import Desk, NotFound
from services.registration.domain.city import City
from services.registration.domain.complaints import Rejected
from services.registration.domain.programmes import OFFERED, Wish
from services.registration.pages.form import Filled
from services.registration.pages.frame import check_csrf, not_found, words
from services.registration.pages.language import chosen
from services.registration.request_desk import RequestDesk
from shared.ids import new_id

Answer = Response | AnyResponse | str | tuple[str, int]
_TEXTS = ("name", "phone", "email", "address", "area", "words", "language")


def make_programmes(desk: Desk, requests: RequestDesk) -> Blueprint:
    """The blueprint of the form."""
    pages = Blueprint("programmes", __name__)

    @pages.get("/<city>/programmes")
    def form(city: str) -> Answer:
        settings = desk.city(city)
        wanted = frozenset(request.args.getlist("programme")) & OFFERED.keys()
        language = chosen(settings.languages).code
        return _form(settings, Filled({"language": language}, wanted))

    @pages.post("/<city>/programmes")
    def send(city: str) -> Answer:
        settings = desk.city(city)
        values = {name: request.form.get(name, "") for name in _TEXTS}
        programmes = tuple(request.form.getlist("programmes"))
        try:
            check_csrf()
            requests.ask(Wish(programmes, **values), settings, _key())
        except Rejected as rejected:
            said = rejected.by_field(chosen(settings.languages).say)
            return _form(settings, Filled(values, frozenset(programmes), errors=said)), 422
        lang = request.args.get("lang")
        return redirect(url_for("programmes.thanks", city=city, lang=lang), 303)

    @pages.get("/<city>/programmes/thanks")
    def thanks(city: str) -> Answer:
        settings = desk.city(city)
        spoken = chosen(settings.languages)
        return render_template("programmes_thanks.html", city=settings, **words(spoken, settings))

    pages.register_error_handler(NotFound, not_found)
    return pages


def _form(city: City, filled: Filled) -> str:
    spoken = chosen(city.languages)
    return render_template(
        "programmes.html",
        city=city,
        filled=filled,
        programmes=OFFERED,
        areas=[(area.code, area.name) for area in city.areas],
        languages=[(code, spoken.name_of(code)) for code in city.languages],
        form_key=request.form.get("form_key") or new_id(),
        **words(spoken, city),
    )


def _key() -> str:
    """A form sent twice by an impatient finger is one request."""
    text = request.form.get("form_key", "")
    return text if text.isascii() and 8 <= len(text) <= 64 and text.isprintable() else ""
