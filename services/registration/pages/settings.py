"""A city's settings for its planners: form, text, preview, history. Main adds it."""

from collections.abc import Mapping
from zoneinfo import available_timezones

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.registration.adapters.city_text import edited
from services.registration.adapters.postgres_cities import Edition
from services.registration.city_desk import CityDesk
from services.registration.desk import Desk
from services.registration.domain.city import City
from services.registration.domain.city_change import Way
from services.registration.domain.city_difference import differences
from services.registration.domain.toml_table import CityFileWrong
from services.registration.handlers.cities import SettingsMoved
from services.registration.pages import settings_form
from services.registration.pages.frame import not_found
from services.registration.pages.language import language
from services.registration.pages.settings_form import SettingsForm
from services.registration.pages.staff_frame import staff_page
from shared.actor import current_actor
from shared.gate import refused_page
from shared.languages import NAMES

Answer = Response | AnyResponse
_WAYS: Mapping[str, Way] = {"page": "page", "restored": "restored"}


class _Gone(LookupError):
    """There is no such city or edition."""


class SettingsPages:
    """The views, on the city desk given."""

    def __init__(self, desk: CityDesk, front: Desk) -> None:
        self._desk = desk
        self._front = front

    def show(self, city: str) -> Answer:
        """The form as things are."""
        current = self._current(city)
        return self._form(city, current, settings_form.shown(current.source))

    def send(self, city: str) -> Answer:
        """Weigh what was sent; ask again where it is wrong or was made on older settings."""
        current, mine = self._current(city), settings_form.sent(request.form)
        seen = self._edition(city, _seen())
        if seen.revision != current.revision:
            whole = settings_form.merged(
                mine, settings_form.shown(seen.source), settings_form.shown(current.source)
            )
            return self._form(city, current, whole, status=409, since=seen)
        try:
            source = edited(current.source, mine.values, mine.rows)
            return self._weighed(city, current, source, "page")
        except CityFileWrong as error:
            return self._form(city, current, mine.about(error), status=422)

    def text(self, city: str) -> Answer:
        """The file's text, for experts."""
        current = self._current(city)
        return self._text(city, current, current.source)

    def send_text(self, city: str) -> Answer:
        """Weigh a whole text."""
        current = self._current(city)
        source = request.form.get("source", "").replace("\r\n", "\n").replace("\0", "")
        seen = self._edition(city, _seen())
        if seen.revision != current.revision:
            return self._text(city, current, source, status=409, since=seen)
        try:
            return self._weighed(city, current, source, "page")
        except CityFileWrong as error:
            return self._text(city, current, source, str(error), 422)

    def again(self, city: str) -> Answer:
        """Back from the preview to the form, with what was typed."""
        current = self._current(city)
        try:
            form = settings_form.shown(request.form.get("source", ""))
        except ValueError:
            form = settings_form.shown(current.source)
        return self._form(city, current, form)

    def save(self, city: str) -> Answer:
        """Keep what the preview showed."""
        source = request.form.get("source", "").replace("\r\n", "\n")
        way = _WAYS.get(request.form.get("way", ""), "page")
        current = self._current(city)
        try:
            self._desk.weigh(self._city(city), current, source)
            self._desk.keep(source, _seen(), current_actor().name, way)
        except SettingsMoved:
            since = self._edition(city, _seen())
            return self._text(city, self._current(city), source, status=409, since=since)
        except CityFileWrong as error:
            return self._text(city, current, source, str(error), 422)
        return redirect(url_for("settings.show", city=city, saved="yes"), 303)

    def history(self, city: str) -> Answer:
        """Who changed what, newest first."""
        found = self._desk.editions(city)
        if not found:
            raise _Gone
        earlier = [edition.source for edition in found[1:]]
        changes = [differences(old, new.source) for old, new in zip(earlier, found, strict=False)]
        return self._page(
            "settings_history.html",
            city,
            editions=list(zip(found, [*changes, []], strict=True)),
        )

    def restore(self, city: str, revision: int) -> Answer:
        """Weigh an earlier text as if it were sent now."""
        current, wanted = self._current(city), self._edition(city, revision)
        try:
            return self._weighed(city, current, wanted.source, "restored")
        except CityFileWrong as error:
            return self._text(city, current, wanted.source, str(error), 422)

    def _weighed(self, city: str, current: Edition, source: str, way: Way) -> Answer:
        preview = self._desk.weigh(self._city(city), current, source)
        if source == current.source:
            return redirect(url_for("settings.show", city=city, saved="same"), 303)
        if not preview.parties and way == "page":
            self._desk.keep(source, current.revision, current_actor().name, way)
            return redirect(url_for("settings.show", city=city, saved="yes"), 303)
        return self._page("settings_preview.html", city, preview=preview, current=current, way=way)

    def _form(
        self,
        city: str,
        current: Edition,
        form: SettingsForm,
        *,
        status: int = 200,
        since: Edition | None = None,
    ) -> Answer:
        spoken = [*NAMES, *(code for code in form.languages if code not in NAMES)]
        return self._page(
            "settings.html",
            city,
            status,
            form=form,
            current=current,
            since=since,
            moved=differences(since.source, current.source) if since else [],
            zones=sorted(available_timezones()),
            languages=[(code, NAMES.get(code, code)) for code in spoken],
            saved=request.args.get("saved", ""),
        )

    def _text(
        self,
        city: str,
        current: Edition,
        source: str,
        error: str = "",
        status: int = 200,
        since: Edition | None = None,
    ) -> Answer:
        return self._page(
            "settings_text.html",
            city,
            status,
            current=current,
            source=source,
            error=error,
            since=since,
            moved=differences(since.source, current.source) if since else [],
        )

    def _page(self, template: str, city: str, status: int = 200, **words: object) -> Answer:
        found, spoken = self._city(city), language("en")
        return staff_page(self._front, found, template, status, spoken=spoken, **words)

    def _city(self, slug: str) -> City:
        found = self._desk.cities.find(slug)
        if found is None:
            raise _Gone
        return found

    def _current(self, slug: str) -> Edition:
        found = self._desk.editions(slug)
        if not found:
            raise _Gone
        return found[0]

    def _edition(self, slug: str, revision: int) -> Edition:
        found = self._desk.edition(slug, revision)
        if found is None:
            raise _Gone
        return found


def make_settings(desk: CityDesk, front: Desk) -> Blueprint:
    """The blueprint of the settings pages."""
    pages, views = Blueprint("settings", __name__), SettingsPages(desk, front)
    base = "/staff/<city>/settings"
    pages.add_url_rule(base, "show", views.show)
    pages.add_url_rule(base, "send", views.send, methods=["POST"])
    pages.add_url_rule(f"{base}/text", "text", views.text)
    pages.add_url_rule(f"{base}/text", "send_text", views.send_text, methods=["POST"])
    pages.add_url_rule(f"{base}/again", "again", views.again, methods=["POST"])
    pages.add_url_rule(f"{base}/save", "save", views.save, methods=["POST"])
    pages.add_url_rule(f"{base}/history", "history", views.history)
    restore = f"{base}/history/<int:revision>"
    pages.add_url_rule(restore, "restore", views.restore, methods=["POST"])
    pages.register_error_handler(_Gone, not_found)
    pages.register_error_handler(SettingsMoved, lambda moved: refused_page(str(moved), 409))
    return pages


def _seen() -> int:
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
