"""Imports of lists as jobs: the file until it is read, each row with what became of it."""

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = """
create table imports (
    id uuid primary key,
    city text not null,
    name text not null,
    sheet text not null,
    state text not null,
    header_line int not null,
    columns text[] not null,
    mapping text[] not null,
    sample jsonb not null,
    file bytea,
    total int not null default 0,
    done int not null default 0,
    last_line int not null default 0,
    counts jsonb not null default '{}',
    results jsonb not null default '{}',
    made_by text not null,
    made_at timestamptz not null,
    finished_at timestamptz,
    problem text not null default '',
    strict boolean not null default false
);
create index imports_of_city on imports (city, made_at desc);
create index imports_at_work on imports (made_at)
    where state in ('reading', 'checking', 'importing', 'undoing');
alter table imports alter column file set storage external;

create table import_rows (
    import_id uuid not null references imports on delete cascade,
    line int not null,
    key text not null,
    cells text[] not null,
    outcome text not null default '',
    said jsonb,
    party_id uuid,
    revision int,
    before_revision int,
    primary key (import_id, line)
);
create index import_rows_by_key on import_rows (import_id, key);
create index import_rows_by_outcome on import_rows (import_id, outcome, line);

create table import_mappings (
    city text not null,
    header bytea not null,
    mapping text[] not null,
    used_at timestamptz not null,
    primary key (city, header)
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
