"""A web process remembers cities for a second, and yet finds one that was just added."""

from services.registration.adapters.postgres_cities import CityMemory
from tests.registration.builders import city_text
from tests.registration.conftest import Service


def test_a_city_added_a_moment_after_the_last_look_is_found(service: Service) -> None:
    memory = CityMemory(service.pool)
    assert memory.find("late") is None
    service.add_city(city_text(slug="late"))
    assert memory.find("late") is not None
    assert memory.find("never") is None
