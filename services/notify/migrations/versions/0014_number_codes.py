"""Which numbers were asked in which city, what was said of that, and the newest code of each."""

from alembic import op

revision = "0014"
down_revision = "0013"

# `told` is what the other services were told last: asked, refused, proven, excused. The id follows
# from city and phone; an empty phone was forgotten, and may come again.
TABLES = """
create table numbers (
    id text primary key,
    city text not null,
    phone text not null,
    revision integer not null,
    told text not null
);
create index numbers_phone on numbers (phone, city);
create index numbers_open on numbers (city) where told not in ('', 'proven');
create table number_codes (
    phone text primary key,
    salt text not null,
    goes_at timestamptz not null,
    good_until timestamptz not null,
    tries integer not null,
    made timestamptz[] not null
);
"""

ASKS = """
create function asks_numbers(of_city text) returns boolean language sql stable as $$
    select exists (select from live_cities where city = of_city)
        and not exists (select from trusting_cities where city = of_city)
$$;
"""


def upgrade() -> None:
    """Make tables and rule."""
    op.execute(TABLES)
    op.execute(ASKS)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
