"""The `web` role of notify."""

from functools import partial

from flask import Flask

from services.notify.adapters.reading import Reading, Shown
from services.notify.api.messages import messages_api
from services.notify.main.access import ACCESS
from services.notify.main.parts import CLOCK, SERVICE, settings_for
from services.notify.main.providers import make_senders
from services.notify.pages.outbox import outbox_pages
from services.notify.settings import Settings
from shared.audit import record
from shared.audit_page import audit_page
from shared.db import open_pool
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
    app.register_blueprint(letters_page(SERVICE, pool))
    others = {"registration": settings.registration_url, "dispatch": settings.dispatch_url}
    app.register_blueprint(audit_page(SERVICE, pool, others))
    return app


def web() -> None:
    """Serve the outbox page and the API."""
    settings = settings_for("web")
    serve(partial(make_web, settings), bind=settings.bind, port=settings.port, threads=8, workers=1)
