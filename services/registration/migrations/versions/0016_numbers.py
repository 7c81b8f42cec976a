"""What notify said of hosts' numbers, and when hosts typed a code or asked for one."""

from alembic import op

revision = "0016"
down_revision = "0014"

TABLES = """
create table heard_numbers (
    number_id text primary key,
    revision integer not null,
    state text not null,
    why text not null,
    answers text not null,
    goes_at timestamptz,
    good_until timestamptz,
    tries_left integer not null,
    another_from timestamptz not null
);
create table code_entries (
    party_id uuid primary key references parties (id) on delete cascade,
    times integer not null,
    entry_id text not null unique,
    number_id text not null,
    at timestamptz not null,
    answered boolean not null
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
