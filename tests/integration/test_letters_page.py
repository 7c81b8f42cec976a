"""Dead letters can be looked at in a browser, whatever their bytes hold."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from shared import dead_letters
from shared.db import Pool
from shared.letters_page import letters_page
from shared.web import make_app


@pytest.fixture
def client(redis_url: str, subscriber: Pool) -> Iterator[FlaskClient]:
    app = make_app("tests", secret="s", pool=subscriber, redis_url=redis_url, expects=())
    app.register_blueprint(letters_page("notify", subscriber))
    with app.test_client() as client:
        yield client


def test_without_dead_letters_the_page_says_so(client: FlaskClient) -> None:
    assert "Every message was applied" in client.get("/dead-letters").text


def test_a_letter_is_listed_and_shown_with_its_bytes_escaped(
    client: FlaskClient, subscriber: Pool
) -> None:
    with subscriber.connection() as conn:
        dead_letters.bury(
            conn,
            publisher="dispatch",
            number=7,
            type_="",
            body=b"<script>\xff</script>",
            error="not <b>JSON</b>",
            attempts=1,
        )
        (letter,) = dead_letters.dead(conn)
    listed = client.get("/dead-letters")
    assert "not &lt;b&gt;JSON" in listed.text
    assert letter.id in listed.text
    shown = client.get(f"/dead-letters/{letter.id}")
    assert "&lt;script&gt;\\xff&lt;/script&gt;" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


def test_an_unknown_letter_is_a_problem_and_not_a_trace(client: FlaskClient) -> None:
    answer = client.get("/dead-letters/00000000-0000-0000-0000-000000000000")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
