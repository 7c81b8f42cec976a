"""`/api/v1/cities/{city}/team-links`: makes, lists and ends links of teams' pages, for staff."""

from typing import Any

import orjson
from flask import Blueprint, Response, abort, request

from services.dispatch.domain.shift_links import LinkUse, ShiftLink
from services.dispatch.field_desk import FieldDesk
from services.dispatch.fieldwork.links import Wish
from shared.actor import current_actor
from shared.failures import Refused


def make_link_api(desk: FieldDesk) -> Blueprint:
    """The blueprint."""
    api = Blueprint("team_links", __name__, url_prefix="/api/v1/cities/<city>/team-links")

    @api.post("")
    def make(city: str) -> Response:
        body = request.get_json(silent=True) if request.data else {}
        made = desk.make_links(_wish(city, body))
        links = [{**_told(link), "url": desk.tokens.url(link.id)} for link in made]
        return _answer({"links": links}, 201)

    @api.get("")
    def links(city: str) -> Response:
        found, uses = desk.uses(city)
        now = desk.clock.now()
        told = [_use(use) for use in uses if request.args.get("all") or use.link.good(now)]
        return _answer({"city": found.id, "links": told})

    @api.delete("/<link>")
    def revoke(city: str, link: str) -> Response:
        with desk.open(city) as at:
            if not at.links.revoke(city, link, current_actor().name, at.now):
                abort(404, description="There is no such link.")
        return Response(status=204)

    return api


def _wish(city: str, body: Any) -> Wish:
    """Which links: all teams' by default; `renew` replaces those that hold."""
    teams: Any = ()
    renew: Any = False
    if isinstance(body, dict):
        teams, renew = body.get("teams", ()), body.get("renew", False)
    known = isinstance(teams, list | tuple) and all(isinstance(team, str) for team in teams)
    if not isinstance(body, dict) or not known or not isinstance(renew, bool):
        sentence = 'Send {"teams": [ids], "renew": true or false}; both may be left out.'
        raise Refused(sentence, {"teams": [sentence]})
    return Wish(city, current_actor().name, tuple(teams), renew)


def _told(link: ShiftLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "team_id": link.team_id,
        "team_name": link.team_name,
        "shift": {"opens": link.opens, "closes": link.ends},
        "good_until": link.gone_at,
        "made_by": link.made_by,
        "made_at": link.made_at,
        "revoked_at": link.revoked_at,
    }


def _use(use: LinkUse) -> dict[str, Any]:
    """A link without its address: whoever lists links need not be able to open them."""
    return {**_told(use.link), "phones": use.phones, "last_heard_at": use.heard_at}


def _answer(body: object, status: int = 200) -> Response:
    text = orjson.dumps(body, option=orjson.OPT_UTC_Z)
    headers = {"Cache-Control": "no-store"}
    return Response(text, status, headers=headers, mimetype="application/json")
