"""Planning: policies, hand edits and drafts."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ""


def upgrade() -> None:
    """Make the tables."""
    if TABLES:
        op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
