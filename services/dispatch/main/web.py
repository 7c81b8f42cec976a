"""The `web` role of dispatch."""

from functools import partial

from flask import Flask

from services.dispatch.adapters.postgres_board import BoardReader
from services.dispatch.adapters.postgres_streets import StreetStore
from services.dispatch.api.views import make_api
from services.dispatch.console.ground import Ground
from services.dispatch.console.hub import Hub
from services.dispatch.console.views import make_console
from services.dispatch.main.parts import SERVICE, settings_for
from services.dispatch.settings import Settings
from shared.db import connect, open_pool
from shared.letters_page import letters_page
from shared.serving import serve
from shared.web import make_app

EXPECTED = ("reader", "worker", "planner", "relay")
THREADS = 256


def web() -> None:
    """Serve the console and the API."""
    settings = settings_for("web")
    serve(
        partial(make_web, settings),
        bind=settings.bind,
        port=settings.port,
        threads=THREADS,
        workers=1,
    )


def make_web(settings: Settings) -> Flask:
    """The web application, its hub running."""
    pool = open_pool(settings.database_url, most=8, name="dispatch-web")
    hub = Hub(partial(connect, settings.database_url, "dispatch-hub"))
    app = make_app(
        "services.dispatch",
        secret=settings.secret,
        pool=pool,
        redis_url=settings.redis_url,
        expects=EXPECTED,
    )
    boards = BoardReader(pool)
    ground = Ground(settings.map_style_url, settings.map_attribution)
    app.register_blueprint(make_console(boards, hub, StreetStore(pool), ground))
    app.register_blueprint(make_api(boards))
    app.register_blueprint(letters_page(SERVICE, pool))
    hub.start()
    return app
