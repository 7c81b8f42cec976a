"""Indexes by city, contact and address: for lists, doubles and limits."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = """
create index parties_of_city on parties (city, id);
create index parties_by_phone on parties (city, ((document #>> '{details,host,phone}')));
create index parties_by_email on parties (city, lower(document #>> '{details,host,email}'));
create index parties_by_address on parties (city, lower(document #>> '{details,address}'));
"""


def upgrade() -> None:
    """Make the indexes that lists, doubles and limits ask for."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
