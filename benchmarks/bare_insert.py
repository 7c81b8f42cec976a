"""The smallest Flask application that keeps what it is sent: one row for each `POST`."""

import os

from flask import Flask, Response, jsonify, request
from psycopg.types.json import Jsonb

from shared.db import open_pool
from shared.serving import serve

TABLE = (
    "create table if not exists bare"
    " (id bigint generated always as identity primary key, document jsonb not null)"
)


def make() -> Flask:
    """One route, one insert."""
    app = Flask("bare_insert")
    most = int(os.environ["WEB_THREADS"]) + 1
    pool = open_pool(os.environ["REGISTRATION_DATABASE_URL"], most=most)
    with pool.connection() as conn:
        conn.execute(TABLE)

    @app.post("/")
    def take() -> tuple[Response, int]:
        body = request.get_json()
        with pool.connection() as conn:
            conn.execute("insert into bare (document) values (%s)", (Jsonb(body),))
        return jsonify(body), 201

    return app


if __name__ == "__main__":
    serve(
        make,
        bind="127.0.0.1",
        port=int(os.environ["PORT"]),
        threads=int(os.environ["WEB_THREADS"]),
        workers=int(os.environ["WEB_WORKERS"]),
    )
