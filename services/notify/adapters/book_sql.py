"""The SQL of the book. Only `adapters.book` uses it; column orders follow the domain's types."""

from typing import Final

CITY: Final = """c.id, c.revision, c.name, c.programme, c.signature, c.zone, c.evening_opens,
    c.evening_closes, c.settle_seconds, c.kinds, c.areas,
    (select settings from voices where voices.city = c.id) as voice"""

MAY_TEXT: Final = "may_text(p.city, p.phone, p.sms_consent)"
"""Whether the number may be texted: with consent, and once it has answered."""

PARTY: Final = f"""p.city, p.id, p.revision, p.code, p.name, p.address, p.host_name, p.phone,
    p.email, p.language, {MAY_TEXT}, p.status_url, p.withdrawn, p.correlation, p.area"""

# A city's own words for its programme and its signature stand before those of its file.
KEEP_CITY: Final = """
insert into cities (id, revision, name, given_programme, given_signature, zone, evening_opens,
    evening_closes, settle_seconds, kinds, areas, dated_at, programme, signature)
values (%(id)s, %(revision)s, %(name)s, %(programme)s, %(signature)s, %(zone)s, %(opens)s,
    %(closes)s, %(settle)s, %(kinds)s::jsonb, %(areas)s::jsonb, %(now)s,
    coalesce((select nullif(settings->>'programme', '') from voices where city = %(id)s),
        %(programme)s),
    coalesce((select nullif(settings->>'signature', '') from voices where city = %(id)s),
        %(signature)s))
on conflict (id) do update set revision = excluded.revision, name = excluded.name,
    given_programme = excluded.given_programme, given_signature = excluded.given_signature,
    programme = excluded.programme, signature = excluded.signature, zone = excluded.zone,
    evening_opens = excluded.evening_opens, evening_closes = excluded.evening_closes,
    settle_seconds = excluded.settle_seconds, kinds = excluded.kinds, areas = excluded.areas,
    dated_at = case when (cities.evening_opens at time zone cities.zone)::date
            = (excluded.evening_opens at time zone excluded.zone)::date
        then cities.dated_at else excluded.dated_at end
where excluded.revision > cities.revision
returning xmax::text <> '0' and dated_at = %(now)s as dated_anew
"""

# Hosts are told of another date once it has settled; whether it is another is decided then.
DATE_DUE: Final = """
insert into due (city, party_id, kind, mark, at, until)
select p.city, p.id, 'new_date', c.revision::text, %(now)s::timestamptz + make_interval(
    secs => coalesce((select (settings->>'settle_seconds')::int from voices where city = c.id),
        c.settle_seconds)), c.evening_opens
from cities c join parties p on p.city = c.id
where c.id = %(id)s and not p.withdrawn
on conflict do nothing
"""

KEEP_PARTY: Final = """
insert into parties (city, id, revision, code, name, address, host_name, phone, email, language,
    sms_consent, status_url, withdrawn, correlation, area, known_since)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, id) do update set revision = excluded.revision, code = excluded.code,
    name = excluded.name, address = excluded.address, host_name = excluded.host_name,
    phone = excluded.phone, email = excluded.email, language = excluded.language,
    sms_consent = excluded.sms_consent, status_url = excluded.status_url,
    withdrawn = excluded.withdrawn, correlation = excluded.correlation, area = excluded.area,
    welcome_due = true
where excluded.revision > parties.revision
"""

SUPPRESS_UNREACHABLE: Final = """
update messages m
set state = 'suppressed', changed_at = %s,
    reason = case when p.withdrawn then 'party withdrawn' else 'no longer reachable this way' end
from parties p join unnest(%s::text[], %s::text[]) as k (city, id) using (city, id)
where m.city = p.city and m.party_id = p.id and m.purpose <> 'replies'
    and (m.state = 'created' or (m.state = 'suppressed' and m.reason = 'in reserve'))
    and (p.withdrawn
        or (m.channel = 'sms' and (p.phone = '' or not p.sms_consent))
        or (m.template = 'prove' and m.to_address <> p.phone)
        or (m.channel = 'email' and p.email = ''))
"""

# A question to a number is not for another one.
READDRESS: Final = """
update messages m
set to_address = case m.channel when 'sms' then p.phone else p.email end
from parties p join unnest(%s::text[], %s::text[]) as k (city, id) using (city, id)
where m.city = p.city and m.party_id = p.id and m.purpose <> 'replies'
    and (m.state = 'created' or (m.state = 'suppressed' and m.reason = 'in reserve'))
    and m.template <> 'prove'
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
with fresh as (
    select make_interval(secs => coalesce(
        (select (settings->>'settle_seconds')::int from voices where city = %(city)s),
        (select settle_seconds from cities where id = %(city)s), 2)) as settle
)
insert into routes as r (city, team_id, revision, team_name, plan_version, stops,
    unsettled_since, settles_at)
select %(city)s, %(team)s, %(revision)s, %(name)s, %(plan)s, %(stops)s::jsonb,
    %(now)s::timestamptz, %(now)s::timestamptz + fresh.settle
from fresh
on conflict (city, team_id) do update set revision = excluded.revision,
    team_name = excluded.team_name, plan_version = excluded.plan_version, stops = excluded.stops,
    unsettled_since = coalesce(r.unsettled_since, excluded.unsettled_since),
    settles_at = least(excluded.settles_at, coalesce(r.unsettled_since, excluded.unsettled_since)
        + 5 * (excluded.settles_at - excluded.unsettled_since))
where excluded.revision > r.revision
"""

