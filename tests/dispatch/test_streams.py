"""An event stream ends with the session that opened it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, Response, g

from services.dispatch.desk.sessions import SessionBook
from services.dispatch.pages import streams
from services.dispatch.pages.keeper import COOKIE
from shared.access import Caller
from shared.clock import SystemClock
from shared.db import Pool
from tests.dispatch.signing import person, session_of


def test_a_stream_ends_once_its_session_has_ended(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "EVERY", 0.0)
    book = SessionBook(pool, SystemClock(), idle=timedelta(hours=1), longest=timedelta(days=1))
    staff_id = person(pool, "dispatcher@pasadena")
    app = Flask("test")
    streams.end_with_session(app, book, COOKIE)

    def events() -> Iterator[str]:
        yield "one"
        yield "two"
        with pool.connection() as conn:
            book.end_all(conn, staff_id)
        yield "three"

    @app.get("/events")
    def view() -> Response:
        g.caller = Caller(staff_id, "Kim", frozenset(), session="1")
        return Response(events(), mimetype="text/event-stream")

    client = app.test_client()
    client.set_cookie(COOKIE, session_of(pool, staff_id))
    assert client.get("/events").text == "onetwo"
