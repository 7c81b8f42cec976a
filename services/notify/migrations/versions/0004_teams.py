"""Who is in each team and how they are reached."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLE = """
create table teams (
    city text not null,
    team_id text not null,
    revision bigint not null,
    team_name text not null,
    opens timestamptz not null,
    closes timestamptz not null,
    page_url text not null,
    members jsonb not null,
    primary key (city, team_id)
);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLE)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
