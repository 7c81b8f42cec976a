"""`link.requested`: a host has lost the private link and asks for it. Said by registration."""

from dataclasses import dataclass

from shared.contracts.values import FactSchema, words


@dataclass(frozen=True, slots=True)
class LinkRequested:
    """The party's private link is to be sent once more, to the contact that its host gave."""

    party_id: str


class LinkRequestedSchema(FactSchema):
    """`LinkRequested` as JSON."""

    makes = LinkRequested
    party_id = words(36)
