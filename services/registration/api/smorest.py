"""flask-smorest fitted to our habits: problem JSON, orjson, strict bodies. Only the API uses it."""

from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

import orjson
from flask import Flask, Response, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from services.registration.api.schemas import ProblemSchema
from shared.failures import Refused
from shared.web import answer_http

View = TypeVar("View", bound=Callable[..., Response])
SPEC = {
    "API_TITLE": "Porchlight registration",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        }
    },
}


class StrictBlueprint(Blueprint):
    """A blueprint whose bodies are parsed strictly."""

    def operation(
        self,
        method: str,
        rule: str,
        *,
        takes: Schema | None = None,
        gives: type[Schema],
        status: int = 200,
        problems: Sequence[int] = (),
        **doc: Any,
    ) -> Callable[[View], View]:
        """Route `method` on `rule` to a view; what it takes, gives and refuses is described.

        flask-smorest's decorators only describe: called, they cost more than the registration
        itself. `wraps` hands their description to the function that answers.
        """

        def decorate(view: View) -> View:
            described: Any = self.response(status, gives)(view)
            if takes:
                described = self.arguments(takes, error_status_code=422)(described)
            for code in problems:
                described = self.alt_response(code, HTTPStatus(code).name)(described)
            described = self.doc(**doc)(described)

            @wraps(described)
            def answer(**path: str) -> Response:
                return view(_body(takes), **path) if takes else view(**path)

            self.route(rule, methods=[method])(answer)
            return view

        return decorate


def _body(schema: Schema) -> Any:
    """The request's body, read by the schema."""
    if not request.is_json:
        raise UnsupportedMediaType("Please send application/json.")
    try:
        return schema.load(orjson.loads(request.get_data(cache=True)))
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not valid JSON: {error}.") from error
    except ValidationError as error:
        raise Refused("Some fields are wrong.", flat(error.messages)) from error


class ProblemApi(Api):
    """An API whose every error is an RFC 9457 problem, with the error's own headers kept."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        """Describe errors by their own content type, not by that of answers."""
        usual: str = Api.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual

    def handle_http_exception(self, error: HTTPException) -> Response:
        return answer_http(error)


def flat(messages: Any) -> dict[str, list[str]]:
    """marshmallow's messages as field -> sentences."""
    if not isinstance(messages, dict):
        return {"body": [str(m) for m in messages]}
    return {
        ("body" if field == "_schema" else str(field)): _sentences(found)
        for field, found in messages.items()
    }


def _sentences(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [sentence for inner in found.values() for sentence in _sentences(inner)]
    return [str(sentence) for sentence in found]


def make_api(app: Flask) -> ProblemApi:
    """The API on `app`, its description at `/api/v1/openapi.json`."""
    app.config.update(SPEC)
    return ProblemApi(app)
