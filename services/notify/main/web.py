"""The `web` role of notify."""

from functools import partial

from flask import Flask

from services.notify.adapters.own_words import Source
from services.notify.adapters.reading import Reading, Shown
from services.notify.adapters.texts import TemplateWords
from services.notify.adapters.voices import Voices, keep_voice
from services.notify.adapters.wordings import Place, Wordings, keep_words
from services.notify.adapters.workshop import WordShop
from services.notify.api.messages import messages_api
from services.notify.api.voice import voice_api
from services.notify.domain.voice import Voice
from services.notify.main.access import ACCESS
from services.notify.main.parts import CLOCK, SERVICE, make_senders, settings_for
from services.notify.pages.outbox import outbox_pages
from services.notify.pages.voice import voice_pages
from services.notify.pages.wording import Page, wording_pages
from services.notify.settings import Settings
from shared.actor import current_actor
from shared.audit import record
from shared.audit_page import audit_page
from shared.db import Pool, open_pool
from shared.entrance import PassKeeper, open_entrance
from shared.gate import set_gate
from shared.letters_page import letters_page
from shared.serving import serve
from shared.web import make_app


def make_web(settings: Settings) -> Flask:
    """The web application on these settings."""
    pool = open_pool(settings.database_url, name=f"{SERVICE}-web")
    app = make_app(
        "services.notify.pages",
        secret=settings.secret,
        pool=pool,
        redis_url=settings.redis_url,
        expects=("worker", "reader", "relay"),
    )
    secure = settings.url.startswith("https:")
    app.config.update(SESSION_COOKIE_NAME="porchlight_notify_form", SESSION_COOKIE_SECURE=secure)
    keeper = PassKeeper(SERVICE, settings.secret, settings.dispatch_url, secure)
    set_gate(app, ACCESS, keeper, (settings.url,))
    open_entrance(app, keeper)
    reading = Reading(pool, make_senders(settings, pool).names())

    def reveal(message: Shown) -> None:
        with pool.connection() as conn:
            what = f"{message.channel} of {message.code}, message {message.id}"
            record(conn, "address shown", what, city=message.city)

    app.register_blueprint(outbox_pages(reading, CLOCK, settings.registration_url, reveal))
    app.register_blueprint(messages_api(reading))
    _add_voice(app, pool, reading)
    app.register_blueprint(letters_page(SERVICE, pool))
    others = {"registration": settings.registration_url, "dispatch": settings.dispatch_url}
    app.register_blueprint(audit_page(SERVICE, pool, others))
    return app


def _add_voice(app: Flask, pool: Pool, reading: Reading) -> None:
    """The pages and the API of how a city speaks, and of its words."""
    voices, own = Voices(pool), Wordings(pool, seconds=0)

    def keep(city: str, voice: Voice) -> None:
        with pool.connection() as conn:
            keep_voice(conn, city, voice, current_actor().name, CLOCK.now())
            record(conn, "settings of messages changed", city, city=city)

    def save(place: Place, source: Source, restored: bool) -> None:
        with pool.connection() as conn:
            who = current_actor().name
            keep_words(conn, place, source, who, CLOCK.now(), restored=restored)
            what = f"{place.language}/{place.template} ({place.channel})"
            record(
                conn, "wording restored" if restored else "wording changed", what, city=place.city
            )

    shop = WordShop(pool, TemplateWords(own=own), own)
    app.register_blueprint(voice_api(voices.one, keep))
    app.register_blueprint(voice_pages(voices.one, keep, reading.cities))
    app.register_blueprint(wording_pages(Page(shop, own, save, reading.cities)))


def web() -> None:
    """Serve the outbox page and the API."""
    settings = settings_for("web")
    serve(partial(make_web, settings), bind=settings.bind, port=settings.port, threads=8, workers=1)
