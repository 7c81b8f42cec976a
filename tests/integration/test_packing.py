"""Answers are packed where that is worth it and safe, and still answer with 304."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from backports import zstd
from flask import Flask, Response, jsonify, request
from flask.testing import FlaskClient

from shared.packing import add_packing

LONG = "a block party of our street " * 100
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}


@pytest.fixture
def taken() -> list[int]:
    """Which events the stream has been asked for."""
    return []


@pytest.fixture
def client(tmp_path: Path, taken: list[int]) -> FlaskClient:
    (tmp_path / "long.js").write_text(LONG)
    app = Flask("tests", static_folder=str(tmp_path), static_url_path="/static")
    add_packing(app)

    @app.get("/night")
    def night() -> Response:
        answer = jsonify(words=LONG)
        answer.set_etag("night-7")
        answer.make_conditional(request)
        return answer

    @app.get("/secret")
    def secret() -> Response:
        answer = jsonify(link=LONG)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @app.get("/events")
    def events() -> Response:
        return Response(_events(taken), mimetype="text/event-stream")

    app.add_url_rule("/page", view_func=lambda: LONG)
    app.add_url_rule("/short", "short", view_func=lambda: jsonify(short=True))
    return app.test_client()


def _events(taken: list[int]) -> Iterator[str]:
    for number in range(3):
        taken.append(number)
        yield f"data: {LONG} {number}\n\n"


@pytest.mark.parametrize(
    ("understood", "way"),
    [("gzip, deflate, br, zstd", "zstd"), ("gzip, br", "br"), ("gzip, deflate", "gzip")],
)
@pytest.mark.parametrize("path", ["/night", "/static/long.js"])
def test_the_best_way_that_the_client_knows_is_taken(
    client: FlaskClient, path: str, understood: str, way: str
) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": understood})
    assert packed.headers["Content-Encoding"] == way
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) < len(plain.data) / 4
    assert UNPACK[way](packed.data) == plain.data


@pytest.mark.parametrize("path", ["/night", "/static/long.js"])
def test_what_a_client_has_already_is_not_sent_again(client: FlaskClient, path: str) -> None:
    headers = {"Accept-Encoding": "gzip"}
    etag = client.get(path, headers=headers).headers["ETag"]
    again = client.get(path, headers={**headers, "If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag


@pytest.mark.parametrize("path", ["/page", "/secret", "/short"])
def test_pages_secrets_and_short_answers_are_sent_as_they_are(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "gzip, br, zstd"})
    assert "Content-Encoding" not in answer.headers


def test_a_part_of_a_file_is_sent_as_it_is(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip", "Range": "bytes=0-999"}
    answer = client.get("/static/long.js", headers=headers)
    assert answer.status_code == 206
    assert answer.data == LONG[:1000].encode()


def test_a_stream_of_events_is_not_held_back(client: FlaskClient, taken: list[int]) -> None:
    answer = client.get("/events", headers={"Accept-Encoding": "gzip, br, zstd"}, buffered=False)
    assert "Content-Encoding" not in answer.headers
    assert next(iter(answer.iter_encoded())).endswith(b" 0\n\n")
    assert taken == [0]
