"""How people of the roster are reached, what was said of each team; breaks and where teams end."""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
alter table roster_people
    add column phone text not null default '',
    add column email text not null default '',
    add column message_language text not null default '';

create table staffed (
    city text not null,
    team_id text not null,
    revision bigint not null,
    said jsonb not null,
    primary key (city, team_id)
);

-- Breaks as planned, and when the team is back; an older plan has none.
alter table routes add column rests jsonb not null default '{}';

-- Breaks as taken tonight.
alter table team_states add column breaks jsonb not null default '[]';

alter table teams add column end_name text not null default '';
alter table night_teams add column end_name text not null default '';
"""


def upgrade() -> None:
    """Add the columns and the table."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
