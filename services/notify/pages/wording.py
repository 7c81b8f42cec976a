"""The pages on which staff sees and changes how a city words its messages. Only main uses them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.notify.adapters.own_words import Source
from services.notify.adapters.reading import CityName
from services.notify.adapters.wordings import Place, Saved, Wordings
from services.notify.adapters.workshop import Draft, WordShop
from services.notify.domain.catalogue import CATALOGUE, TEMPLATES, Entry
from services.notify.domain.values import CHANNELS, EMAIL
from services.notify.pages.outbox import CHANNEL_NAMES, HTML_PART
from shared.actor import current_actor

Save = Callable[[Place, Source, bool], None]


@dataclass(frozen=True, slots=True)
class Page:
    """What the pages need: the words as they hold, what was saved, and how to save."""

    shop: WordShop
    saved: Wordings
    save: Save
    cities: Callable[[], Sequence[CityName]]


def wording_pages(page: Page) -> Blueprint:
    """The blueprint of the pages."""
    pages = Blueprint("wording", __name__, template_folder="templates", url_prefix="/wording")

    @pages.get("/")
    def choose() -> str:
        mine = [city for city in page.cities() if current_actor().reaches(city.id)]
        return render_template("choose.html", cities=mine, to="wording.listed", title="Wording")

    @pages.get("/<city>")
    def listed(city: str) -> Response:
        found = page.shop.open(city, request.args.get("party", ""))
        if found is None:
            return _missing()
        words = {
            "shop": found,
            "entries": CATALOGUE,
            "languages": page.shop.languages,
            "missing": found.missing(),
            "channel_names": CHANNEL_NAMES,
        }
        return make_response(render_template("wordings.html", **words))

    @pages.get("/<city>/<language>/<template>/<channel>")
    def one(city: str, language: str, template: str, channel: str) -> Response:
        place = _place(page, city, template, channel, language)
        if place is None:
            return _missing()
        number = request.args.get("version", "")
        older = next((s for s in _versions(page, place) if str(s.id) == number), None)
        source = Source(older.subject, older.body, older.version) if older else None
        return _one(page, place, source, 200)

    @pages.post("/<city>/<language>/<template>/<channel>")
    def change(city: str, language: str, template: str, channel: str) -> AnyResponse:
        place = _place(page, city, template, channel, language)
        if place is None:
            return _missing()
        return _change(page, place)

    @pages.get("/<city>/<language>/<template>/html")
    def html_part(city: str, language: str, template: str) -> Response:
        place = _place(page, city, template, EMAIL, language)
        found = place and page.shop.open(city, request.args.get("party", ""))
        if not place or not found:
            return Response("There is no such template.", 404, mimetype="text/plain")
        html = found.preview(place).html
        return Response(html, headers={"Content-Security-Policy": HTML_PART})

    return pages


def _change(page: Page, place: Place) -> AnyResponse:
    form = request.form
    source = Source(
        " ".join(form.get("subject", "").split()),
        form.get("body", "").replace("\r\n", "\n").replace("\0", "").strip(),
        "draft",
    )
    if form.get("do") == "restore":
        page.save(place, Source("", "", ""), True)
    elif form.get("do") != "save":
        return _one(page, place, source, 200, looked=True)
    elif page.shop.faults(place, source):
        return _one(page, place, source, 422)
    else:
        page.save(place, source, False)
    return redirect(f"{_address(place)}?saved=1", 303)


def _address(place: Place) -> str:
    return url_for(
        "wording.one",
        city=place.city,
        language=place.language,
        template=place.template,
        channel=place.channel,
    )


def _one(
    page: Page, place: Place, source: Source | None, status: int, looked: bool = False
) -> Response:
    shop = page.shop.open(place.city, request.values.get("party", ""))
    if shop is None:
        return _missing()
    draft: Draft = shop.draft(place, source)
    words = {
        "shop": shop,
        "place": place,
        "entry": _entry(place.template),
        "draft": draft,
        "looked": looked,
        "versions": _versions(page, place),
        "names": page.shop.names,
        "channel_name": CHANNEL_NAMES[place.channel],
        "saved": "saved" in request.args,
        "may_change": current_actor().has(place.city, "notifier"),
    }
    return make_response(render_template("wording.html", **words), status)


def _versions(page: Page, place: Place) -> Sequence[Saved]:
    return page.saved.versions(place.city, place.template, place.channel, place.language)


def _entry(template: str) -> Entry:
    return next(entry for entry in CATALOGUE if entry.name == template)


def _place(page: Page, city: str, template: str, channel: str, language: str) -> Place | None:
    known = template in TEMPLATES and channel in CHANNELS and language in page.shop.languages
    return Place(city, template, channel, language) if known else None


def _missing() -> Response:
    return make_response(render_template("missing.html"), 404)
