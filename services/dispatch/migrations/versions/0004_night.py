"""The live night: states, actions, proposals and promises."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
-- Everything that was done in the night, never changed but for `undone_by`. The rest follows.
create table actions (
    city text not null,
    id uuid not null,
    number bigint generated always as identity,
    version bigint not null,
    kind text not null,
    team_id text not null default '',
    party_id text not null default '',
    at timestamptz not null,
    told_at timestamptz,
    received_at timestamptz not null,
    by_id text not null,
    by_name text not null,
    source text not null,
    details jsonb not null,
    applied boolean not null,
    refusal text not null default '',
    touched text[] not null default '{}',
    changes jsonb not null default '[]',
    undoes uuid,
    undone_by uuid,
    primary key (city, id)
);
create index actions_by_number on actions (city, number);
create index actions_by_version on actions (city, version);
create index actions_by_team on actions (city, team_id) where team_id <> '';
create index actions_by_party on actions (city, party_id) where party_id <> '';
create function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or to_jsonb(new) - 'undone_by' <> to_jsonb(old) - 'undone_by' then
        raise exception 'what was done stays written down';
    end if;
    return new;
end $$;
create trigger actions_stay before update or delete on actions
    for each row execute function refuse_change();

create table nights (
    city text primary key,
    revision bigint not null default 1,
    state text not null,
    reason text not null,
    held_areas text[] not null,
    opened_at timestamptz,
    held_at timestamptz,
    closed_at timestamptz
);

create table team_states (
    city text not null,
    team_id text not null,
    state text not null,
    since timestamptz,
    party_id text not null,
    left_party text not null,
    free_at timestamptz,
    late_seconds int not null,
    heard_at timestamptz,
    version bigint not null,
    primary key (city, team_id)
);

create table visit_states (
    city text not null,
    team_id text not null,
    party_id text not null,
    revision bigint not null,
    state text not null,
    en_route_at timestamptz,
    arrived_at timestamptz,
    left_at timestamptz,
    reason text not null,
    primary key (city, team_id, party_id)
);

-- What was said tonight of a party, over what registration says of it.
create table party_states (
    city text not null,
    party_id text not null,
    walk_up boolean not null,
    cancelled boolean not null,
    reason text not null,
    lat double precision,
    lon double precision,
    address text not null,
    opens timestamptz,
    closes timestamptz,
    version bigint not null,
    primary key (city, party_id)
);

-- Visits that a person has given to a team; `position` counts from its first open stop.
create table pins (
    city text not null,
    party_id text not null,
    team_id text not null,
    position int,
    primary key (city, party_id, team_id)
);

-- Teams split from another or joined with one tonight, whole, over the roster.
create table night_teams (
    city text not null,
    id text not null,
    name text not null,
    kinds text[] not null,
    languages text[] not null,
    members text[] not null,
    lat double precision not null,
    lon double precision not null,
    shift_opens timestamptz not null,
    shift_closes timestamptz not null,
    end_lat double precision,
    end_lon double precision,
    breaks jsonb not null default '[]',
    areas text[] not null default '{}',
    most_stops int not null default 0,
    vehicle text not null default '',
    primary key (city, id)
);

-- The newest known place of each team; a hint and never more.
create table positions (
    city text not null,
    team_id text not null,
    lat double precision not null,
    lon double precision not null,
    accuracy double precision,
    at timestamptz not null,
    received_at timestamptz not null,
    source text not null,
    primary key (city, team_id)
);

create table proposals (
    city text not null,
    id uuid not null,
    base_version bigint not null,
    plan_version int not null,
    made_at timestamptz not null,
    applies_at timestamptz,
    state text not null check (state in ('open', 'applied', 'declined', 'superseded')),
    needs_answer boolean not null,
    body jsonb not null,
    settled_at timestamptz,
    primary key (city, id)
);
create unique index proposals_open on proposals (city) where state = 'open';

-- Every window ever told to a host, with the confidence stated, and what became of it.
create table promises (
    city text not null,
    party_id text not null,
    number int not null,
    team_id text not null,
    opens timestamptz not null,
    closes timestamptz not null,
    arrives_at timestamptz not null,
    confidence double precision not null,
    told_at timestamptz not null,
    state text not null check (state in ('open', 'kept', 'changed', 'broken')),
    why text not null default '',
    arrived_at timestamptz,
    settled_at timestamptz,
    primary key (city, party_id, number)
);
create unique index promises_open on promises (city, party_id) where state = 'open';

-- What driving and staying really took, beside what was planned.
create table durations (
    city text not null,
    team_id text not null,
    kind text not null check (kind in ('drive', 'dwell')),
    party_id text not null,
    planned int not null,
    actual int,
    primary key (city, team_id, kind, party_id)
);
"""


def upgrade() -> None:
    """Make the tables."""
    if TABLES:
        op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
