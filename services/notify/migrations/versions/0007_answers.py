"""Which parties a text may be about, what hosts answered to the question whether they hold it."""

from alembic import op

revision = "0007"
down_revision = "0006"

INBOUND = """
alter table inbound
    add column candidates text[] not null default '{}',
    add column minutes int,
    add column told int not null default 1,
    add column language text not null default '';
create index inbound_from on inbound (from_address, received_at);
create index inbound_of_team on inbound (city, team_id, received_at) where team_id <> '';
create index messages_to on messages (to_address, created_at);
create index parties_phones on parties (phone) where phone <> '';
create index consent_ledger_any_case on consent_ledger (channel, lower(address), purpose, id desc);
"""

# Whether a host holds the party, in the host's own words or as staff heard it; never changed.
CONFIRMATIONS = """
create table if not exists confirmations (
    city text not null,
    party_id text not null,
    answer text not null check (answer in ('yes', 'no')),
    at timestamptz not null,
    source text not null
);
create index if not exists confirmations_of_party on confirmations (city, party_id, at);
"""


def upgrade() -> None:
    """Make the tables."""
    for part in (INBOUND, CONFIRMATIONS):
        op.execute(part)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
