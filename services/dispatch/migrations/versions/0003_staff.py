"""Staff: accounts, sessions, tokens and the audit log."""

from alembic import op

from shared.tables import AUDIT_TABLE

revision = "0003"
down_revision = "0002"

TABLES = """
create table staff (
    id text primary key,
    email text not null,
    name text not null,
    state text not null check (state in ('invited', 'active', 'disabled')),
    password text not null default '',
    totp text not null default '',
    totp_step bigint not null default 0,
    -- Issuer and subject at the OpenID Connect provider.
    subject text not null default '',
    made_at timestamptz not null,
    signed_in_at timestamptz
);
create unique index staff_email on staff (email) where email <> '';
create unique index staff_subject on staff (subject) where subject <> '';

-- `source` keeps what the provider's groups give apart from what an administrator gave.
create table staff_roles (
    staff_id text not null references staff on delete cascade,
    city text not null,
    role text not null,
    source text not null check (source in ('staff', 'provider')),
    primary key (staff_id, city, role, source)
);

create table staff_recovery_codes (
    staff_id text not null references staff on delete cascade,
    hash text not null,
    primary key (staff_id, hash)
);

create table staff_invitations (
    hash text primary key,
    staff_id text not null references staff on delete cascade,
    made_at timestamptz not null,
    ends_at timestamptz not null
);

-- `stage` is 'code' between the password and the second factor.
create table staff_sessions (
    id text primary key,
    hash text not null unique,
    staff_id text not null references staff on delete cascade,
    stage text not null check (stage in ('code', 'full')),
    way text not null,
    address text not null,
    agent text not null,
    made_at timestamptz not null,
    seen_at timestamptz not null,
    ends_at timestamptz not null
);
create index staff_sessions_staff on staff_sessions (staff_id);

create table api_tokens (
    id text primary key,
    hash text not null unique,
    name text not null,
    city text not null,
    role text not null,
    scopes text[] not null,
    made_by text not null,
    made_at timestamptz not null,
    ends_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)
    op.execute(AUDIT_TABLE)


def downgrade() -> None:
    """There is no way back: restore the backup."""
    raise NotImplementedError("Restore the backup made before the migration.")
