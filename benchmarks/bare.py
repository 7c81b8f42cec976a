"""The smallest Flask application that takes JSON and answers JSON: the yardstick for `POST`."""

import os

from flask import Flask, Response, jsonify, request

from shared.serving import serve


def make() -> Flask:
    """One route and nothing else."""
    app = Flask("bare")

    @app.post("/")
    def take() -> tuple[Response, int]:
        return jsonify(request.get_json()), 201

    return app


if __name__ == "__main__":
    serve(
        make,
        bind="127.0.0.1",
        port=int(os.environ["PORT"]),
        threads=int(os.environ["WEB_THREADS"]),
        workers=int(os.environ["WEB_WORKERS"]),
    )
