"""`team.staffed`: who is in a team tonight and how each of them is reached. Said by dispatch."""

from dataclasses import dataclass

from marshmallow import fields

from shared.contracts.values import FactSchema, Window, WindowSchema, words


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody in a team; `phone` is E.164; empty text is 'none given'."""

    officer_id: str
    name: str
    phone: str
    email: str
    language: str


class TeamMemberSchema(FactSchema):
    """`TeamMember` as JSON."""

    makes = TeamMember
    officer_id = words(60)
    name = words()
    phone = words(20)
    email = words(320)
    language = words(12)


@dataclass(frozen=True, slots=True)
class TeamStaffed:
    """The team has these members, none where there no longer is such a team.

    `page_url` opens the team's page; it is empty where no link may be sent.
    """

    team_id: str
    team_name: str
    shift: Window
    page_url: str
    members: tuple[TeamMember, ...]


class TeamStaffedSchema(FactSchema):
    """`TeamStaffed` as JSON."""

    makes = TeamStaffed
    tuples = ("members",)
    team_id = words(60)
    team_name = words()
    shift = fields.Nested(WindowSchema, required=True)
    page_url = words(500)
    members = fields.List(fields.Nested(TeamMemberSchema), required=True)
