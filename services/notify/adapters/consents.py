"""Notes in the ledger what a provider was told by whom it reached. The desk and receipts use it."""

from datetime import datetime
from typing import Final

from shared.db import Connection


def opt_out(
    conn: Connection, city: str, channel: str, address: str, words: str, now: datetime
) -> None:
    """The provider has it that nothing more may go to the address; noted once until it changes."""
    values = {"city": city, "channel": channel, "address": address, "words": words, "now": now}
    conn.execute(_OPT_OUT, values)


_OPT_OUT: Final = """
insert into consent_ledger (city, channel, address, purpose, opted_out, words, source, at)
select %(city)s, %(channel)s, %(address)s, 'all', true, %(words)s, 'provider', %(now)s
where not exists (
    select from opted_out
    where channel = %(channel)s and address = %(address)s and purpose = 'all'
)
"""
