"""The SQL of the book. Only `adapters.book` uses it; column orders follow the domain's types."""

from typing import Final

KEEP_CITY: Final = """
insert into cities (id, revision, name, programme, signature, zone, evening_opens,
    evening_closes, settle_seconds)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (id) do update set revision = excluded.revision, name = excluded.name,
    programme = excluded.programme, signature = excluded.signature, zone = excluded.zone,
    evening_opens = excluded.evening_opens, evening_closes = excluded.evening_closes,
    settle_seconds = excluded.settle_seconds
where excluded.revision > cities.revision
"""

KEEP_PARTY: Final = """
insert into parties (city, id, revision, code, name, address, host_name, phone, email, language,
    sms_consent, status_url, withdrawn, correlation)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, id) do update set revision = excluded.revision, code = excluded.code,
    name = excluded.name, address = excluded.address, host_name = excluded.host_name,
    phone = excluded.phone, email = excluded.email, language = excluded.language,
    sms_consent = excluded.sms_consent, status_url = excluded.status_url,
    withdrawn = excluded.withdrawn, correlation = excluded.correlation, welcome_due = true
where excluded.revision > parties.revision
"""

SUPPRESS_UNREACHABLE: Final = """
update messages m
set state = 'suppressed', changed_at = %s,
    reason = case when p.withdrawn then 'party withdrawn' else 'no longer reachable this way' end
from parties p join unnest(%s::text[], %s::text[]) as k (city, id) using (city, id)
where m.city = p.city and m.party_id = p.id and m.state = 'created'
    and (p.withdrawn
        or (m.channel = 'sms' and (p.phone = '' or not p.sms_consent))
        or (m.channel = 'email' and p.email = ''))
"""

READDRESS: Final = """
update messages m
set to_address = case m.channel when 'sms' then p.phone else p.email end
from parties p join unnest(%s::text[], %s::text[]) as k (city, id) using (city, id)
where m.city = p.city and m.party_id = p.id and m.state = 'created'
    and m.to_address <> case m.channel when 'sms' then p.phone else p.email end
"""

# A host who could not be reached before may be reachable now.
DECIDE_AGAIN: Final = """
update visits v
set settles_at = %s, unsettled_since = %s
from told t join unnest(%s::text[], %s::text[]) as k (city, id)
    on t.city = k.city and t.party_id = k.id
where t.news = 'visit' and not t.reached and v.settles_at is null
    and v.city = t.city and v.party_id = t.party_id
"""

KEEP_ROUTE: Final = """
insert into routes (city, team_id, revision, team_name, plan_version, stops)
values (%s, %s, %s, %s, %s, %s::jsonb)
on conflict (city, team_id) do update set revision = excluded.revision,
    team_name = excluded.team_name, plan_version = excluded.plan_version, stops = excluded.stops
where excluded.revision > routes.revision
"""

KEEP_TEAM: Final = """
insert into teams (city, team_id, revision, team_name, opens, closes, page_url, members)
values (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)
on conflict (city, team_id) do update set revision = excluded.revision,
    team_name = excluded.team_name, opens = excluded.opens, closes = excluded.closes,
    page_url = excluded.page_url, members = excluded.members
where excluded.revision > teams.revision
"""

# Each change lets the visit settle anew, but news waits for no more than five settle times.
KEEP_VISIT: Final = """
with fresh as (
    select make_interval(secs => coalesce((select settle_seconds from cities where id = %s), 2))
        as settle
)
insert into visits as v (city, party_id, revision, opens, closes, reason, correlation,
    unsettled_since, settles_at)
select %s, %s, %s, %s::timestamptz, %s::timestamptz, %s, %s, %s::timestamptz,
    %s::timestamptz + fresh.settle
from fresh
on conflict (city, party_id) do update set revision = excluded.revision, opens = excluded.opens,
    closes = excluded.closes, reason = excluded.reason, correlation = excluded.correlation,
    unsettled_since = coalesce(v.unsettled_since, excluded.unsettled_since),
    settles_at = least(excluded.settles_at, coalesce(v.unsettled_since, excluded.unsettled_since)
        + 5 * (excluded.settles_at - excluded.unsettled_since))
where excluded.revision > v.revision
"""

