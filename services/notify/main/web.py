"""The `web` role of notify."""

from functools import partial

from flask import Flask

from services.notify.adapters.reading import Reading
from services.notify.api.messages import messages_api
from services.notify.main.parts import CLOCK, SERVICE, make_senders, settings_for
from services.notify.pages.outbox import outbox_pages
from services.notify.settings import Settings
from shared.db import open_pool
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
    reading = Reading(pool, make_senders(settings, pool).names())
    app.register_blueprint(outbox_pages(reading, CLOCK, settings.registration_url))
    app.register_blueprint(messages_api(reading))
    app.register_blueprint(letters_page(SERVICE, pool))
    return app


def web() -> None:
    """Serve the outbox page and the API."""
    settings = settings_for("web")
    serve(partial(make_web, settings), bind=settings.bind, port=settings.port, threads=8, workers=1)
