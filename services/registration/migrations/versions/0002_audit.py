"""The audit log: who saw which address."""

from alembic import op

from shared.tables import AUDIT_TABLE

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.execute(AUDIT_TABLE)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
