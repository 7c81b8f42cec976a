"""The plumbing's tables and dispatch's first own ones."""

from alembic import op

from shared.tables import PLUMBING

revision = "0001"
down_revision = None

OWN = """
create table cities (
    id text primary key,
    revision bigint not null,
    name text not null,
    programme text not null,
    zone text not null,
    date text not null,
    settings jsonb not null
);

create table teams (
    city text not null references cities,
    id text not null,
    position int not null,
    name text not null,
    kinds text[] not null,
    languages text[] not null,
    members text[] not null,
    lat double precision not null,
    lon double precision not null,
    shift_opens timestamptz not null,
    shift_closes timestamptz not null,
    primary key (city, id)
);

-- No reference to cities: a party may be heard of before its city.
create table parties (
    city text not null,
    id text not null,
    revision bigint not null,
    withdrawn boolean not null,
    code text not null,
    name text not null,
    address text not null,
    location_notes text not null,
    lat double precision,
    lon double precision,
    area text not null,
    opens timestamptz not null,
    closes timestamptz not null,
    people int not null,
    children int not null,
    wanted text[] not null,
    no_visit boolean not null,
    host_name text not null,
    received_at timestamptz not null,
    correlation text not null,
    primary key (city, id)
);

create table messages (
    city text not null,
    id text not null,
    party_id text not null,
    template text not null,
    channel text not null,
    fault text not null,
    at timestamptz not null,
    primary key (city, id)
);

create table plans (
    city text not null references cities,
    version int not null,
    name text not null,
    made_at timestamptz not null,
    parties int not null,
    visited int not null,
    unvisited int not null,
    teams int not null,
    primary key (city, version)
);

-- A row for each version that changed the team's route; an older plan is the newest rows up to it.
create table routes (
    city text not null,
    team_id text not null,
    version int not null,
    current boolean not null,
    stops jsonb not null,
    primary key (city, team_id, version),
    foreign key (city, version) references plans
);
create unique index routes_current on routes (city, team_id) where current;

-- What each host was last told; `revision` rises only when that changes.
create table visits (
    city text not null,
    party_id text not null,
    revision bigint not null,
    plan_version int not null,
    team_id text not null,
    team_name text not null,
    kinds text[] not null,
    opens timestamptz,
    closes timestamptz,
    arrives_at timestamptz,
    reason text not null,
    detail text not null,
    primary key (city, party_id)
);

-- Cities whose plan is out of date. The sequence keeps generations unique when a row is gone.
create sequence dirt_generations;
create table dirty_cities (
    city text primary key,
    dirty_since timestamptz not null,
    generation bigint not null default nextval('dirt_generations')
);

-- Counts changes of what consoles show; each count is also told on the channel 'boards'.
create table boards (
    city text primary key,
    change bigint not null,
    changed_at timestamptz not null,
    trouble text not null default ''
);
create function say_board() returns trigger language plpgsql as $$
begin
    perform pg_notify('boards', new.city || ' ' || new.change);
    return null;
end $$;
create trigger board_changed after insert or update on boards
    for each row execute function say_board();
"""


def upgrade() -> None:
    """Make all tables."""
    op.execute(PLUMBING)
    op.execute(OWN)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
