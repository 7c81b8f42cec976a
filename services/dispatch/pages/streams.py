"""Ends an event stream when the session that opened it has ended. Main sets it up."""

import time
from collections.abc import Iterable, Iterator

from flask import Flask, Response, g, request

from services.dispatch.desk.sessions import SessionBook

EVERY = 10.0


def end_with_session(app: Flask, book: SessionBook, cookie: str) -> None:
    """Look every ten seconds, and at each event, whether the streams' sessions are still good."""

    @app.after_request
    def watch(response: Response) -> Response:
        caller = g.get("caller")
        if response.mimetype == "text/event-stream" and caller and caller.session:
            secret = request.cookies.get(cookie, "")
            response.response = _while_good(response.iter_encoded(), book, secret)
        return response


def _while_good(parts: Iterable[bytes], book: SessionBook, secret: str) -> Iterator[bytes]:
    looked = time.monotonic()
    for part in parts:
        if time.monotonic() - looked >= EVERY:
            looked = time.monotonic()
            if book.find(secret) is None:
                return
        yield part
