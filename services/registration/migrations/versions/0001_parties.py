"""The first tables of registration: cities, parties and their history, keys, what is heard."""

from alembic import op

from shared.tables import PLUMBING

revision = "0001"
down_revision = None

# Parties have no foreign key to cities: cities are never deleted, and a key-share lock on one
# row in every registration would make that row the busiest of the database.
TABLES = """
create table cities (
    slug text primary key,
    revision int not null,
    source text not null,
    configured_at timestamptz not null
);

create table parties (
    id uuid primary key,
    city text not null,
    code text not null,
    revision int not null,
    state text not null check (state in ('registered', 'withdrawn')),
    received_at timestamptz not null,
    changed_at timestamptz not null,
    import_key text,
    import_digest bytea,
    document jsonb not null
);
create unique index parties_codes on parties (city, code);
create unique index parties_imported on parties (city, import_key) where import_key is not null;

create table party_history (
    party_id uuid not null,
    revision int not null,
    changed_by text not null,
    changed_at timestamptz not null,
    before jsonb,
    after jsonb not null,
    primary key (party_id, revision)
);

create table idempotency_keys (
    city text not null,
    key text not null,
    digest bytea not null,
    body bytea not null,
    made_at timestamptz not null default now(),
    primary key (city, key)
);
create index idempotency_keys_age on idempotency_keys (made_at);

create table heard_visits (
    city text not null,
    party_id uuid not null,
    revision int not null,
    planned boolean not null,
    team text not null,
    opens timestamptz,
    closes timestamptz,
    reason text not null,
    detail text not null,
    primary key (city, party_id)
);

create table heard_messages (
    city text not null,
    party_id uuid not null,
    message_id text not null,
    revision int not null,
    template text not null,
    channel text not null,
    sent boolean not null,
    detail text not null,
    at timestamptz not null,
    primary key (city, party_id, message_id)
);

create table heard_plans (
    city text primary key,
    version int not null,
    visited int not null,
    unvisited int not null,
    published_at timestamptz not null
);
"""


def upgrade() -> None:
    op.execute(PLUMBING)
    op.execute(TABLES)


def downgrade() -> None:
    raise NotImplementedError("the first migration is where the database begins")
