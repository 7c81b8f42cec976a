"""An area is called off while the whole city is held: its hosts hear it at once, and why."""

from typing import Any

from shared.ids import new_id
from tests.night import Night
from tests.waiting import eventually

AREAS = {"east": "East Side", "west": "West Side"}


def act(night: Night, city: str, kind: str, **over: Any) -> None:
    answer = night.client.post(
        night.api("dispatch", f"/api/v1/cities/{city}/actions"),
        json={"id": new_id(), "kind": kind, **over},
    )
    assert answer.status_code == 200, answer.text


def texts(night: Night, city: str, template: str) -> dict[str, str]:
    """What was sent by text message, by language."""
    path = night.api("notify", f"/api/v1/messages?city={city}")
    found = [m for m in night.client.get(path).json()["messages"] if m["template"] == template]
    query = "select body from messages where id::text = %s"
    return {
        m["language"]: str(night.ask("notify", query, m["id"]))
        for m in found
        if m["channel"] == "sms" and m["state"] == "sent"
    }


def test_hosts_of_an_area_hear_at_once_that_it_is_called_off_and_why(night: Night) -> None:
    city = night.add_city(teams=2, areas=AREAS)
    hosts = {
        language: night.register(
            city,
            number,
            area="east",
            language=language,
            phone=f"626-555-010{number}",
            sms_consent=True,
            materials=["home_safety"],
        )
        for number, language in enumerate(("en", "es"))
    }
    other = night.register(city, 3, area="west")
    eventually(lambda: night.board(city)["planned"], 3)
    eventually(lambda: texts(night, city, "window").keys(), {"en", "es"})
    act(night, city, "open_night")
    act(night, city, "hold_night", reason="Storm")
    eventually(lambda: texts(night, city, "held").keys(), {"en", "es"})
    act(night, city, "call_off_area", areas=["east"], reason="Storm")
    told = eventually(lambda: texts(night, city, "called_off"), lambda found: len(found) == 2)
    assert "visits in your part of the city are called off" in told["en"]
    assert "Reason: a storm." in told["en"]
    assert "Motivo: una tormenta." in told["es"]

    def page(party: dict[str, Any]) -> str:
        return night.client.get(party["status_url"]).text

    eventually(
        lambda: (
            "Visits in your part of the city are called off" in page(hosts["en"])
            and "Se cancelaron las visitas en su parte de la ciudad" in page(hosts["es"])
        )
    )
    assert "<bdi>Tormenta</bdi>" in page(hosts["es"])
    assert "Visits are on hold for now" in page(other)
    act(night, city, "resume_night")
    eventually(lambda: "Officers plan to visit" in page(other))
    assert "called off" in page(hosts["en"])
    assert texts(night, city, "resumed") == {}
