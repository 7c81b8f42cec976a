"""Answers to this service's own refusals, as problem JSON. The composition root adds it."""

from flask import Flask, Response

from services.registration.adapters.door import WAIT_SECONDS, TooMany
from services.registration.adapters.links import BadLink
from services.registration.adapters.postgres_answers import KeyReused
from services.registration.api.private import Outdated
from services.registration.desk import NotFound
from services.registration.domain.complaints import Rejected
from services.registration.handlers.parties import TooLate
from shared.web import problem


def answer_refusals(app: Flask) -> None:
    """Register the answers on the application."""
    app.register_error_handler(Rejected, _rejected)
    app.register_error_handler(NotFound, lambda e: problem(404, "Not Found", str(e)))
    app.register_error_handler(BadLink, _bad_link)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(KeyReused, _key_reused)
    app.register_error_handler(TooLate, lambda e: problem(409, "Conflict", str(e)))
    app.register_error_handler(Outdated, lambda e: problem(409, "Conflict", str(e)))


def _rejected(error: Rejected) -> Response:
    return problem(422, "Unprocessable Content", "Some fields are wrong.", error.by_field())


def _key_reused(error: KeyReused) -> Response:
    return problem(422, "Unprocessable Content", str(error), {"Idempotency-Key": [str(error)]})


def _bad_link(_: BadLink) -> Response:
    return problem(404, "Not Found", "This link does not open a party.")


def _too_many(error: TooMany) -> Response:
    answer = problem(429, "Too Many Requests", str(error))
    answer.headers["Retry-After"] = str(WAIT_SECONDS)
    return answer
