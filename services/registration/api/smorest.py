"""flask-smorest fitted to our habits: problem JSON, orjson, strict bodies. Only the API uses it."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

import orjson
from flask import Flask, Request, Response
from flask_smorest import Api, Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from services.registration.api.schemas import ProblemSchema
from shared.web import answer_http, problem

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


class StrictParser(FlaskParser):
    """Takes JSON bodies only, and says so to others."""

    def load_json(self, req: Request, schema: Any) -> Any:  # noqa: ARG002  (webargs' signature)
        if not req.is_json:
            raise UnsupportedMediaType("Please send application/json.")
        try:
            return orjson.loads(req.get_data(cache=True))
        except orjson.JSONDecodeError as error:
            raise BadRequest(f"The body is not valid JSON: {error}.") from error


class StrictBlueprint(Blueprint):
    """A blueprint whose bodies are parsed strictly."""

    ARGUMENTS_PARSER = StrictParser()

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
        """Route `method` on `rule` to a view; what it takes, gives and refuses is described."""

        def decorate(view: View) -> View:
            described: Any = self.response(status, gives)(view)
            if takes:
                described = self.arguments(takes, error_status_code=422)(described)
            for code in problems:
                described = self.alt_response(code, HTTPStatus(code).name)(described)
            self.route(rule, methods=[method])(self.doc(**doc)(described))
            return view

        return decorate


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
        data = getattr(error, "data", None)
        if error.code == 422 and data:
            errors = flat(data.get("messages", {}).get("json", {}))
            return problem(422, "Unprocessable Content", "Some fields are wrong.", errors)
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
