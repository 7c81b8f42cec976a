"""`number.*`: whether a host's telephone number is its owner's, and what is typed to show it.

Notify says how it stands, registration what was typed or asked for on the party's page.
"""

from dataclasses import dataclass, field
from datetime import datetime

from marshmallow import fields, validate

from shared.contracts.values import FactSchema, Moment, moment, whole, words

WHYS = ("wrong", "expired", "used_up", "too_soon", "opted_out")
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Number:
    """A number in one city, by `shared.ids.number_id`, and its newest code, texted at `goes_at`.

    `goes_at` and `good_until` are None where no code was made. From `another_from` on another one
    may be asked for.
    """

    id: str
    goes_at: datetime | None
    good_until: datetime | None
    tries_left: int
    another_from: datetime


class NumberSchema(FactSchema):
    """`Number` as JSON."""

    makes = Number
    id = words(36)
    goes_at = Moment(required=True, format="iso", allow_none=True)
    good_until = Moment(required=True, format="iso", allow_none=True)
    tries_left = whole(0)
    another_from = moment()


@dataclass(frozen=True, slots=True)
class NumberAsked:
    """The number has yet to answer; `answers` is the entry that asked for the code, or empty."""

    number: Number
    answers: str


class NumberAskedSchema(FactSchema):
    """`NumberAsked` as JSON."""

    makes = NumberAsked
    number = fields.Nested(NumberSchema, required=True)
    answers = words(36)


@dataclass(frozen=True, slots=True)
class NumberRefused:
    """What a host typed or asked for, the entry `answers`, was refused.

    `wrong`, `expired` and `used_up` (no tries left) are said of a code that was typed, `too_soon`
    and `opted_out` of one that was asked for.
    """

    number: Number
    answers: str
    why: str


class NumberRefusedSchema(FactSchema):
    """`NumberRefused` as JSON."""

    makes = NumberRefused
    number = fields.Nested(NumberSchema, required=True)
    answers = words(36)
    why = fields.String(required=True, validate=validate.OneOf(WHYS))


@dataclass(frozen=True, slots=True)
class NumberProven:
    """The number is its owner's: the code was typed, or a text came from it."""

    number: Number
    answers: str


class NumberProvenSchema(FactSchema):
    """`NumberProven` as JSON."""

    makes = NumberProven
    number = fields.Nested(NumberSchema, required=True)
    answers = words(36)


@dataclass(frozen=True, slots=True)
class NumberExcused:
    """The number need not answer any more: its city texts numbers as they were given."""

    number: Number
    answers: str


class NumberExcusedSchema(FactSchema):
    """`NumberExcused` as JSON."""

    makes = NumberExcused
    number = fields.Nested(NumberSchema, required=True)
    answers = words(36)


@dataclass(frozen=True, slots=True)
class CodeEntered:
    """On the page of the party somebody typed this code for the number."""

    party_id: str
    number_id: str
    entry_id: str
    code: str = field(repr=False)


class CodeEnteredSchema(FactSchema):
    """`CodeEntered` as JSON."""

    makes = CodeEntered
    party_id = words(36)
    number_id = words(36)
    entry_id = words(36)
    code = fields.String(required=True, validate=validate.Regexp("^[0-9]{6}$"))


@dataclass(frozen=True, slots=True)
class CodeRequested:
    """On the page of the party somebody asked for another code for the number."""

    party_id: str
    number_id: str
    entry_id: str


class CodeRequestedSchema(FactSchema):
    """`CodeRequested` as JSON."""

    makes = CodeRequested
    party_id = words(36)
    number_id = words(36)
    entry_id = words(36)
