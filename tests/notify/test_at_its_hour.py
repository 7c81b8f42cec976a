"""On a real database: what is due at its hour, new dates, budgets, nights, and what teams hear."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.adapters.voices import keep_voice
from services.notify.domain.decisions import TOLD_THE_SAME, TOO_LATE
from services.notify.domain.restraint import OVER_BUDGET
from services.notify.domain.voice import Officer, Voice
from shared.contracts.city import CityConfigured
from shared.contracts.envelope import Envelope
from shared.contracts.night import NightClosed
from shared.contracts.route import RouteUpdated, Stop
from shared.contracts.team import TeamMember, TeamStaffed
from shared.contracts.values import Place, Window
from shared.contracts.visit import (
    VisitCompleted,
    VisitEnRoute,
    VisitScheduled,
    VisitSkipped,
)
from tests.notify.bench import Bench
from tests.notify.facts import (
    CITY,
    HOST,
    PARTY,
    SEVEN,
    city_configured,
    party_of,
    registered,
    said,
    scheduled,
    unscheduled,
)

TEN = datetime(2026, 8, 4, 17, tzinfo=UTC)
"""Ten in the morning of the evening's day."""


def voice(bench: Bench, **settings: object) -> None:
    with bench.pool.connection() as conn:
        made = replace(Voice(), **settings)  # type: ignore[arg-type]  # any of its fields
        keep_voice(conn, CITY, made, "Kim", bench.clock.now())


def go(bench: Bench, to: datetime) -> None:
    """Move the clock there and let everything due be said."""
    bench.clock.move(seconds=(to - bench.clock.now()).total_seconds())
    bench.tick()
    bench.deliver()


def said_to(bench: Bench) -> list[str]:
    """The templates that were sent, in order."""
    return [m.template for m in bench.messages() if m.state == "sent"]


def answer(bench: Bench, meaning: str) -> None:
    with bench.pool.connection() as conn:
        conn.execute(
            "insert into confirmations (city, party_id, answer, at, source)"
            " values (%s, %s, %s, %s, 'sms')",
            (CITY, PARTY, meaning, bench.clock.now()),
        )


@pytest.fixture
def host(bench: Bench) -> Bench:
    """A registered host, two weeks before the evening."""
    bench.clock.move(seconds=(TEN - timedelta(days=14) - bench.clock.now()).total_seconds())
    bench.hear(city_configured(), registered())
    bench.deliver()
    return bench


def test_hosts_are_asked_to_confirm_three_times_and_once_each(host: Bench) -> None:
    for days in (7, 7, 1, 1, 0, 0):
        go(host, TEN - timedelta(days=days))
    assert said_to(host) == ["received", "confirm", "confirm", "confirm"]
    (first, *_) = [m for m in host.messages() if m.template == "confirm"]
    assert "on August 4 still on? Reply YES or NO" in first.body


def test_who_has_answered_is_not_asked_again(host: Bench) -> None:
    go(host, TEN - timedelta(days=7))
    answer(host, "yes")
    go(host, TEN - timedelta(days=1))
    assert said_to(host) == ["received", "confirm"]
    assert host.reasons() == ["the host has answered"]


def test_who_registered_after_the_hour_is_not_asked_at_once(host: Bench) -> None:
    go(host, TEN - timedelta(days=7))
    late = party_of(party_id="late")
    host.clock.move(hours=1)
    host.hear(registered(late))
    host.tick()
    assert [m.template for m in host.messages() if m.party_id == "late" and m.state == "created"]
    assert not [m for m in host.messages() if m.party_id == "late" and m.template == "confirm"]


def test_thanks_are_said_the_next_morning_and_ask_how_it_was(host: Bench) -> None:
    voice(host, confirm_days=())
    done = VisitCompleted(PARTY, "t1", "Team 1", SEVEN, SEVEN + timedelta(minutes=20))
    host.hear(said(done, f"{PARTY}/t1", 3))
    go(host, SEVEN + timedelta(hours=8))
    assert said_to(host) == ["received"]
    go(host, SEVEN + timedelta(hours=14))
    assert said_to(host) == ["received", "thanks"]
    assert "We hope that you enjoyed the visit" in host.messages()[-2].body


def test_nobody_is_thanked_for_an_evening_that_was_called_off(host: Bench) -> None:
    voice(host, confirm_days=())
    at = SEVEN - timedelta(hours=1)
    host.hear(said(NightClosed(called_off=True, reason="A storm.", at=at), CITY, 4))
    go(host, SEVEN + timedelta(hours=14))
    assert said_to(host) == ["received"]
    assert host.reasons() == ["the evening was called off"]


def dated(days: int, revision: int) -> Envelope:
    evening = Window(SEVEN + timedelta(days=days, hours=-1), SEVEN + timedelta(days=days, hours=3))
    return city_configured(revision=revision, evening=evening)


def test_another_date_is_told_to_who_was_told_the_first(host: Bench) -> None:
    host.hear(dated(7, 2))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received", "new_date"]
    assert "Tuesday, August 11" in host.messages()[-2].body
    host.hear(registered(party_of(party_id="new")))
    host.hear(dated(7, 3))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received", "new_date", "received"]


