"""What dispatchers wrote of visits that are held or called off."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns."""
    op.execute("alter table heard_visits add column why text not null default ''")
    op.execute("alter table heard_nights add column reason text not null default ''")


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
