"""Brings one row of a spreadsheet into the party book. The command line calls it for each row."""

import hashlib
from typing import Literal

from services.registration.domain.checks import understand
from services.registration.domain.city import City
from services.registration.domain.party import Details
from services.registration.domain.sheet_party import SheetParty
from services.registration.handlers.parties import Asker, amend_party, register_party
from services.registration.ports import Imported, ImportMark, Means, PartyBook

Outcome = Literal["new", "changed", "unchanged", "kept"]
IMPORTER = Asker("import", "import")


def import_party(
    row: SheetParty, city: City, known: Imported | None, means: Means[PartyBook]
) -> Outcome:
    """Register what is new, amend what changed in the sheet; raises `Rejected`.

    A party that its host has changed since is `kept` as the host wants it.
    """
    details = understand(row.asked, city, means.contacts, imported=True)
    mark = ImportMark(row.key, _digest(details))
    if known is None:
        register_party(row.asked, city, IMPORTER, means, mark=mark)
        return "new"
    if known.mark == mark or known.party.details == details:
        return "unchanged"
    if known.party.changed_by == "host":
        return "kept"
    amend_party(known.party, row.asked, city, IMPORTER, means, mark=mark)
    return "changed"


def _digest(details: Details) -> bytes:
    return hashlib.sha256(repr(details).encode()).digest()
