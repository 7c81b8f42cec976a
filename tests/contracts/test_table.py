"""The routes table, the registry and the examples agree: nothing is said that nobody hears."""

import pytest

from shared import routes
from shared.contracts.envelope import decode, enclose
from shared.contracts.registry import FACTS, TYPE_OF
from shared.routes import QUEUES, ROUTES, SERVICES, Route
from tests.contracts import golden_files

each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.fact)


def test_table_registry_and_examples_name_the_same_facts() -> None:
    table = {route.fact for route in ROUTES}
    assert table == set(FACTS) == set(golden_files.NAMES)


def test_no_fact_stands_twice_in_the_table() -> None:
    assert len({route.fact for route in ROUTES}) == len(ROUTES)


def test_each_type_stands_for_one_fact() -> None:
    assert len(TYPE_OF) == len(FACTS)


@each_route
def test_a_fact_has_one_publisher_and_others_that_hear_it(route: Route) -> None:
    assert route.publisher in SERVICES
    assert route.heard_by
    assert set(route.heard_by) <= set(SERVICES) - {route.publisher}
    assert len(set(route.heard_by)) == len(route.heard_by)


@each_route
def test_a_fact_has_a_schema_that_makes_its_type(route: Route) -> None:
    made, schema = FACTS[route.fact]
    assert schema.makes is made


@each_route
def test_a_facts_name_ends_in_its_version(route: Route) -> None:
    subject, verb, version = route.fact.split(".")
    assert subject.isalpha()
    assert verb.replace("_", "").isalpha()
    assert version[0] == "v"
    assert int(version[1:]) >= 1


@each_route
def test_an_example_says_that_it_is_from_its_publisher(route: Route) -> None:
    assert decode(golden_files.raw(route.fact)).source == f"/{route.publisher}"


@each_route
def test_enclosing_a_fact_takes_type_and_source_from_the_table(route: Route) -> None:
    old = decode(golden_files.raw(route.fact))
    new = enclose(old.data, city="c", subject="s", revision=7, correlation="r", now=old.time)
    assert (new.type, new.source) == (route.fact, f"/{route.publisher}")


def test_every_service_has_queues_that_carry_its_name_and_no_two_share_one() -> None:
    assert set(QUEUES) == set(SERVICES)
    names = [queue for queues in QUEUES.values() for queue in queues]
    assert len(set(names)) == len(names)
    for service, queues in QUEUES.items():
        assert f"{service}.ticks" in queues
        assert all(queue.startswith(f"{service}.") for queue in queues)


def test_redis_keys_of_different_services_and_purposes_never_meet() -> None:
    makers = (routes.stream_of, routes.group_of, routes.highest_key, routes.repair_key)
    keys = [make(service) for service in SERVICES for make in makers]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(f"{routes.PREFIX}:") for key in keys)
