"""What hosts wrote to us, and whether somebody has seen it."""

from alembic import op

revision = "0011"
down_revision = "0010"

TABLE = """
create table host_replies (
    city text not null,
    id text not null,
    revision bigint not null,
    party_id text not null,
    meaning text not null,
    minutes int,
    words text not null,
    at timestamptz not null,
    acted boolean not null default false,
    refusal text not null default '',
    seen_at timestamptz,
    seen_by text not null default '',
    primary key (city, id)
);
create index host_replies_open on host_replies (city, at) where not acted and seen_at is null;
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLE)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
