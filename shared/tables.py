"""The SQL of the plumbing's own tables, in each service's database. Only first migrations run it.

outbox             facts in the order of their writing; `number` is given once, by the relay
relay_state        the highest number given so far (one row)
inbox              facts applied here, each once
inbox_progress     up to which number of a publisher nothing is missing
delivery_attempts  how often one troublesome entry was tried alone
dead_letters       what could not be applied, with its bytes, for people to look at
heartbeats         when each process of this service last showed that it works
"""

PLUMBING = """
create table outbox (
    id bigint generated always as identity primary key,
    event_id uuid not null,
    type text not null,
    body bytea not null,
    number bigint unique,
    made_at timestamptz not null default now(),
    sent_at timestamptz
);
create index outbox_unsent on outbox (id) where sent_at is null;

create function say_outbox() returns trigger language plpgsql as $$
begin
    perform pg_notify('outbox', '');
    return null;
end $$;
create trigger outbox_written after insert on outbox
    for each statement execute function say_outbox();

create table relay_state (one boolean primary key default true check (one), highest bigint);
insert into relay_state (highest) values (0);

create table inbox (
    event_id uuid primary key,
    publisher text not null,
    number bigint,
    applied_at timestamptz not null default now()
);
create index inbox_numbers on inbox (publisher, number);

create table inbox_progress (publisher text primary key, through bigint not null);

create table delivery_attempts (
    publisher text not null,
    entry text not null,
    attempts int not null,
    primary key (publisher, entry)
);

create table dead_letters (
    id uuid primary key,
    publisher text not null,
    number bigint,
    type text not null,
    body bytea not null,
    error text not null,
    attempts int not null,
    died_at timestamptz not null default now(),
    state text not null default 'dead' check (state in ('dead', 'replayed', 'discarded')),
    settled_at timestamptz
);

create table heartbeats (
    process text primary key,
    at timestamptz not null,
    detail text not null default ''
);
"""

# For services that keep an audit log; `shared.audit` writes it.
AUDIT_TABLE = """
create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor_id text not null,
    actor text not null,
    city text not null,
    what text not null,
    object text not null,
    address text not null
);
create index audit_city on audit (city, id);
create function keep_audit() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is only added to';
end $$;
create trigger audit_is_kept before update or delete on audit
    for each row execute function keep_audit();
create trigger audit_is_not_emptied before truncate on audit
    for each statement execute function keep_audit();
"""
