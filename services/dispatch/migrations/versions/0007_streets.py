"""The street lines that a city's map is drawn from."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLES = """
create table streets (
    city text primary key,
    lines bytea not null,  -- gzipped GeoJSON
    attribution text not null,
    made_at timestamptz not null
);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
