"""The city's addresses, streets, corners and outlines, and what its map is drawn from."""

import sqlalchemy
from alembic import op

revision = "0008"
down_revision = "0007"

# A street is known by the words of its name, so each city's addresses stand on its own streets.
TABLES = """
create table address_streets (
    id bigint generated always as identity primary key,
    city text not null,
    source text not null,
    direction text not null,
    name text not null,
    kind text not null,
    label text not null,
    lat double precision not null,
    lon double precision not null,
    unique (city, source, direction, name, kind)
);
create index address_streets_alike on address_streets using gin (name gin_trgm_ops);

create table address_points (
    street_id bigint not null references address_streets (id) on delete cascade,
    number int not null,
    lat double precision not null,
    lon double precision not null
);
create index address_points_numbers on address_points (street_id, number);

create table address_crossings (
    one bigint not null references address_streets (id) on delete cascade,
    other bigint not null references address_streets (id) on delete cascade,
    lat double precision not null,
    lon double precision not null,
    apart real not null  -- metres between the addresses that it was guessed from; 0 is known
);
create index address_crossings_one on address_crossings (one, other);
create index address_crossings_other on address_crossings (other);

create table address_sources (
    city text not null,
    source text not null,
    attribution text not null,
    streets int not null,
    points int not null,
    crossings int not null,
    loaded_at timestamptz not null,
    primary key (city, source)
);

create table streets (
    city text primary key,
    lines bytea not null,  -- gzipped GeoJSON
    attribution text not null,
    made_at timestamptz not null
);

create table outlines (
    city text not null,
    layer text not null check (layer in ('area', 'beat', 'district')),
    position int not null,
    code text not null,
    name text not null,
    shape bytea not null,  -- well-known binary
    primary key (city, layer, position)
);
create table outline_sources (
    city text not null,
    layer text not null,
    revision bigint not null,
    loaded_at timestamptz not null,
    primary key (city, layer)
);
create sequence outline_revisions;

create index parties_without_place on parties (city, id)
    where state = 'registered' and document #> '{details,place}' = 'null';
"""


class NoTrigrams(RuntimeError):
    """This server cannot look up what was mistyped; the text says what to do."""


def upgrade() -> None:
    """Make the tables, and the extension that finds what was mistyped."""
    asked = "select count(*) from pg_available_extensions where name = 'pg_trgm'"
    if not op.get_bind().execute(sqlalchemy.text(asked)).scalar():
        raise NoTrigrams(
            "This PostgreSQL lacks the extension pg_trgm. It is part of PostgreSQL's own contrib"
            " package (Debian: postgresql; Red Hat: postgresql-contrib): please install that, or"
            " ask whoever runs the server, then run this command again."
        )
    op.execute("create extension if not exists pg_trgm")
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
