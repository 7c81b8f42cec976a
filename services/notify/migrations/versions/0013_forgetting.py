"""Which parties are to be forgotten, and who wrote to us by whom nobody is known."""

from alembic import op

from shared.forgetting import FORGOTTEN_TABLE

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table, and an index of texts that are nobody's."""
    op.execute(FORGOTTEN_TABLE)
    op.execute(
        "create index inbound_of_nobody on inbound (city, received_at)"
        " where party_id = '' and team_id = '' and from_address <> ''"
    )


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
