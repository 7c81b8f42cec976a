"""Planning: policies, hand edits and drafts."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
-- Counts a city's decisions, so that two planners cannot overwrite one another.
create table decisions (
    city text primary key,
    version bigint not null
);

-- A row for each time that the policies were changed; the newest holds.
create table policies (
    city text not null,
    version bigint not null,
    settings jsonb not null,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (city, version)
);

-- Hand edits. One that was withdrawn stays for the record; why one is void is worked out anew.
create table edits (
    city text not null,
    id text not null,
    version bigint not null,
    kind text not null,
    parties text[] not null,
    team text not null,
    visitor text not null,
    earliest timestamptz,
    latest timestamptz,
    only_these boolean not null,
    reason text not null,
    made_by text not null,
    made_at timestamptz not null,
    withdrawn_version bigint,
    withdrawn_by text,
    withdrawn_at timestamptz,
    primary key (city, id)
);

-- When a block was last visited in earlier years, by its address.
create function block_key(address text) returns text language sql immutable as $$
    select btrim(lower(regexp_replace(address, '[^[:alnum:]]+', ' ', 'g')))
$$;
create table block_history (
    city text not null,
    block text not null,
    address text not null,
    last_visited int not null,
    primary key (city, block)
);

create table drafts (
    city text not null,
    name text not null,
    id text not null unique,
    made_by text not null,
    asked_at timestamptz not null,
    state text not null,
    share real not null default 0,
    words text not null default '',
    wish jsonb not null,
    policies jsonb not null,
    content jsonb,
    base jsonb,
    seen_at timestamptz,
    made_at timestamptz,
    finalized_by text,
    finalized_at timestamptz,
    plan_version int,
    primary key (city, name)
);
create index drafts_waiting on drafts (asked_at) where state in ('waiting', 'making');

create table forecasts (
    city text primary key,
    asked_at timestamptz not null,
    state text not null,
    seen_at timestamptz,
    made_at timestamptz,
    base jsonb,
    content jsonb
);

-- Under which policies a plan was made, each with its effect in a sentence.
alter table plans
    add column made_under jsonb not null default '[]',
    add column made_by text not null default '';
"""


def upgrade() -> None:
    """Make the tables."""
    if TABLES:
        op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
