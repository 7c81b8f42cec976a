"""The `web` role of notify."""

from collections.abc import Sequence
from functools import partial

from flask import Flask

from services.notify.adapters.choices import read_needs
from services.notify.adapters.delivery import Delivery
from services.notify.adapters.own_words import Source
from services.notify.adapters.provider_status import Providers
from services.notify.adapters.reading import Reading, Shown
from services.notify.adapters.shifts import open_shift
from services.notify.adapters.sns_messages import SnsReader
from services.notify.adapters.texts import TemplateWords
from services.notify.adapters.voices import Voices, keep_voice
from services.notify.adapters.wordings import Place, Wordings, keep_words
from services.notify.adapters.workshop import WordShop
from services.notify.api.messages import messages_api
from services.notify.api.providers import providers_api
from services.notify.api.voice import voice_api
from services.notify.desk.broadcasts import Broadcasts, Rates
from services.notify.desk.calling import Calling
from services.notify.desk.opting import Opting
from services.notify.desk.retrying import Retrying
from services.notify.domain.pace import Pace
from services.notify.domain.voice import Voice
from services.notify.handlers.receiving import take_receipts
from services.notify.main.access import ACCESS
from services.notify.main.answering import add_answers
from services.notify.main.parts import CLOCK, SERVICE, settings_for
from services.notify.main.providers import make_paces, make_senders
from services.notify.pages.broadcasts import broadcast_pages
from services.notify.pages.calls import call_pages
from services.notify.pages.delivery import delivery_pages
from services.notify.pages.failures import failure_pages
from services.notify.pages.frame import Framing, frame_pages, set_frame
from services.notify.pages.listing import listing_pages
from services.notify.pages.opt_outs import opt_out_pages
from services.notify.pages.outbox import outbox_pages
from services.notify.pages.voice import voice_pages
from services.notify.pages.wording import Page, wording_pages
from services.notify.settings import Settings
from services.notify.webhooks.guard import Guard
from services.notify.webhooks.sns import sns_webhook
from services.notify.webhooks.twilio_status import twilio_status_webhook
from shared.actor import current_actor
from shared.audit import record
from shared.audit_page import audit_page
from shared.db import Pool, open_pool
from shared.entrance import PassKeeper, open_entrance
from shared.gate import set_gate
from shared.letters_page import letters_page
from shared.serving import serve
from shared.web import make_app, trust_proxies


def make_rates(provider: str, paces: Sequence[Pace], pool: Pool) -> Rates:
    """What this provider of texts takes; one without a pace takes all at once."""
    pace = next((p for p in paces if p.provider == provider), Pace(provider))
    return Rates(seconds_for=pace.seconds_for, voice=Voices(pool).one)


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
    trust_proxies(app, settings.proxies)
    secure = settings.url.startswith("https:")
    app.config.update(SESSION_COOKIE_NAME="porchlight_notify_form", SESSION_COOKIE_SECURE=secure)
    keeper = PassKeeper(SERVICE, settings.secret, settings.dispatch_url, secure)
    set_gate(app, ACCESS, keeper, (settings.url,))
    open_entrance(app, keeper)
    senders = make_senders(settings, pool)
    reading = Reading(pool, senders.names())

    def reveal(message: Shown) -> None:
        with pool.connection() as conn:
            what = f"{message.channel} of {message.code}, message {message.id}"
            record(conn, "address shown", what, city=message.city)

    app.register_blueprint(outbox_pages(reading, CLOCK, settings.registration_url, reveal))
    app.register_blueprint(messages_api(reading))
    paces = make_paces(settings)
    providers = Providers(pool, senders, paces)
    app.register_blueprint(providers_api(providers))
    app.register_blueprint(delivery_pages(Delivery(pool, CLOCK), providers))
    _open_webhooks(app, settings, pool)
    add_answers(app, settings, pool, reading)
    _add_staff_pages(app, reading, pool, make_rates(senders.sms.name, paces, pool))
    _add_voice(app, pool, reading)
    app.register_blueprint(letters_page(SERVICE, pool))
    others = {"registration": settings.registration_url, "dispatch": settings.dispatch_url}
    app.register_blueprint(audit_page(SERVICE, pool, others))
    return app


def _open_webhooks(app: Flask, settings: Settings, pool: Pool) -> None:
    """Where providers tell what became of messages; each checks who signed."""
    take = partial(take_receipts, partial(open_shift, pool, CLOCK))
    guard = Guard()
    app.register_blueprint(twilio_status_webhook(settings.twilio_tokens, settings.url, guard, take))
    app.register_blueprint(sns_webhook(SnsReader(settings.sns_topics), guard, take))


def _add_staff_pages(app: Flask, reading: Reading, pool: Pool, rates: Rates) -> None:
    framing = Framing(reading.cities, lambda city: read_needs(pool, city, CLOCK.now()))
    set_frame(app, framing)
    app.register_blueprint(frame_pages(framing))
    app.register_blueprint(listing_pages(reading, pool))
    app.register_blueprint(failure_pages(Retrying(pool, CLOCK)))
    app.register_blueprint(call_pages(Calling(pool, CLOCK)))
    app.register_blueprint(opt_out_pages(Opting(pool, CLOCK)))
    app.register_blueprint(broadcast_pages(Broadcasts(pool, CLOCK, rates)))


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
