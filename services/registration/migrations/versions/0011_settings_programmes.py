"""The history of cities' settings, what was removed, and requests for programmes."""

from alembic import op

revision = "0011"
down_revision = "0010"

TABLES = """
create table city_history (
    city text not null,
    revision int not null,
    source text not null,
    changed_at timestamptz not null,
    changed_by text not null,
    way text not null check (way in ('file', 'page', 'restored')),
    primary key (city, revision)
);
insert into city_history
select slug, revision, source, configured_at, 'the command line', 'file' from cities;

create table purges (
    id uuid primary key,
    city text not null,
    made_at timestamptz not null,
    made_by text not null,
    report jsonb not null
);
create index purges_of_city on purges (city, made_at);

create table purge_rounds (
    city text primary key,
    day date not null
);

create table forgotten_parties (
    party_id uuid primary key,
    city text not null,
    at timestamptz not null
);

create table programme_requests (
    id uuid primary key,
    city text not null,
    party_id uuid,
    form_key text,
    revision int not null,
    received_at timestamptz not null,
    changed_at timestamptz not null,
    document jsonb not null,
    unique (city, form_key)
);
create index programme_requests_of_city on programme_requests (city, id);

create table programme_request_history (
    request_id uuid not null,
    revision int not null,
    changed_by text not null,
    changed_at timestamptz not null,
    before jsonb,
    after jsonb not null,
    primary key (request_id, revision)
);
"""


def upgrade() -> None:
    """Make the tables; today's settings are the first of their history."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