def test_a_date_that_is_taken_back_within_the_settle_time_says_nothing(host: Bench) -> None:
    host.hear(dated(7, 2), dated(0, 3))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received"]
    assert TOLD_THE_SAME in host.reasons()
    host.hear(dated(7, 4))
    host.settle()
    host.deliver()
    host.hear(dated(0, 5))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received", "new_date", "new_date"]


def test_after_an_evening_was_called_off_the_new_one_is_told_as_the_first_was(
    host: Bench,
) -> None:
    voice(host, confirm_days=())
    host.hear(scheduled(10, 1))
    host.settle()
    host.deliver()
    go(host, SEVEN - timedelta(hours=1))
    off = NightClosed(called_off=True, reason="A storm.", at=SEVEN - timedelta(hours=1))
    host.hear(said(off, CITY, 2), unscheduled(2))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received", "window", "called_off"]
    host.hear(dated(7, 2), scheduled(10 + 7 * 24 * 60, 3))
    host.settle()
    host.clock.move(hours=15)
    host.tick()
    host.deliver()
    assert sorted(said_to(host)[3:]) == ["new_date", "window"]


def test_an_answer_to_the_old_date_is_none_to_the_new_one(host: Bench) -> None:
    answer(host, "yes")
    host.clock.move(seconds=1)
    host.hear(dated(7, 2))
    host.settle()
    host.deliver()
    go(host, TEN + timedelta(days=6))
    assert said_to(host) == ["received", "new_date", "confirm"]


def test_a_day_has_a_budget_that_only_what_is_essential_exceeds(host: Bench) -> None:
    voice(host, budget=3)
    for revision, minutes in enumerate((10, 40, 90, 130), start=1):
        host.hear(scheduled(minutes, revision))
        host.settle()
        host.deliver()
    assert said_to(host) == ["received", "window", "window_changed"]
    assert host.reasons() == [OVER_BUDGET, OVER_BUDGET]
    host.hear(unscheduled(5))
    host.settle()
    host.deliver()
    assert said_to(host)[-1] == "not_coming"
    host.clock.move(days=1)
    host.hear(scheduled(10, 6))
    host.settle()
    host.deliver()
    assert said_to(host)[-1] == "window_changed"


def test_what_is_heard_at_night_is_told_in_the_morning_as_it_then_is(host: Bench) -> None:
    host.clock.move(hours=12)
    host.hear(scheduled(10, 1))
    host.settle()
    host.deliver()
    host.hear(scheduled(40, 2))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received"]
    host.clock.move(hours=10, minutes=1)
    host.deliver()
    assert said_to(host) == ["received", "window"]
    assert "7:40" in [m for m in host.messages() if m.state == "sent"][-1].body


def test_ten_minutes_away_is_dropped_and_listed_when_it_would_arrive_too_late(host: Bench) -> None:
    voice(host, confirm_days=())
    go(host, SEVEN)
    fact = VisitEnRoute(PARTY, "t1", "Team 1", 10, SEVEN + timedelta(minutes=10), SEVEN)
    host.hear(said(fact, f"{PARTY}/t1", 1))
    host.clock.move(minutes=10)
    host.tick()
    host.deliver()
    first = next(m for m in host.messages() if m.template == "on_the_way")
    assert (first.state, first.reason) == ("expired", TOO_LATE_SAID)
    host.hear(said(fact, f"{PARTY}/t1", 2))
    assert TOO_LATE in host.reasons()


TOO_LATE_SAID = "it would arrive too late"


def test_somebody_else_comes_and_the_officer_of_the_area_is_named(host: Bench) -> None:
    voice(host, officers=(Officer("north", "Officer Kim", "626-555-0100"),))
    host.hear(scheduled(10, 1))
    host.settle()
    host.deliver()
    opens = SEVEN + timedelta(minutes=10)
    window = Window(opens, opens + timedelta(minutes=30))
    engine = VisitScheduled(PARTY, "t2", "Engine 34", ("fire_engine",), opens, window, 2)
    host.hear(said(engine, PARTY, 2))
    host.settle()
    host.deliver()
    host.hear(unscheduled(3))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received", "window", "somebody_else", "not_coming"]
    bodies = [m.body for m in host.messages() if m.state == "sent"]
    assert "a fire engine" in bodies[2]
    assert "Your neighborhood officer: Officer Kim, 626-555-0100." in bodies[3]


def test_who_was_left_out_is_not_told_so_again_by_the_plan(host: Bench) -> None:
    voice(host, confirm_days=())
    host.hear(scheduled(10, 1))
    host.settle()
    host.deliver()
    go(host, SEVEN)
    left_out = VisitSkipped(PARTY, "t1", "Team 1", "Closed street.", SEVEN)
    host.hear(said(left_out, f"{PARTY}/t1", 1), unscheduled(2))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received", "window", "skipped"]
    host.hear(scheduled(10, 3))
    host.settle()
    host.deliver()
    assert said_to(host)[-1] == "window_changed"


