"""What hosts wrote to us by text, as notify understood it."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLE = """
create table heard_replies (
    city text not null,
    reply_id text primary key,
    revision bigint not null,
    party_id uuid not null,
    meaning text not null,
    minutes int,
    words text not null,
    channel text not null,
    at timestamptz not null,
    withdrew boolean not null default false
);
create index heard_replies_of_party on heard_replies (city, party_id, at);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLE)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
