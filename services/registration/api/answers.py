"""Makes the API's JSON of parties. Only the API uses it."""

from typing import Any

import orjson
from flask import Response

from services.registration.adapters.links import Links
from services.registration.domain.city import City
from services.registration.domain.party import Party


def party_json(party: Party, city: City, links: Links) -> dict[str, Any]:
    """The party as `PartySchema` says, times in the city's zone."""
    details, host = party.details, party.details.host
    place = details.place
    token = links.token(party.id, party.link_version)
    return {
        "id": party.id,
        "code": party.code,
        "city": party.city,
        "revision": party.revision,
        "state": party.state,
        "name": details.name,
        "address": details.address,
        "location_notes": details.location_notes,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "placed_by": details.placed_by,
        "area": details.area,
        "starts_at": details.span.opens.astimezone(city.zone),
        "ends_at": details.span.closes.astimezone(city.zone),
        "people": details.people,
        "children": details.children,
        "wanted": details.wanted,
        "materials": details.materials,
        "no_visit": details.no_visit,
        "closure": details.closure,
        "closure_state": party.closure_state,
        "rain_plan": details.rain_plan,
        "public": details.public,
        "beat": details.beat,
        "district": details.district,
        "host_name": host.name,
        "phone": host.phone,
        "email": host.email,
        "language": host.language,
        "sms_consent": host.sms_consent,
        "answers": dict(details.answers),
        "waiting": party.waiting,
        "late": city.entry.is_late(party.received_at),
        "confirmed": party.confirmed,
        "received_at": party.received_at,
        "held": bool(party.held),
        "status_url": links.status_url(party.city, party.id, party.link_version),
        "api_url": f"/api/v1/parties/{token}",
    }


def party_answer(body: bytes, status: int = 200) -> Response:
    """The answer with this body: it holds private links, so that nothing on the way keeps it."""
    answer = Response(body, status, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def body_of(value: Any) -> bytes:
    """The value as the bytes of an answer."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)