KEEP_TEAM: Final = """
insert into teams (city, team_id, revision, team_name, opens, closes, page_url, members)
values (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)
on conflict (city, team_id) do update set revision = excluded.revision,
    team_name = excluded.team_name, opens = excluded.opens, closes = excluded.closes,
    page_url = excluded.page_url, members = excluded.members
where excluded.revision > teams.revision
"""

# Somebody new in a team has yet to be told its route.
ROUTE_ANEW: Final = """
update routes set settles_at = coalesce(settles_at, %s), unsettled_since = coalesce(
    unsettled_since, %s)
where city = %s and team_id = %s
"""

# Each change lets the visit settle anew, but news waits for no more than five settle times.
KEEP_VISIT: Final = """
with fresh as (
    select make_interval(secs => coalesce(
        (select (settings->>'settle_seconds')::int from voices where city = %s),
        (select settle_seconds from cities where id = %s), 2)) as settle
)
insert into visits as v (city, party_id, revision, opens, closes, reason, correlation,
    team_id, team_name, kinds, unsettled_since, settles_at)
select %s, %s, %s, %s::timestamptz, %s::timestamptz, %s, %s, %s, %s, %s::text[],
    %s::timestamptz, %s::timestamptz + fresh.settle
from fresh
on conflict (city, party_id) do update set revision = excluded.revision, opens = excluded.opens,
    closes = excluded.closes, reason = excluded.reason, correlation = excluded.correlation,
    team_id = excluded.team_id, team_name = excluded.team_name, kinds = excluded.kinds,
    unsettled_since = coalesce(v.unsettled_since, excluded.unsettled_since),
    settles_at = least(excluded.settles_at, coalesce(v.unsettled_since, excluded.unsettled_since)
        + 5 * (excluded.settles_at - excluded.unsettled_since))
where excluded.revision > v.revision
"""

TAKE_WELCOMES: Final = f"""
select {CITY},
    {PARTY},
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

READ_SETTLED: Final = f"""
select {CITY},
    {PARTY},
    t.opens, t.closes, t.reached, t.visit_team, t.visit_kinds,
    v.city, v.party_id, v.revision, v.opens, v.closes, v.reason, v.correlation, v.team_id,
    v.team_name, v.kinds,
    w.opens, w.closes, w.waits, w.visit_team, w.visit_kinds,
    coalesce(l.template, '')
from unnest(%s::text[], %s::text[]) as k (city, id)
join visits v on v.city = k.city and v.party_id = k.id
join parties p on p.city = k.city and p.id = k.id
join cities c on c.id = k.city
left join lateral (
    select opens, closes, reached, visit_team, visit_kinds, id from told
    where told.city = k.city and told.party_id = k.id and told.news = 'visit'
) t on true
left join lateral (
    select m.opens, m.closes, true as waits, m.visit_team, m.visit_kinds from messages m
    where m.city = k.city and m.party_id = k.id and m.news = 'visit' and m.state = 'created'
    order by m.revision desc limit 1
) w on true
left join lateral (
    select m.template from messages m
    where m.city = k.city and m.party_id = k.id and m.audience = 'host'
        and m.news like 'live%%' and m.id > coalesce(t.id, '')
        and m.says_date = (c.evening_opens at time zone c.zone)::date
        and m.state in ('created', 'sending', 'sent', 'delivered', 'unsure')
    order by m.id desc limit 1
) l on true
"""

OVERTAKE: Final = """
update messages
set state = 'suppressed', reason = 'overtaken by newer news', changed_at = %s
where city = %s and party_id = %s and news = %s
    and (state = 'created' or (state = 'suppressed' and reason = 'in reserve'))
    and (%s::bigint is null or revision < %s)
"""

WRITE_MESSAGE: Final = """
insert into messages (id, city, party_id, news, revision, opens, closes, template, version,
    channel, to_address, language, subject, body, html, lane, state, reason, due_at, created_at,
    changed_at, expires_at, correlation, dedupe, audience, purpose, team_id, contact, segments,
    broadcast_id, reserve_of, visit_team, visit_kinds, says_date)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
    %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
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

_KNOWN: Final = f"""
select {CITY},
    {PARTY},
    v.opens, v.closes, t.opens, t.closes, t.reached, t.visit_team, t.visit_kinds,
    l.template, l.news, l.created_at, l.waits
from parties p
join cities c on c.id = p.city
left join visits v on v.city = p.city and v.party_id = p.id
left join lateral (
    select m.opens, m.closes, m.channel <> 'none' as reached, m.visit_team, m.visit_kinds
    from messages m
    where m.city = p.city and m.party_id = p.id and m.audience = 'host' and m.news = 'visit'
        and (m.state in ('created', 'sending', 'sent', 'delivered', 'unsure')
            or m.channel = 'none')
    order by m.channel <> 'none' desc, m.revision desc, m.id desc limit 1
) t on true
left join lateral (
    select m.template, m.news, m.created_at, m.state = 'created' as waits from messages m
    where m.city = p.city and m.party_id = p.id and m.audience = 'host'
        and m.news like 'live%%'
        and m.says_date = (c.evening_opens at time zone c.zone)::date
        and m.state in ('created', 'sending', 'sent', 'delivered', 'unsure')
    order by m.id desc limit 1
) l on true
where p.city = %s
"""

# Locked, so that two who count what a host has heard today do not both find room for one more.
FIND: Final = _KNOWN + " and p.id = any(%s) order by p.id for update of p"

EXPECTING: Final = _KNOWN + " and not p.withdrawn and v.closes > %s order by p.id for update of p"

HEARD: Final = """
select party_id, count(*) from messages
where city = %s and party_id = any(%s) and audience = 'host' and purpose <> 'replies'
    and channel <> 'none' and due_at >= %s and due_at < %s
    and state in ('created', 'sending', 'sent', 'delivered', 'unsure')
group by party_id
"""
