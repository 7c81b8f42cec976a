"""Messages to teams and staff, too, and what became of them; calls, answers, who opted out."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATES = """
alter table messages drop constraint messages_state_check;
update messages set state = 'failed_permanent' where state = 'failed';
alter table messages add constraint messages_state_check check (state in
    ('created', 'sending', 'sent', 'delivered', 'failed_permanent', 'failed_temporary',
    'expired', 'suppressed', 'unsure'));
"""

COLUMNS = """
alter table messages
    add column audience text not null default 'host'
        check (audience in ('host', 'team', 'staff')),
    add column purpose text not null default 'visits'
        check (purpose in ('visits', 'reminders', 'broadcasts', 'replies')),
    add column team_id text not null default '',
    add column contact text not null default '',
    add column segments int not null default 0,
    add column broadcast_id text not null default '',
    add column provider_ref text not null default '',
    add column delivered_at timestamptz,
    add column trial boolean not null default false,
    add column reserve_of text not null default '';
create index messages_in_reserve on messages (reserve_of) where reserve_of <> '';
create index messages_by_provider_ref on messages (provider, provider_ref)
    where provider_ref <> '';
create index messages_of_broadcast on messages (broadcast_id) where broadcast_id <> '';
"""

# Whom nobody reached by any channel, until somebody has called them.
CALLS = """
create table calls (
    id text primary key,
    city text not null,
    party_id text not null,
    message_id text not null unique,
    template text not null,
    reason text not null,
    created_at timestamptz not null,
    done_at timestamptz,
    done_by text not null default '',
    note text not null default ''
);
create index calls_open on calls (city, created_at) where done_at is null;
"""

# What people wrote to us. `meaning` is the keyword understood; `open` waits for somebody of staff.
INBOUND = """
create table inbound (
    id text primary key,
    city text not null,
    provider text not null,
    provider_ref text not null,
    channel text not null check (channel in ('sms', 'email')),
    from_address text not null,
    to_address text not null,
    party_id text not null,
    team_id text not null default '',
    body text not null,
    meaning text not null,
    state text not null check (state in ('handled', 'open', 'closed')),
    received_at timestamptz not null,
    closed_at timestamptz,
    closed_by text not null default '',
    unique (provider, provider_ref)
);
create index inbound_open on inbound (city, received_at) where state = 'open';
create index inbound_of_party on inbound (city, party_id, received_at);
"""

# Who wants nothing more, for which purpose, in whose words. Never changed, only added to.
LEDGER = """
create table consent_ledger (
    id bigint generated always as identity primary key,
    city text not null,
    channel text not null check (channel in ('sms', 'email')),
    address text not null,
    purpose text not null,
    opted_out boolean not null,
    words text not null,
    source text not null check (source in ('inbound', 'link', 'staff', 'provider')),
    by_whom text not null default '',
    at timestamptz not null
);
create index consent_ledger_of on consent_ledger (channel, address, purpose, id desc);
create view opted_out as
select channel, address, purpose, words, source, by_whom, at, city from (
    select distinct on (channel, address, purpose) * from consent_ledger
    order by channel, address, purpose, id desc
) newest
where opted_out;
"""

TOLD = """
create or replace view told as
select distinct on (city, party_id, news)
    city, party_id, news, template, revision, opens, closes, channel <> 'none' as reached
from messages
where audience = 'host'
    and (state in ('sending', 'sent', 'delivered', 'unsure') or channel = 'none')
order by city, party_id, news, channel <> 'none' desc, revision desc, id desc;
"""


def upgrade() -> None:
    """Change the tables; what had failed had failed for good."""
    for part in (STATES, COLUMNS, CALLS, INBOUND, LEDGER, TOLD):
        op.execute(part)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
