"""For planners: who changed what and why, notes, bulk changes, doubles that are none, merges."""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
alter table party_history add column person text not null default '';
alter table party_history add column why text not null default '';

create table party_notes (
    id uuid primary key,
    city text not null,
    party_id uuid not null,
    at timestamptz not null,
    person text not null,
    text text not null,
    bulk_id uuid
);
create index party_notes_of_party on party_notes (party_id, at);

create table bulk_changes (
    id uuid primary key,
    city text not null,
    kind text not null,
    value text not null,
    at timestamptz not null,
    person text not null,
    undone_at timestamptz
);
create index bulk_changes_of_city on bulk_changes (city, at);

create table bulk_rows (
    bulk_id uuid not null,
    party_id uuid not null,
    line int not null,
    outcome text not null,
    words text not null,
    revision int not null,
    primary key (bulk_id, party_id)
);

create table not_doubles (
    city text not null,
    one uuid not null,
    other uuid not null,
    at timestamptz not null,
    person text not null,
    primary key (one, other),
    check (one < other)
);

create table merges (
    id uuid primary key,
    city text not null,
    kept_id uuid not null,
    merged_id uuid not null,
    kept_revision int not null,
    merged_revision int not null,
    link_leads boolean not null,
    at timestamptz not null,
    person text not null,
    undone_at timestamptz
);
create unique index merges_standing on merges (merged_id) where undone_at is null;
create index merges_of_kept on merges (kept_id);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
