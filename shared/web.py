"""What every service's web application has: problem JSON, health, correlation, safe headers."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import psycopg
from flask import Blueprint, Flask, Response, jsonify, request
from flask.json.provider import JSONProvider
from psycopg_pool import PoolTimeout
from structlog.contextvars import bind_contextvars
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.db import Pool
from shared.failures import Refused
from shared.heartbeats import silent
from shared.ids import new_id
from shared.logs import correlation, log
from shared.packing import add_packing
from shared.redis import RedisError, open_redis

LARGEST_BODY = 256 * 1024
_CSP = (
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}
Headers = list[tuple[str, str]]
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class FastJson(JSONProvider):
    """JSON by orjson: moments end in Z, frozen types become objects."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj, option=orjson.OPT_UTC_Z).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = orjson.dumps(self._prepare_response_obj(args, kwargs), option=orjson.OPT_UTC_Z)
        return Response(body, mimetype="application/json")


class PorchlightApp(Flask):
    """Flask with our JSON; every answer carries the safe headers and its request's number.

    Both are done around Flask, not in its hooks: there a header costs ten times as much.
    """

    json_provider_class = FastJson

    def wsgi_app(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        number = given if _REQUEST_ID.fullmatch(given) else new_id()
        bind_contextvars(correlation=number)

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            return start_response(status, _dressed(headers, number), exc_info)

        return super().wsgi_app(environ, start)


def make_app(
    name: str, *, secret: str, pool: Pool, redis_url: str, expects: tuple[str, ...]
) -> Flask:
    """An application of service module `name`; ready when each process in `expects` beats."""
    app = PorchlightApp(name, static_url_path="/static")
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Refused, answer_refused)
    app.register_error_handler(psycopg.OperationalError, _answer_unavailable)
    app.register_error_handler(PoolTimeout, _answer_unavailable)
    app.register_error_handler(psycopg.DataError, _answer_unstorable)
    app.register_error_handler(Exception, _answer_fault)
    app.register_blueprint(make_house())
    add_packing(app)
    _add_health(app, pool, redis_url, expects)
    return app


def make_house() -> Blueprint:
    """The templates and files that pages of every service share."""
    return Blueprint(
        "house",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/house-static",
    )


def trust_proxies(app: Flask, hops: int) -> None:
    """Believe as many proxies about who asks, by which scheme and under which name."""
    if hops > 0:
        fix = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = fix  # type: ignore[method-assign]  # how Flask wants it wrapped


def problem(
    status: int,
    title: str,
    detail: str = "",
    errors: Mapping[str, Sequence[str]] | None = None,
) -> Response:
    """An RFC 9457 answer; `errors` maps a field's name to what is wrong with it."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    body |= {"detail": detail} if detail else {}
    body |= {"errors": errors} if errors else {}
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def answer_http(error: HTTPException) -> Response:
    """Any HTTP error as problem JSON, its own headers (such as Allow) kept."""
    status = error.code or 500
    answer = problem(status, HTTPStatus(status).phrase, error.description or "")
    for key, value in error.get_headers():
        if key.lower() not in ("content-type", "content-length"):
            answer.headers[key] = value
    return answer


def answer_refused(error: Refused) -> Response:
    """A broken rule as 422 with its fields."""
    return problem(422, "Unprocessable Content", str(error), error.fields)


def _answer_unavailable(error: Exception) -> Response:
    log().error("the database does not answer", fault=str(error).strip())
    answer = problem(503, "Service Unavailable", "Please try again in a moment.")
    answer.headers["Retry-After"] = "5"
    return answer


def _answer_unstorable(error: Exception) -> Response:
    """What no check foresaw and the database cannot hold, such as a NUL in a text."""
    log().warning("a value cannot be stored", fault=str(error).strip().splitlines()[0])
    return problem(422, "Unprocessable Content", "This holds a character that cannot be stored.")


def _answer_fault(error: Exception) -> Response:
    log().error("a request failed", path=request.url_rule and request.url_rule.rule, exc_info=error)
    return problem(500, "Internal Server Error", f"Our fault. Please quote {correlation()}.")


def _dressed(headers: Headers, number: str) -> Headers:
    """The headers with ours; one that the view has set itself stays as it is."""
    own = {name.lower() for name, _ in headers}
    ours = [(name, value) for name, value in _HEADERS.items() if name.lower() not in own]
    return [*headers, ("X-Request-ID", number), *ours]


def _add_health(app: Flask, pool: Pool, redis_url: str, expects: tuple[str, ...]) -> None:
    redis = open_redis(redis_url, timeout=1.0)

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @app.get("/readyz")
    def readyz() -> Response:
        faults = {}
        try:
            redis.ping()
        except RedisError as fault:
            faults["redis"] = [f"does not answer: {fault}"]
        try:
            with pool.connection(timeout=2) as conn:
                faults |= {p: [why] for p, why in silent(conn, expects).items()}
        except (psycopg.OperationalError, PoolTimeout) as fault:
            faults["database"] = [f"does not answer: {str(fault).strip()}"]
        if faults:
            why = "; ".join(f"{part} {fault[0]}" for part, fault in faults.items())
            return problem(503, "Not ready", why, faults)
        return jsonify(status="ready")
