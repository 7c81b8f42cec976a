"""Forms that are not sent yet, private links asked for anew, and who waits for a place."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLES = """
create table form_drafts (
    id uuid primary key,
    city text not null,
    document bytea not null,
    saved_at timestamptz not null
);
create index form_drafts_age on form_drafts (saved_at);

create table link_requests (
    party_id uuid primary key,
    times int not null,
    asked_at timestamptz not null,
    good_until timestamptz not null
);

create index parties_waiting on parties (city, id)
    where state = 'registered' and coalesce((document -> 'waiting')::boolean, false);
"""


def upgrade() -> None:
    """Make the tables and the index of the waiting list."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
