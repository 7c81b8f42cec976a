"""Team pages: links, notes, photos and positions."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
-- A link for one team and shift. Its token is its id, signed; what was handed out is not kept.
create table team_links (
    id uuid primary key,
    city text not null,
    team_id text not null,
    team_name text not null,
    token_hash bytea not null unique,
    opens timestamptz not null,
    ends timestamptz not null,
    made_by text not null,
    made_at timestamptz not null,
    revoked_at timestamptz,
    revoked_by text not null default ''
);
create index team_links_city on team_links (city, team_id);

-- Each browser that opened a link; its cookie is a secret of its own.
create table team_phones (
    secret_hash bytea primary key,
    link_id uuid not null references team_links on delete cascade,
    opened_at timestamptz not null,
    heard_at timestamptz not null
);
create index team_phones_link on team_phones (link_id);

create table field_notes (
    city text not null,
    id uuid not null,
    team_id text not null,
    party_id text not null,
    kind text not null check (kind in ('note', 'head_count', 'follow_up')),
    words text not null,
    people int,
    at timestamptz not null,
    received_at timestamptz not null,
    primary key (city, id)
);
create index field_notes_party on field_notes (city, party_id);

-- Photos as they were made anew here: no camera data, no place.
create table field_photos (
    city text not null,
    id uuid not null,
    link_id uuid not null,
    team_id text not null,
    party_id text not null,
    caption text not null,
    width int not null,
    height int not null,
    jpeg bytea not null,
    at timestamptz not null,
    received_at timestamptz not null,
    approved_at timestamptz,
    approved_by text not null default '',
    primary key (city, id)
);
alter table field_photos alter column jpeg set storage external;
create index field_photos_link on field_photos (link_id);

create table trackers (
    city text not null,
    device text not null,
    team_id text not null,
    primary key (city, device)
);
"""


def upgrade() -> None:
    """Make the tables."""
    if TABLES:
        op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
