"""What became of looking an address up, so that each address of a party is asked for once."""

from alembic import op

revision = "0015"
down_revision = "0014"

# What is pending is exactly what the index holds. `looked_up` is a digest: what somebody typed is
# kept in the party alone.
TABLES = """
alter table parties add column looked_up text;
create index parties_to_look_up on parties (id)
    where state = 'registered' and document #> '{details,place}' = 'null'
    and looked_up is distinct from md5(document #>> '{details,address}');

create table look_ups (
    party_id uuid primary key references parties (id) on delete cascade,
    city text not null,
    outcome text not null check (outcome in ('placed', 'doubtful', 'unknown')),
    proposals jsonb not null,
    asked_at timestamptz not null,
    again_at timestamptz,  -- when somebody else's geocoder is asked too
    over_at timestamptz not null  -- the end of the party
);
create index look_ups_again on look_ups (again_at) where again_at is not null;
create index look_ups_over on look_ups (over_at);
"""


def upgrade() -> None:
    """Make table, column and indexes."""
    op.execute(TABLES)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
