"""`party.*`: a party as it now is, whole. Said by registration."""

from dataclasses import dataclass
from datetime import datetime

from marshmallow import fields, validate

from shared.contracts.values import (
    FactSchema,
    Host,
    HostSchema,
    Place,
    PlaceSchema,
    Window,
    WindowSchema,
    moment,
    truth,
    whole,
    words,
)

MATERIALS = (
    "neighborhood_watch",
    "drug_prevention",
    "home_safety",
    "start_a_watch",
    "career_talk",
)
"""What a host may ask a team to bring or to talk about."""


@dataclass(frozen=True, slots=True)
class Party:
    """One block party. `place` is None while its location is to be confirmed.

    `wanted` holds visitor kinds' codes, `materials` some of `MATERIALS`; `window` and
    `received_at` are UTC; `status_url` is the host's private link and must never be logged.
    """

    id: str
    code: str
    name: str
    address: str
    location_notes: str
    place: Place | None
    area: str
    window: Window
    people: int
    children: int
    wanted: tuple[str, ...]
    no_visit: bool
    host: Host
    status_url: str
    received_at: datetime
    materials: tuple[str, ...] = ()


class PartySchema(FactSchema):
    """`Party` as JSON."""

    makes = Party
    tuples = ("wanted", "materials")
    id = words(36)
    code = words(12)
    name = words()
    address = words(300)
    location_notes = words(2000)
    place = fields.Nested(PlaceSchema, required=True, allow_none=True)
    area = words(60)
    window = fields.Nested(WindowSchema, required=True)
    people = whole(0, 100_000)
    children = whole(0, 100_000)
    wanted = fields.List(words(40), required=True)
    no_visit = truth()
    host = fields.Nested(HostSchema, required=True)
    status_url = words(500)
    received_at = moment()
    materials = fields.List(words(40), load_default=list)


@dataclass(frozen=True, slots=True)
class PartyRegistered:
    """A host registered this party."""

    party: Party


@dataclass(frozen=True, slots=True)
class PartyAmended:
    """The party changed and now is as given."""

    party: Party


@dataclass(frozen=True, slots=True)
class PartyWithdrawn:
    """The host withdrew the party, which last was as given."""

    party: Party


GROUPS = ("contacts", "addresses", "notes", "history")
"""What of a party is removed together, once its days are over."""


@dataclass(frozen=True, slots=True)
class PartyForgotten:
    """What these groups held of the party is to be removed; `party` is what is left of it."""

    party: Party
    withdrawn: bool
    groups: tuple[str, ...]


class _OfParty(FactSchema):
    party = fields.Nested(PartySchema, required=True)


class PartyRegisteredSchema(_OfParty):
    """`PartyRegistered` as JSON."""

    makes = PartyRegistered


class PartyAmendedSchema(_OfParty):
    """`PartyAmended` as JSON."""

    makes = PartyAmended


class PartyWithdrawnSchema(_OfParty):
    """`PartyWithdrawn` as JSON."""

    makes = PartyWithdrawn


class PartyForgottenSchema(_OfParty):
    """`PartyForgotten` as JSON."""

    makes = PartyForgotten
    tuples = ("groups",)
    withdrawn = truth()
    groups = fields.List(
        fields.String(validate=validate.OneOf(GROUPS)),
        required=True,
        validate=validate.Length(1, len(GROUPS)),
    )
