"""Which numbers have shown that they belong to whoever gave them."""

from alembic import op

revision = "0012"
down_revision = "0008"

TABLES = """
create table proven_numbers (
    phone text primary key,
    how text not null,
    at timestamptz not null
);
insert into proven_numbers (phone, how, at)
select from_address, 'wrote to us', min(received_at) from inbound
where channel = 'sms' and from_address <> '' group by from_address;

create table trusting_cities (
    city text primary key,
    at timestamptz not null,
    by_whom text not null
);
"""

# A host of a city that is live is texted once the number has answered; on trial nobody is reached.
MAY_TEXT = """
create function may_text(of_city text, number text, consent boolean) returns boolean
language sql stable as $$
    select consent and number <> '' and (
        exists (select from proven_numbers where phone = number)
        or not exists (select from live_cities where city = of_city)
        or exists (select from trusting_cities where city = of_city))
$$;
"""


def upgrade() -> None:
    """Make tables and rule. Cities that are live already go on as they were."""
    op.execute(TABLES)
    op.execute(
        "insert into trusting_cities (city, at, by_whom)"
        " select city, now(), 'the upgrade' from live_cities"
    )
    op.execute(MAY_TEXT)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
