"""The API's bodies as marshmallow schemas: what it takes, what it gives, problems."""

from typing import Any

from marshmallow import Schema, fields

from services.registration.api.strict import (
    Number,
    StrictSchema,
    Text,
    TextByCode,
    Texts,
    Truth,
    Whole,
)
from services.registration.domain.checks import LENGTHS, MOST_PEOPLE
from services.registration.domain.materials import MATERIALS
from services.registration.domain.party import Registration


def _text(name: str, about: str = "", **kwargs: Any) -> Text:
    metadata: dict[str, Any] = {"maxLength": LENGTHS[name]}
    if kwargs.get("required"):
        metadata["minLength"] = 1
    return Text(metadata=metadata | ({"description": about} if about else {}), **kwargs)


def _people() -> Whole:
    return Whole(metadata={"minimum": 0, "maximum": MOST_PEOPLE})


_TIME = "HH:MM, or a date and time; in the city's zone unless it carries an offset"


class RegistrationSchema(StrictSchema):
    """A party to be registered."""

    name = _text("name", required=True)
    address = _text(
        "address",
        "hundred-block or intersection; looked up within seconds where no lat and lon are given",
        required=True,
    )
    starts_at = _text("starts_at", _TIME, required=True)
    ends_at = _text("ends_at", _TIME, required=True)
    host_name = _text("host_name", required=True)
    phone = _text("phone", "phone or e-mail is needed")
    email = _text("email")
    language = _text("language")
    sms_consent = Truth()
    location_notes = _text("location_notes")
    lat = Number(allow_none=True, metadata={"minimum": -90, "maximum": 90})
    lon = Number(allow_none=True, metadata={"minimum": -180, "maximum": 180})
    area = _text("area")
    people = _people()
    children = _people()
    wanted = Texts(metadata={"description": "codes of the city's visitor kinds"})
    materials = Texts(metadata={"description": f"some of {', '.join(MATERIALS)}"})
    no_visit = Truth()
    closure = Truth(metadata={"description": "the street should be closed for the party"})
    rain_plan = _text("rain_plan")
    public = Truth(metadata={"description": "may be shown to everybody, by its block"})
    answers = TextByCode(
        metadata={"description": "answers to the city's own questions, by the question's code"}
    )


class AmendmentSchema(RegistrationSchema):
    """What is to change; what is left out stays."""

    revision = Whole(
        metadata={"description": "the revision that was seen; refused if it is no longer current"}
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(partial=True, **kwargs)


class PartySchema(Schema):
    """A party as its host and the city's staff see it."""

    id = fields.UUID()
    code = fields.String()
    city = fields.String()
    revision = fields.Integer()
    state = fields.String(metadata={"enum": ["registered", "withdrawn"]})
    name = fields.String()
    address = fields.String()
    location_notes = fields.String()
    lat = fields.Float(allow_none=True)
    lon = fields.Float(allow_none=True)
    placed_by = fields.String(
        metadata={
            "enum": ["", "host", "geocoder", "staff", "import"],
            "description": "who said where the party is; geocoder: looked up from the address",
        }
    )
    area = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    people = fields.Integer()
    children = fields.Integer()
    wanted = fields.List(fields.String())
    materials = fields.List(fields.String())
    no_visit = fields.Boolean()
    closure = fields.Boolean()
    closure_state = fields.String(metadata={"enum": ["", "wanted", "granted", "refused"]})
    rain_plan = fields.String()
    public = fields.Boolean()
    beat = fields.String()
    district = fields.String()
    host_name = fields.String()
    phone = fields.String()
    email = fields.String()
    language = fields.String()
    sms_consent = fields.Boolean()
    answers = fields.Dict(keys=fields.String(), values=fields.String())
    waiting = fields.Boolean(metadata={"description": "on the waiting list for a visit"})
    late = fields.Boolean(metadata={"description": "registered after the city's deadline"})
    confirmed = fields.String(metadata={"enum": ["", "yes", "no"]})
    received_at = fields.AwareDateTime()
    held = fields.Boolean(metadata={"description": "staff looks at it before anything is planned"})
    status_url = fields.Url(metadata={"description": "the host's private page"})
    api_url = fields.String(metadata={"description": "the same party in this API"})


class ListedPartySchema(PartySchema):
    """A party as the city's staff sees it."""

    contact_confirmed = fields.Boolean(
        metadata={"description": "the host opened a link that was written to this contact"}
    )


class PartyListSchema(Schema):
    """All parties of a city."""

    parties = fields.List(fields.Nested(ListedPartySchema))


class ProblemSchema(Schema):
    """An RFC 9457 problem."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


def registration(body: dict[str, Any]) -> Registration:
    """The body of a checked request as a registration."""
    with_tuples(body)
    return Registration(**body)


def with_tuples(body: dict[str, Any]) -> None:
    """Put what a registration holds in place of JSON's lists and objects."""
    for name in ("wanted", "materials"):
        if name in body:
            body[name] = tuple(body[name])
    if "answers" in body:
        body["answers"] = tuple(body["answers"].items())