TAKE_WELCOMES: Final = """
select c.id, c.revision, c.name, c.programme, c.signature, c.zone, c.evening_opens,
    c.evening_closes, c.settle_seconds,
    p.city, p.id, p.revision, p.code, p.name, p.address, p.host_name, p.phone, p.email,
    p.language, p.sms_consent, p.status_url, p.withdrawn, p.correlation,
    t.opens, t.closes, t.reached
from parties p
join cities c on c.id = p.city
left join lateral (
    select null::timestamptz as opens, null::timestamptz as closes,
        bool_or(m.channel <> 'none') as reached
    from messages m
    where m.city = p.city and m.party_id = p.id and m.news = 'received'
        and (m.channel = 'none' or m.state <> 'suppressed')
) t on true
where p.welcome_due
order by p.city, p.id
limit %s
for update of p skip locked
"""

LOCK_SETTLED: Final = """
select v.city, v.party_id
from visits v
join parties p on p.city = v.city and p.id = v.party_id
join cities c on c.id = v.city
where v.settles_at <= %s
order by v.settles_at, v.party_id
limit %s
for update of v, p skip locked
"""

# No hand-over may claim them while it is decided whether they still hold.
LOCK_WAITING: Final = """
select m.id
from messages m join unnest(%s::text[], %s::text[]) as k (city, id)
    on m.city = k.city and m.party_id = k.id
where m.news = 'visit' and m.state = 'created'
order by m.id
for update of m
"""

READ_SETTLED: Final = """
select c.id, c.revision, c.name, c.programme, c.signature, c.zone, c.evening_opens,
    c.evening_closes, c.settle_seconds,
    p.city, p.id, p.revision, p.code, p.name, p.address, p.host_name, p.phone, p.email,
    p.language, p.sms_consent, p.status_url, p.withdrawn, p.correlation,
    t.opens, t.closes, t.reached,
    v.city, v.party_id, v.revision, v.opens, v.closes, v.reason, v.correlation,
    w.opens, w.closes, w.waits
from unnest(%s::text[], %s::text[]) as k (city, id)
join visits v on v.city = k.city and v.party_id = k.id
join parties p on p.city = k.city and p.id = k.id
join cities c on c.id = k.city
left join lateral (
    select opens, closes, reached from told
    where told.city = k.city and told.party_id = k.id and told.news = 'visit'
) t on true
left join lateral (
    select m.opens, m.closes, true as waits from messages m
    where m.city = k.city and m.party_id = k.id and m.news = 'visit' and m.state = 'created'
    order by m.revision desc limit 1
) w on true
"""

OVERTAKE: Final = """
update messages
set state = 'suppressed', reason = 'overtaken by newer news', changed_at = %s
where city = %s and party_id = %s and news = %s and state = 'created'
"""

WRITE_MESSAGE: Final = """
insert into messages (id, city, party_id, news, revision, opens, closes, template, version,
    channel, to_address, language, subject, body, html, lane, state, reason, due_at, created_at,
    changed_at, expires_at, correlation, dedupe, audience, purpose, team_id, contact, segments,
    broadcast_id, reserve_of)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
    %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (dedupe) do nothing
"""

WRITE_SILENCE: Final = """
insert into silences (city, party_id, news, revision, reason, at)
values (%s, %s, %s, %s, %s, %s)
on conflict do nothing
"""

WELCOME_DECIDED: Final = """
update parties p set welcome_due = false
from unnest(%s::text[], %s::text[], %s::text[]) as k (city, id, news)
where k.news = 'received' and p.city = k.city and p.id = k.id
"""

VISIT_DECIDED: Final = """
update visits v set settles_at = null, unsettled_since = null
from unnest(%s::text[], %s::text[], %s::text[]) as k (city, id, news)
where k.news = 'visit' and v.city = k.city and v.party_id = k.id
"""

_KNOWN: Final = """
select c.id, c.revision, c.name, c.programme, c.signature, c.zone, c.evening_opens,
    c.evening_closes, c.settle_seconds,
    p.city, p.id, p.revision, p.code, p.name, p.address, p.host_name, p.phone, p.email,
    p.language, p.sms_consent, p.status_url, p.withdrawn, p.correlation,
    v.opens, v.closes
from parties p
join cities c on c.id = p.city
left join visits v on v.city = p.city and v.party_id = p.id
where p.city = %s
"""

FIND: Final = _KNOWN + " and p.id = any(%s) order by p.id"

EXPECTING: Final = _KNOWN + " and not p.withdrawn and v.closes > %s order by v.opens, p.id"
