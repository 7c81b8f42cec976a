"""What other services say reaches the host's page, newest state only, in any order."""

from datetime import UTC, datetime, timedelta

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from services.registration.worker import Ears, fact_handlers
from shared.clock import SystemClock
from shared.contracts.envelope import Envelope, enclose
from shared.contracts.message import MessageFailed, MessageSent
from shared.contracts.route import PlanPublished
from shared.contracts.values import Window
from shared.contracts.visit import VisitScheduled, VisitUnscheduled
from shared.ids import new_id
from shared.routes import facts_heard_by
from shared.work import begin
from tests.registration.builders import answered, body
from tests.registration.conftest import Service

FACT_HANDLERS = fact_handlers(Ears(Links("secret", "http://localhost"), Contacts()))
SEVEN = datetime(2027, 8, 4, 2, 10, tzinfo=UTC)


def _fact(fact: object, subject: str, revision: int, city: str = "pasadena") -> Envelope:
    return enclose(
        fact, city=city, subject=subject, revision=revision, correlation="test", now=SEVEN
    )


def _visit(party: str, minutes: int = 0) -> VisitScheduled:
    opens = SEVEN + timedelta(minutes=minutes)
    window = Window(opens, opens + timedelta(minutes=30))
    return VisitScheduled(party, "t1", "Team 1", ("police",), opens, window, 1)


def _hear(service: Service, *facts: Envelope) -> None:
    with begin(service.pool, SystemClock()) as work:
        for name in dict.fromkeys(fact.type for fact in facts):
            FACT_HANDLERS[name](work, [fact for fact in facts if fact.type == name])


def _registered(service: Service) -> dict[str, str]:
    return answered(service.client.post("/api/v1/cities/pasadena/parties", json=body()))


def test_every_fact_that_the_routes_send_here_has_a_handler() -> None:
    assert set(FACT_HANDLERS) == facts_heard_by("registration")


def test_the_page_shows_the_planned_window_in_the_citys_zone(service: Service) -> None:
    party = _registered(service)
    assert "We are planning the visits" in service.client.get(party["status_url"]).text
    _hear(service, _fact(_visit(party["id"]), party["id"], 1))
    page = service.client.get(party["status_url"]).text
    assert "between 7:10 and 7:40 PM" in page.replace("\u202f", " ")
    assert "not a promise" in page


def test_older_and_doubled_facts_change_nothing(service: Service) -> None:
    party = _registered(service)["id"]
    newest = _fact(_visit(party, 60), party, 3)
    _hear(service, newest, _fact(_visit(party, 0), party, 1))
    _hear(service, newest, _fact(VisitUnscheduled(party, "full", "", 1), party, 2))
    found = service.ask("select revision, planned, opens from heard_visits")
    assert found == [(3, True, SEVEN + timedelta(minutes=60))]


def test_a_batch_may_hold_several_states_of_one_party_in_any_order(service: Service) -> None:
    party = new_id()
    _hear(service, *(_fact(_visit(party, n), party, n) for n in (2, 5, 3)))
    assert service.ask("select revision from heard_visits") == [(5,)]


def test_cities_do_not_see_one_anothers_visits(service: Service) -> None:
    party = _registered(service)
    _hear(service, _fact(_visit(party["id"]), party["id"], 9, city="elsewhere"))
    assert "We are planning the visits" in service.client.get(party["status_url"]).text


def test_the_page_says_kindly_that_nobody_can_come(service: Service) -> None:
    party = _registered(service)
    said = VisitUnscheduled(party["id"], "no_team_free", "All teams are full", 1)
    _hear(service, _fact(said, party["id"], 1))
    assert "No visit is planned, as things stand" in service.client.get(party["status_url"]).text


def test_the_page_shows_which_messages_were_sent(service: Service) -> None:
    party = _registered(service)
    sent = MessageSent("m1", party["id"], "received", "email", "a…@example.org", SEVEN)
    failed = MessageFailed("m2", party["id"], "received", "sms", "no such number", SEVEN)
    _hear(service, _fact(sent, "m1", 1), _fact(failed, "m2", 1), _fact(sent, "m1", 1))
    page = service.client.get(party["status_url"]).text
    assert "E-mail to a…@example.org" in page
    assert "Text message could not be sent" in page
    assert service.count("heard_messages") == 2


def test_only_the_newest_plan_of_a_city_is_kept(service: Service) -> None:
    plans = [PlanPublished(v, 10, v, 10 - v, 3, SEVEN) for v in (2, 3, 1)]
    _hear(service, *(_fact(plan, "pasadena", plan.version) for plan in plans))
    assert service.ask("select version, visited from heard_plans") == [(3, 3)]
