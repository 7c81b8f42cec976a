"""A note that is taken back with a change of many stays, with who took it back and when."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns."""
    op.execute("alter table party_notes add column taken_back_at timestamptz")
    op.execute("alter table party_notes add column taken_back_by text not null default ''")


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
