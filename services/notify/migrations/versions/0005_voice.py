"""How a city wants to speak, who comes, what is due at its hour, and what teams were told."""

from alembic import op

revision = "0005"
down_revision = "0004"

VOICE = """
create table voices (
    city text primary key,
    revision int not null,
    settings jsonb not null,
    changed_at timestamptz not null,
    changed_by text not null
);
alter table cities
    add column given_programme text not null default '',
    add column given_signature text not null default '',
    add column kinds jsonb not null default '[]',
    add column areas jsonb not null default '[]',
    add column dated_at timestamptz not null default now();
update cities set given_programme = programme, given_signature = signature;
alter table parties
    add column area text not null default '',
    add column known_since timestamptz not null default now();
"""

# Who was said to come, and the date that the words meant.
SAID = """
alter table visits
    add column team_id text not null default '',
    add column team_name text not null default '',
    add column kinds text[] not null default '{}';
alter table messages
    add column visit_team text not null default '',
    add column visit_kinds text[] not null default '{}',
    add column says_date date;
update messages m set says_date = (c.evening_opens at time zone c.zone)::date
from cities c where c.id = m.city and m.audience = 'host';
create or replace view told as
select distinct on (city, party_id, news)
    city, party_id, news, template, revision, opens, closes, channel <> 'none' as reached,
    visit_team, visit_kinds, id
from messages
where audience = 'host'
    and (state in ('sending', 'sent', 'delivered', 'unsure') or channel = 'none')
order by city, party_id, news, channel <> 'none' desc, revision desc, id desc;
"""

# A slot is made once; its rows are decided one by one.
DIARY = """
create table slots (
    city text not null,
    kind text not null,
    mark text not null,
    made_at timestamptz not null,
    primary key (city, kind, mark)
);
create table due (
    city text not null,
    party_id text not null,
    kind text not null,
    mark text not null,
    at timestamptz not null,
    until timestamptz not null,
    decided_at timestamptz,
    primary key (city, party_id, kind, mark)
);
create index due_open on due (at) where decided_at is null;
create table confirmations (
    id bigint generated always as identity primary key,
    city text not null,
    party_id text not null,
    answer text not null check (answer in ('yes', 'no')),
    at timestamptz not null,
    source text not null
);
create index confirmations_of on confirmations (city, party_id, at desc);
create table called_off (
    city text not null,
    date date not null,
    at timestamptz not null,
    primary key (city, date)
);
"""

# What a team is done with, and what each of its people was last told of its route.
TEAMS = """
create table done (
    city text not null,
    party_id text not null,
    team_id text not null,
    revision bigint not null,
    state text not null check (state in ('there', 'visited', 'skipped', 'open')),
    at timestamptz not null,
    primary key (city, party_id, team_id)
);
alter table routes
    add column unsettled_since timestamptz,
    add column settles_at timestamptz;
create index routes_settling on routes (settles_at) where settles_at is not null;
create table team_told (
    city text not null,
    team_id text not null,
    contact text not null,
    revision bigint not null,
    stops jsonb not null,
    told_at timestamptz not null,
    primary key (city, team_id, contact)
);
"""

# Words that a city's staff has changed; the newest of each holds, `restored` means the file's.
WORDINGS = """
create table wordings (
    id bigint generated always as identity primary key,
    city text not null,
    language text not null,
    template text not null,
    channel text not null check (channel in ('sms', 'email')),
    subject text not null,
    body text not null,
    version text not null,
    restored boolean not null default false,
    saved_by text not null,
    saved_at timestamptz not null
);
create index wordings_of on wordings (city, language, template, channel, id desc);
"""


def upgrade() -> None:
    """Make them."""
    for part in (VOICE, SAID, DIARY, TEAMS, WORDINGS):
        op.execute(part)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
