"""The plumbing's tables, and what notify knows, has told and is sending."""

from alembic import op

from shared.tables import PLUMBING

revision = "0001"
down_revision = None

KNOWN = """
create table cities (
    id text primary key,
    revision bigint not null,
    name text not null,
    programme text not null,
    signature text not null,
    zone text not null,
    evening_opens timestamptz not null,
    evening_closes timestamptz not null,
    settle_seconds int not null
);

create table parties (
    city text not null,
    id text not null,
    revision bigint not null,
    code text not null,
    name text not null,
    address text not null,
    host_name text not null,
    phone text not null,
    email text not null,
    language text not null,
    sms_consent boolean not null,
    status_url text not null,
    withdrawn boolean not null,
    correlation text not null,
    welcome_due boolean not null default true,
    primary key (city, id)
);
create index parties_waiting on parties (city, id) where welcome_due;
create index parties_codes on parties (code);

create table visits (
    city text not null,
    party_id text not null,
    revision bigint not null,
    opens timestamptz,
    closes timestamptz,
    reason text not null,
    correlation text not null,
    unsettled_since timestamptz,
    settles_at timestamptz,
    primary key (city, party_id)
);
create table routes (
    city text not null,
    team_id text not null,
    revision bigint not null,
    team_name text not null,
    plan_version int not null,
    stops jsonb not null,
    primary key (city, team_id)
);
create index visits_settling on visits (settles_at) where settles_at is not null;
"""

# What a host was last told follows from what was handed over, or may have been; never from plans.
TOLD = """
create view told as
select distinct on (city, party_id, news)
    city, party_id, news, template, revision, opens, closes, channel <> 'none' as reached
from messages
where state in ('sending', 'sent', 'unsure') or channel = 'none'
order by city, party_id, news, channel <> 'none' desc, revision desc, id desc;

create table silences (
    city text not null,
    party_id text not null,
    news text not null,
    revision bigint not null,
    reason text not null,
    at timestamptz not null default now(),
    primary key (city, party_id, news, revision, reason)
);
"""

MESSAGES = """
create table messages (
    id text primary key,
    city text not null,
    party_id text not null,
    news text not null,
    revision bigint not null,
    opens timestamptz,
    closes timestamptz,
    template text not null,
    version text not null,
    channel text not null check (channel in ('sms', 'email', 'none')),
    to_address text not null,
    language text not null,
    subject text not null,
    body text not null,
    html text not null,
    lane text not null check (lane in ('urgent', 'bulk')),
    state text not null check (state in
        ('created', 'sending', 'sent', 'failed', 'expired', 'suppressed', 'unsure')),
    reason text not null,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    due_at timestamptz not null,
    expires_at timestamptz not null,
    claimed_at timestamptz,
    claimed_by text not null default '',
    boot text not null default '',
    attempts int not null default 0,
    provider text not null default '',
    correlation text not null,
    dedupe text not null unique
);
create index messages_due on messages (lane, due_at, id) where state = 'created';
create index messages_expiring on messages (expires_at) where state = 'created';
create index messages_sending on messages (claimed_at) where state = 'sending';
create index messages_of_city on messages (city, id desc);
create index messages_of_party on messages (city, party_id, news);

create table sandbox (
    message_id text primary key,
    channel text not null,
    to_address text not null,
    subject text not null,
    body text not null,
    html text not null,
    taken_at timestamptz not null default now()
);
"""


def upgrade() -> None:
    """Create everything."""
    for part in (PLUMBING, KNOWN, MESSAGES, TOLD):
        op.execute(part)


def downgrade() -> None:
    """The first version has nothing to go back to."""
