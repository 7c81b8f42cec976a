"""`/api/v1/parties/{token}`: a host's own party by its private token."""

from dataclasses import replace
from typing import Any

from flask import Response, request

from services.registration.api.answers import body_of, party_answer, party_json
from services.registration.api.schemas import AmendmentSchema, PartySchema, with_tuples
from services.registration.api.smorest import StrictBlueprint
from services.registration.desk import Change, Desk
from services.registration.domain.city import City
from services.registration.domain.party import Party, as_asked
from services.registration.handlers.parties import (
    Asker,
    amend_party,
    restore_party,
    withdraw_party,
)
from services.registration.ports import Means, PartyBook


class Outdated(ValueError):
    """The party was changed since the caller saw it."""


def make_private(desk: Desk) -> StrictBlueprint:
    """The blueprint, on the front desk given."""
    blp = StrictBlueprint("party", __name__, url_prefix="/api/v1/parties/<string:token>")

    def changed(token: str, change: Change) -> Response:
        city, party = desk.change(token, change)
        return _answer(party, city)

    def _answer(party: Party, city: City) -> Response:
        body = body_of(party_json(party, city, desk.links))
        return party_answer(body)

    @blp.operation("GET", "", gives=PartySchema, problems=[404])
    def show(token: str) -> Response:
        """Show the party."""
        standing = desk.standing(token)
        return _answer(standing.party, standing.city)

    @blp.operation(
        "PATCH",
        "",
        takes=AmendmentSchema(),
        gives=PartySchema,
        problems=[400, 404, 409, 413, 415],
    )
    def amend(body: dict[str, Any], token: str) -> Response:
        """Change what is given, leave the rest."""
        seen = body.pop("revision", None)
        with_tuples(body)

        def change(party: Party, city: City, means: Means[PartyBook]) -> Party:
            if seen not in (None, party.revision):
                raise Outdated("The party was changed since; please look at it again.")
            asked = replace(as_asked(party.details), **body)
            if body.get("lat") is not None:
                asked = replace(asked, placed_by="host")
            return amend_party(party, asked, city, asker, means)

        asker = _host()
        return changed(token, change)

    @blp.operation("DELETE", "", gives=PartySchema, problems=[404])
    def withdraw(token: str) -> Response:
        """Withdraw the party; it can be restored for a day."""
        asker = _host()
        return changed(token, lambda party, _city, means: withdraw_party(party, asker, means))

    @blp.operation("POST", "/restore", gives=PartySchema, problems=[404, 409])
    def restore(token: str) -> Response:
        """Undo a withdrawal."""
        asker = _host()
        return changed(
            token, lambda party, city, means: restore_party(party, asker, means, city=city)
        )

    return blp


def _host() -> Asker:
    return Asker("host", request.remote_addr or "")
