"""The roster: officers, vehicles and teams."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = """
-- A roster's version is the number of its newest change. `told` holds the teams as the city's file
-- last gave them. A city without a row here has the teams of its file and nothing else.
create table rosters (
    city text primary key references cities,
    version bigint not null,
    told jsonb not null,
    kept_since timestamptz
);

create table roster_people (
    city text not null references rosters,
    id text not null,
    version bigint not null,
    name text not null,
    in_group text not null,
    kinds text[] not null,
    languages text[] not null,
    call_sign text not null,
    imported jsonb not null,
    primary key (city, id)
);

create table roster_vehicles (
    city text not null references rosters,
    id text not null,
    version bigint not null,
    name text not null,
    kind text not null,
    seats int not null,
    imported jsonb not null,
    primary key (city, id)
);

-- Times are minutes after the midnight of the evening's day; null and empty mean: as usual.
create table roster_teams (
    city text not null references rosters,
    id text not null,
    version bigint not null,
    position int not null,
    name text not null,
    kinds text[] not null,
    languages text[] not null,
    members text[] not null,
    vehicle text not null,
    start_lat double precision,
    start_lon double precision,
    start_name text not null,
    opens int,
    closes int,
    end_lat double precision,
    end_lon double precision,
    end_name text not null,
    breaks jsonb not null,
    areas text[] not null,
    most_stops int not null,
    imported jsonb not null,
    primary key (city, id)
);

create table roster_changes (
    city text not null references rosters,
    version bigint not null,
    at timestamptz not null,
    actor text not null,
    actor_name text not null,
    verb text not null,
    words text not null,
    deltas jsonb not null,
    undoes bigint,
    undone_by bigint,
    primary key (city, version)
);

-- Spreadsheets between their upload and their use; those of yesterday are thrown away.
create table roster_imports (
    city text not null,
    id text not null,
    at timestamptz not null,
    actor_name text not null,
    file text not null,
    sheets jsonb not null,
    primary key (city, id)
);

-- What a column was taken for the last time.
create table roster_columns (
    city text not null,
    what text not null,
    header text not null,
    field text not null,
    primary key (city, what, header)
);

alter table teams
    add column end_lat double precision,
    add column end_lon double precision,
    add column breaks jsonb not null default '[]',
    add column areas text[] not null default '{}',
    add column most_stops int not null default 0,
    add column vehicle text not null default '';

alter table parties add column if not exists language text not null default '';
"""


def upgrade() -> None:
    """Make the tables."""
    if TABLES:
        op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
