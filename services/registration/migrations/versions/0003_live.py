"""What is heard of the evening while it runs."""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = """
create table heard_live (
    city text not null,
    party_id uuid not null,
    team_id text not null,
    revision int not null,
    state text not null,
    team text not null,
    minutes int not null,
    at timestamptz not null,
    primary key (city, party_id, team_id)
);

create table heard_nights (
    city text primary key,
    revision int not null,
    state text not null,
    areas text[] not null,
    called_off boolean not null,
    at timestamptz not null
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
