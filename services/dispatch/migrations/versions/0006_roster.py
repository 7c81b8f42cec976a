"""The roster: officers, vehicles and teams."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = ""


def upgrade() -> None:
    """Make the tables."""
    if TABLES:
        op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
