"""Which provider is well and how busy its senders are; whom a city that is not live may reach."""

from alembic import op

revision = "0006"
down_revision = "0004"

MESSAGES = """
alter table messages add column sender text not null default '';
create index messages_unsure on messages (claimed_at) where state = 'unsure';
create index messages_held_in_reserve on messages (expires_at)
    where state = 'suppressed' and reason = 'in reserve';
"""

# One row for each process that hands over: each finds out for itself.
HEALTH = """
create table provider_health (
    instance text not null,
    provider text not null,
    faults int not null,
    shut_at timestamptz,
    shut_until timestamptz,
    words text not null,
    changed_at timestamptz not null,
    primary key (instance, provider)
);
create table sender_pace (
    provider text not null,
    sender text not null,
    busy_until timestamptz not null,
    primary key (provider, sender)
);
"""

# A city without a row is on trial. A contact counts once its code was given back.
TRIAL = """
create table live_cities (
    city text primary key,
    at timestamptz not null,
    by_whom text not null
);
create table staff_contacts (
    id text primary key,
    city text not null,
    channel text not null check (channel in ('sms', 'email')),
    address text not null,
    name text not null,
    code_hash text not null,
    code_until timestamptz not null,
    tries int not null default 0,
    added_at timestamptz not null,
    added_by text not null,
    verified_at timestamptz,
    unique (city, channel, address)
);
"""


def upgrade() -> None:
    """Make the tables. Cities that were sent real messages before stay live."""
    for part in (MESSAGES, HEALTH, TRIAL):
        op.execute(part)
    op.execute(
        "insert into live_cities (city, at, by_whom)"
        " select distinct city, now(), 'the update' from messages"
        " where state = 'sent' and provider not in ('', 'outbox')"
    )


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
