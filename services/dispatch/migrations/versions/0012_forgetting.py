"""What was forgotten; the log of the night lets personal data be taken out; blocks by hundreds."""

from alembic import op

from shared.forgetting import FORGOTTEN_TABLE

revision = "0012"
down_revision = "0011"

# Who did what when stays for good; what it said of a host may be taken out by a purge.
STAYS = """
create or replace function refuse_change() returns trigger language plpgsql as $$
declare
    may text[] := array['undone_by'];
begin
    if current_setting('porchlight.forgetting', true) = 'on' then
        may := may || array['details', 'changes', 'refusal'];
    end if;
    if tg_op = 'DELETE' or to_jsonb(new) - may <> to_jsonb(old) - may then
        raise exception 'what was done stays written down';
    end if;
    return new;
end $$;
"""

# The block of an address in its own words; a corner or a place without a number is its own block.
BLOCKS = """
create function hundred_key(address text) returns text language sql immutable as $$
    select case when key ~ '^[0-9]{1,6} ' and key !~ '^[0-9]+ block '
        then (split_part(key, ' ', 1)::int / 100 * 100) || ' block of '
            || substr(key, strpos(key, ' ') + 1)
        else key end
    from (select block_key(address) as key) k
$$;
"""


def upgrade() -> None:
    """Make table and functions."""
    op.execute(FORGOTTEN_TABLE)
    op.execute(STAYS)
    op.execute(BLOCKS)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
