"""What marshmallow found wrong, as our answers say it. Dispatch's web edges use it."""

from marshmallow import ValidationError


def by_field(error: ValidationError) -> dict[str, list[str]]:
    """The complaints of each field; those about the whole stand under `body`."""
    found = error.messages if isinstance(error.messages, dict) else {"body": error.messages}
    return {str(name): [str(what)] for name, what in found.items()}
