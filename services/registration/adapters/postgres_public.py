"""The parties whose hosts agreed to be shown, in PostgreSQL. The public page uses it."""

from services.registration.adapters.party_document import read
from services.registration.domain.party import Party
from shared.db import Connection


def agreed_parties(conn: Connection, city: str) -> list[Party]:
    """The registered parties that may be shown to everybody."""
    rows = conn.execute(
        "select document from parties where city = %s and state = 'registered'"
        " and coalesce((document #> '{details,public}')::boolean, false)"
        " and coalesce(document ->> 'held', '') = ''",
        (city,),
    ).fetchall()
    return [read(document) for (document,) in rows]
