"""An index of the parties that wait for staff, and which contacts were confirmed."""

from alembic import op

revision = "0012"
down_revision = "0011"

TABLES = """
create index parties_held on parties (city, id) where document ->> 'held' <> '';
create table confirmed_contacts (
    party_id uuid not null references parties (id) on delete cascade,
    contact text not null,
    at timestamptz not null,
    primary key (party_id, contact)
);
"""


def upgrade() -> None:
    """Make index and table."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
