"""The live night: states, actions, proposals and promises."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ""


def upgrade() -> None:
    """Make the tables."""
    if TABLES:
        op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
