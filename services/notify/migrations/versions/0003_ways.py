"""Messages to teams and staff, too; what became of them afterwards; purposes and segments."""

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
    add column trial boolean not null default false;
create index messages_by_provider_ref on messages (provider, provider_ref)
    where provider_ref <> '';
create index messages_of_broadcast on messages (broadcast_id) where broadcast_id <> '';
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
    for part in (STATES, COLUMNS, TOLD):
        op.execute(part)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
