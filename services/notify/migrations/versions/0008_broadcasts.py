"""Broadcasts and who got them, second tries by staff, and what they are filtered by."""

from alembic import op

revision = "0008"
down_revision = "0007"

TRAITS = """
alter table parties
    add column if not exists area text not null default '',
    add column if not exists wanted text[] not null default '{}';
create index if not exists parties_areas on parties (city, area);
"""

# `authors` are the ids of everybody who wrote at it: none of them may approve it.
BROADCASTS = """
create table broadcasts (
    id text primary key,
    city text not null,
    version int not null default 1,
    state text not null check (state in
        ('draft', 'waiting', 'sending', 'paused', 'stopped', 'done')),
    title text not null,
    filters jsonb not null,
    words jsonb not null,
    authors text[] not null,
    written_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    expires_at timestamptz not null,
    asked_by text not null default '',
    approved_by text not null default '',
    started_at timestamptz,
    finished_at timestamptz,
    correlation text not null
);
create index broadcasts_of_city on broadcasts (city, id desc);
create index broadcasts_running on broadcasts (id) where state in ('sending', 'paused', 'stopped');

create table broadcast_people (
    broadcast_id text not null references broadcasts (id) on delete cascade,
    party_id text not null,
    state text not null default 'waiting' check (state in
        ('waiting', 'written', 'left_out', 'stopped', 'expired')),
    reason text not null default '',
    primary key (broadcast_id, party_id)
);
create index broadcast_people_waiting on broadcast_people (broadcast_id, party_id)
    where state = 'waiting';

create table broadcast_rules (
    city text primary key,
    approve_above int not null check (approve_above >= 0)
);
"""

# What a message was before somebody of staff let it be tried again, so that it can be undone.
RETRIES = """
create table retries (
    id bigint generated always as identity primary key,
    message_id text not null,
    by_whom text not null,
    at timestamptz not null,
    state text not null,
    reason text not null,
    due_at timestamptz not null,
    attempts int not null,
    undone_at timestamptz
);
create index retries_of_message on retries (message_id, id desc);
create index messages_failed on messages (city, id desc)
    where state in ('failed_permanent', 'failed_temporary', 'expired', 'unsure');
"""


def upgrade() -> None:
    """Add them."""
    for part in (TRAITS, BROADCASTS, RETRIES):
        op.execute(part)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
