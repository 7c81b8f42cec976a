"""Registration served to a real browser, and pictures of its pages for whoever looks them over."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

Open = Callable[..., BrowserContext]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


class _Silent(WSGIRequestHandler):
    def log(self, *_: object, **__: object) -> None:
        """Say nothing: addresses hold private links."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def picture(page: Page, name: str) -> None:
    """A picture of the whole page, into `PORCHLIGHT_SCREENSHOTS` if that is set."""
    folder = os.environ.get("PORCHLIGHT_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