def test_spanish_texts_are_worded_to_cost_no_more_than_english_ones(host: Bench) -> None:
    host.hear(registered(party_of(replace(HOST, language="es", email=""), "es")))
    host.hear(scheduled(10, 1, "es"))
    host.settle()
    with host.pool.connection() as conn:
        rows = conn.execute(
            "select body, segments from messages where party_id = 'es' and channel = 'sms'"
        ).fetchall()
    assert [segments for _, segments in rows] == [2, 2]
    assert not any(letter in str(body) for body, _ in rows for letter in "áíóú–")


def stops(*codes: str, late: int = 0) -> tuple[Stop, ...]:
    return tuple(
        Stop(
            *(f"p-{code}", code, f"Block {code}", f"{code} Street", Place(34.1, -118.1)),
            *(("police",), SEVEN + timedelta(minutes=20 * i + late), SEVEN + timedelta(hours=2)),
        )
        for i, code in enumerate(codes)
    )


def route(revision: int, *codes: str, late: int = 0) -> Envelope:
    return said(RouteUpdated("t1", "Team 1", revision, stops(*codes, late=late)), "t1", revision)


LEE = TeamMember("o1", "Lee", "+16265550177", "lee@example.org", "en")
PAZ = TeamMember("o2", "Paz", "", "paz@example.org", "es")


def staffed(revision: int, *members: TeamMember) -> Envelope:
    shift = Window(SEVEN - timedelta(hours=1), SEVEN + timedelta(hours=3))
    fact = TeamStaffed("t1", "Team 1", shift, "https://nno.example.org/t/x", members)
    return said(fact, "t1", revision)


@pytest.fixture
def team(host: Bench) -> Bench:
    """A team of one with a route of three, days before."""
    voice(host, confirm_days=())
    host.hear(staffed(1, LEE), route(1, "A", "B", "C"))
    host.settle()
    host.deliver()
    return host


def team_texts(bench: Bench) -> list[tuple[str, str, str]]:
    return [
        (m.template, m.channel, m.body)
        for m in bench.messages()
        if m.audience == "team" and m.state == "sent"
    ]


def test_a_team_hears_its_route_hours_before_the_shift_and_once(team: Bench) -> None:
    assert team_texts(team) == []
    go(team, SEVEN - timedelta(hours=4))
    go(team, SEVEN - timedelta(hours=4) + timedelta(minutes=5))
    ((template, channel, body),) = team_texts(team)
    assert (template, channel) == ("team_route", "sms")
    assert "3 stops. 1) 7:00 pm A Street. 2) 7:20 pm B Street." in body
    assert "https://nno.example.org/t/x" in body


def test_a_team_hears_what_changed_and_not_the_whole_list(team: Bench) -> None:
    go(team, SEVEN - timedelta(hours=2))
    team.hear(route(2, "A", "C"), route(3, "A", "C", "D"))
    team.settle()
    team.deliver()
    (_, (template, _, body)) = team_texts(team)
    assert template == "team_changed"
    assert "New: 7:40 pm D Street." in body
    assert "Dropped: B Street." in body
    assert "A Street" not in body
    team.hear(route(4, "A", "C"), route(5, "A", "C", "D"))
    team.settle()
    team.deliver()
    assert len(team_texts(team)) == 2


def test_on_the_road_neither_what_is_done_nor_a_delay_is_news(team: Bench) -> None:
    go(team, SEVEN)
    done = VisitCompleted("p-A", "t1", "Team 1", SEVEN, SEVEN)
    team.hear(said(done, "p-A/t1", 1), route(2, "B", "C", late=30))
    team.settle()
    team.deliver()
    assert [t for t, _, _ in team_texts(team)] == ["team_route"]


def test_somebody_new_in_a_team_is_told_the_route_in_his_language(team: Bench) -> None:
    go(team, SEVEN - timedelta(hours=2))
    team.hear(staffed(2, LEE, PAZ))
    team.tick()
    team.deliver()
    assert [(t, c) for t, c, _ in team_texts(team)] == [
        ("team_route", "sms"),
        ("team_route", "email"),
    ]
    assert "Esta es su ruta" in team_texts(team)[1][2]


@pytest.mark.parametrize("wanted", [True, False])
def test_the_next_stop_is_told_only_where_the_city_wants_it(team: Bench, wanted: bool) -> None:
    voice(team, confirm_days=(), team_next=wanted)
    go(team, SEVEN)
    done = said(VisitCompleted("p-A", "t1", "Team 1", SEVEN, SEVEN), "p-A/t1", 1)
    team.hear(done, done)
    team.deliver()
    assert [t for t, _, _ in team_texts(team)] == ["team_route", *["team_next"] * wanted]
    assert not wanted or "B Street (B), about 7:20 pm" in team_texts(team)[1][2]


def test_a_city_fact_keeps_its_own_settings(host: Bench) -> None:
    fact = city_configured(revision=9).data
    assert isinstance(fact, CityConfigured)
    voice(host, smallest_minutes=30)
    host.hear(said(fact, CITY, 9), scheduled(10, 1))
    host.settle()
    host.deliver()
    host.hear(scheduled(35, 2))
    host.settle()
    host.deliver()
    assert said_to(host) == ["received", "window"]
