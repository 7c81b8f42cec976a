"""Which groups of data of which parties the other services were told to forget."""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLE = """
create table told_to_forget (
    party_id uuid primary key,
    city text not null,
    groups text[] not null
);
"""


def upgrade() -> None:
    """Make the table; what was purged before it is told by the next purge."""
    op.execute(TABLE)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
