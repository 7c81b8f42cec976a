"""A party as one JSON document, as the book and its history store it. Only adapters use it."""

from datetime import datetime
from typing import Any

import orjson

from services.registration.domain.civil_time import Span
from services.registration.domain.geography import Point
from services.registration.domain.party import Consent, Details, Host, Party


def written(party: Party) -> bytes:
    """The document's bytes."""
    return orjson.dumps(party)


def read(document: Any) -> Party:
    """The party in a document, parsed or in bytes."""
    found = orjson.loads(document) if isinstance(document, (bytes, str)) else document
    consent = found["consent"]
    return Party(
        id=found["id"],
        city=found["city"],
        code=found["code"],
        revision=found["revision"],
        state=found["state"],
        details=_details(found["details"]),
        consent=Consent(**{**consent, "given_at": _moment(consent["given_at"])})
        if consent
        else None,
        received_at=_moment(found["received_at"]),
        changed_at=_moment(found["changed_at"]),
        changed_by=found["changed_by"],
        closure_state=found.get("closure_state", ""),
        waiting=found.get("waiting", False),
        confirmed=found.get("confirmed", ""),
        link_version=found.get("link_version", 0),
        held=found.get("held", ""),
    )


def _details(found: dict[str, Any]) -> Details:
    span, place = found["span"], found["place"]
    return Details(
        **{
            **found,
            "place": Point(**place) if place else None,
            "span": Span(_moment(span["opens"]), _moment(span["closes"])),
            "wanted": tuple(found["wanted"]),
            "materials": tuple(found.get("materials", ())),
            "answers": tuple((code, text) for code, text in found.get("answers", ())),
            "host": Host(**found["host"]),
        }
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
