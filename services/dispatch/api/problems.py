"""What a planner's requests may run into, as problem JSON. Registered by `main`."""

from flask import Flask, Response, jsonify

from services.dispatch.preparing.office import NoSuchCity, NoSuchThing, Overtaken
from shared.web import problem


def answer_problems(app: Flask) -> None:
    """Answer for all endpoints of this service."""
    app.register_error_handler(NoSuchCity, _missing)
    app.register_error_handler(NoSuchThing, _missing)
    app.register_error_handler(Overtaken, _overtaken)


def _missing(error: Exception) -> Response:
    return problem(404, "Not Found", str(error))


def _overtaken(error: Overtaken) -> Response:
    answer = jsonify(
        type="about:blank",
        title="Conflict",
        status=409,
        detail=str(error),
        changed=list(error.changed),
    )
    answer.status_code, answer.mimetype = 409, "application/problem+json"
    return answer
