"""`/api/v1/cities/{city}/parties`: hosts register, staff list."""

import hashlib
import re
from typing import Any

import orjson
from flask import Response, current_app, request

from services.registration.adapters.postgres_answers import Key
from services.registration.api.answers import body_of, party_answer, party_json
from services.registration.api.schemas import (
    PartyListSchema,
    PartySchema,
    RegistrationSchema,
    registration,
)
from services.registration.api.smorest import StrictBlueprint
from services.registration.desk import Desk
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.party import Party
from services.registration.handlers.parties import Asker
from shared.tokens import Token, TokenRefused, verify
from shared.web import problem

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEY_PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": "The same key with the same body gets the same answer for 24 hours.",
}


def make_parties(desk: Desk) -> StrictBlueprint:
    """The blueprint, on the front desk given."""
    blp = StrictBlueprint("parties", __name__, url_prefix="/api/v1/cities/<string:city>/parties")

    @blp.operation(
        "POST",
        "",
        takes=RegistrationSchema(),
        gives=PartySchema,
        status=201,
        problems=[400, 404, 413, 415, 429],
        parameters=[_KEY_PARAMETER],
    )
    def register(body: dict[str, Any], city: str) -> Response:
        """Register a party."""
        settings = desk.city(city)

        def answer(party: Party) -> bytes:
            return body_of(party_json(party, settings, desk.links))

        asked, origin = registration(body), request.remote_addr or ""
        key = _key(city, body)
        asker = Asker("host", origin, held=desk.door.sign(asked, origin))
        made = desk.register(asked, settings, asker, answer, key)
        desk.door.entered(asked, origin)
        return party_answer(made, 201)

    @blp.operation(
        "GET", "", gives=PartyListSchema, problems=[401, 403, 404], security=[{"bearer": []}]
    )
    def list_parties(city: str) -> Response:
        """List a city's parties with their contacts; for its planners and administrators."""
        token = _opening(city)
        if isinstance(token, Response):
            return token
        settings = desk.city(city)
        reader = f"a token ({token.role}, {token.city})"
        found = [party_json(p, settings, desk.links) for p in desk.parties(settings, reader)]
        return party_answer(body_of({"parties": found}))

    return blp


def _key(city: str, body: dict[str, Any]) -> Key | None:
    text = request.headers.get("Idempotency-Key")
    if text is None:
        return None
    if not _KEY.fullmatch(text):
        raise Rejected(
            Complaint("Idempotency-Key", "Please use 1 to 200 visible ASCII characters.")
        )
    same = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return Key(city, text, hashlib.sha256(same).digest())


def _opening(city: str) -> Token | Response:
    """The token that opens the city's parties, or the refusal."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        return _unknown("Please send a token: Authorization: Bearer followed by the token.")
    try:
        token = verify(str(current_app.config["SECRET_KEY"]), text.strip())
    except TokenRefused as error:
        return _unknown(str(error))
    if not token.allows(city, "planner"):
        return problem(403, "Forbidden", "This token does not open this city's parties.")
    return token


def _unknown(why: str) -> Response:
    answer = problem(401, "Unauthorized", why)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
