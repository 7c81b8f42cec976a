"""The SQL by which notify forgets. Only `adapters.forgetting` uses it."""

from typing import Final

from shared.forgetting import CONTACT

WAS: Final = "select id, phone, email from parties where city = %s and id = any(%s)"

# Column order follows `Party`. Nothing is welcomed anew.
KEEP_LEFT: Final = """
insert into parties (city, id, revision, code, name, address, host_name, phone, email, language,
    sms_consent, status_url, withdrawn, correlation, area, known_since, welcome_due)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, false)
on conflict (city, id) do update set revision = excluded.revision, name = excluded.name,
    address = excluded.address, host_name = excluded.host_name, phone = excluded.phone,
    email = excluded.email, sms_consent = excluded.sms_consent,
    status_url = excluded.status_url, withdrawn = excluded.withdrawn, welcome_due = false
where excluded.revision > parties.revision
"""

_MINE: Final = "city = %(city)s and party_id = any(%(ids)s)"
_MESSAGES: Final = f"select id from messages where {_MINE}"
_CONTACTS, _NOTES = frozenset({"contacts"}), frozenset({"notes"})
_TEXTS: Final = frozenset({"contacts", "addresses", "notes"})
_EMPTY: Final = "subject = '', body = '', html = ''"
_FULL: Final = "subject || body || html <> ''"

BY_PARTY: Final[tuple[tuple[frozenset[str], str, str], ...]] = (
    (
        _CONTACTS,
        "messages held back",
        f"""update messages set state = 'suppressed', reason = 'party forgotten',
            changed_at = %(now)s
        where {_MINE}
            and (state = 'created' or (state = 'suppressed' and reason = 'in reserve'))""",
    ),
    (
        _CONTACTS,
        "addresses of messages",
        f"""update messages set to_address = '', reason = regexp_replace(reason, '{CONTACT}',
                '…', 'g'),
            dedupe = case when strpos(dedupe, to_address) > 0 then 'forgotten/' || id
                else dedupe end
        where {_MINE} and to_address <> ''""",
    ),
    (_TEXTS, "texts of messages", f"update messages set {_EMPTY} where {_MINE} and {_FULL}"),
    (
        _CONTACTS,
        "reasons of second tries",
        f"""update retries set reason = regexp_replace(reason, '{CONTACT}', '…', 'g')
        where message_id in ({_MESSAGES}) and reason ~ '{CONTACT}'""",
    ),
    (
        _CONTACTS,
        "addresses in the outbox",
        f"""update sandbox set to_address = ''
        where message_id in ({_MESSAGES}) and to_address <> ''""",
    ),
    (
        _TEXTS,
        "texts in the outbox",
        f"update sandbox set {_EMPTY} where message_id in ({_MESSAGES}) and {_FULL}",
    ),
    (
        _CONTACTS,
        "senders of texts",
        f"update inbound set from_address = '' where {_MINE} and from_address <> ''",
    ),
    (
        _CONTACTS | _NOTES,
        "words of hosts",
        f"update inbound set body = '', state = case when state = 'open' then 'closed'"
        f" else state end where {_MINE} and body <> ''",
    ),
    (
        _CONTACTS | _NOTES,
        "notes of calls",
        f"update calls set note = '' where {_MINE} and note <> ''",
    ),
    (
        _CONTACTS,
        "reasons of calls",
        f"""update calls set reason = regexp_replace(reason, '{CONTACT}', '…', 'g')
        where {_MINE} and reason ~ '{CONTACT}'""",
    ),
    (
        _NOTES,
        "words about visits",
        f"""update visits set reason = split_part(reason, ':', 1)
        where {_MINE} and reason like '%%:%%'""",
    ),
)
"""Of which groups, what it is called in the audit log, and the change."""

# What a team was told is where hosts live, and no use after their evening.
OF_TEAMS: Final = f"""
with told as (
    select id from messages
    where city = %(city)s and audience = 'team' and created_at < %(until)s and {_FULL}
), filed as (update sandbox set {_EMPTY} where message_id in (select id from told))
update messages set {_EMPTY} where id in (select id from told)
"""

STRANGERS: Final = """
insert into forgotten_parties (city, party_id, groups, waits)
select distinct r.city, stop ->> 'party_id', array['addresses'], true
from (
    select city, team_id, stops from routes union all select city, team_id, stops from team_told
) r cross join jsonb_array_elements(r.stops) stop
where r.city = any(%(cities)s) and (%(teams)s::text[] is null or r.team_id = any(%(teams)s))
    and stop ->> 'address' <> '' and (
    exists (select from forgotten_parties f where f.city = r.city
        and f.party_id = stop ->> 'party_id' and 'addresses' = any(f.groups))
    or not exists (select from parties p where p.city = r.city and p.id = stop ->> 'party_id')
        and (stop ->> 'arrives_at')::timestamptz < (
            select max(f.ends_at) from forgotten_parties f
            where f.city = r.city and 'addresses' = any(f.groups)))
on conflict (city, party_id) do update set waits = true
"""

OF_NOBODY: Final = f"""
with gone as (
    select id, from_address from inbound
    where city in (%(city)s, '') and party_id = '' and team_id = '' and from_address <> ''
        and received_at < %(until)s
), answered as (
    select m.id from messages m
    where m.city = %(city)s and m.party_id = '' and m.audience = 'host' and m.to_address <> ''
        and m.created_at < %(until)s
), filed as (
    update sandbox set to_address = '', {_EMPTY} where message_id in (select id from answered)
), answers as (
    update messages set to_address = '', {_EMPTY} where id in (select id from answered)
), texts as (
    update inbound set from_address = '', body = '', state = 'closed'
    where id in (select id from gone)
)
select from_address from gone
"""

# Whoever still has a party, this year's for example, is not forgotten.
_NOBODYS: Final = """
    and not exists (select from parties p where p.phone <> '' and p.phone = {0})
    and not exists (select from parties p where p.email <> '' and lower(p.email) = lower({0}))
    and not exists (select from inbound i where i.from_address <> '' and i.from_address = {0})
"""

LEDGER: Final = f"""
delete from consent_ledger l
where lower(l.address) = any(%(contacts)s) {_NOBODYS.format("l.address")}
    and not (l.opted_out and not exists (
        select from consent_ledger newer
        where newer.channel = l.channel and lower(newer.address) = lower(l.address)
            and newer.purpose = l.purpose and newer.id > l.id))
"""
LEDGER_WORDS: Final = f"""
update consent_ledger l set words = ''
where lower(l.address) = any(%(contacts)s) and l.words <> '' {_NOBODYS.format("l.address")}
"""
NUMBERS: Final = f"""
delete from proven_numbers n
where lower(n.phone) = any(%(contacts)s) {_NOBODYS.format("n.phone")}
"""
# The id and its revision stay, so that a number that comes again goes on counting.
ASKED_NUMBERS: Final = f"""
update numbers n set phone = '', told = ''
where lower(n.phone) = any(%(contacts)s) {_NOBODYS.format("n.phone")}
"""
CODES: Final = f"""
delete from number_codes n
where lower(n.phone) = any(%(contacts)s) {_NOBODYS.format("n.phone")}
"""

FILED: Final = "select id from messages where city = %s and party_id = any(%s)"
