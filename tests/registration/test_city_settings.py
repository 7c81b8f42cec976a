"""The settings page: one text, edited by a form, with its remarks, its history and its guards."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from services.registration.adapters.city_text import edited, values_of
from services.registration.commands.cities import city as city_commands
from services.registration.domain.city_difference import differences
from services.registration.domain.city_file import read_city
from tests.conftest import ROOT
from tests.registration.builders import body, city_text
from tests.registration.conftest import Service
from tests.registration.staff_browser import fields_of, planner_of, send_form

PATH = "/staff/pasadena/settings"
SAMPLE = (ROOT / "local" / "sample" / "pasadena.toml").read_text()


def _register(service: Service, **changes: object) -> None:
    answer = service.client.post("/api/v1/cities/pasadena/parties", json=body(**changes))
    assert answer.status_code == 201, answer.text


def _source(service: Service) -> str:
    return str(service.ask("select source from cities where slug = 'pasadena'")[0][0])


def test_a_form_sent_back_as_it_is_leaves_the_text_alone() -> None:
    assert edited(SAMPLE, *values_of(SAMPLE)) == SAMPLE


def test_remarks_stay_when_values_change() -> None:
    values, rows = values_of(SAMPLE)
    values |= {"evening.ends": "21:30", "retention.contacts": "90", "public.page": "yes"}
    rows["areas"].append({"code": "far", "name": "Far out", "officer": "Ofc. Sample"})
    text = edited(SAMPLE, values, rows)
    kept = [line for line in SAMPLE.splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == kept
    assert "# the first Tuesday of August" in text
    found = read_city(text)
    assert (found.retention.contacts, found.public.page) == (90, True)
    assert found.areas[-1].officer == "Ofc. Sample"
    assert next(d.label for d in differences(SAMPLE, text)) == "Parties until"


def test_a_question_is_added_with_its_choices_in_both_languages() -> None:
    values, rows = values_of(SAMPLE)
    new = {
        "code": "chairs",
        "kind": "choice",
        "text.en": "Chairs?",
        "text.es": "¿Sillas?",
        "choices": "none | None | Ninguna\nten | Ten | Diez",
    }
    rows["registration.questions"].append(new)
    asked = read_city(edited(SAMPLE, values, rows)).entry.questions[-1]
    assert asked.answer_said("ten", "es") == "Diez"
    del rows["registration.questions"][0]
    again = read_city(edited(SAMPLE, values, rows)).entry.questions
    assert [question.code for question in again] == ["street_signs", "chairs"]


def test_a_planner_changes_a_city_and_the_others_hear_of_it(service: Service) -> None:
    planner = planner_of(service)
    answer = send_form(planner, PATH, programme="Night to Unite", evening__ends="21:30")
    assert answer.headers["Location"] == f"{PATH}?saved=yes"
    assert service.said() == ["city.configured.v1"] * 2
    assert "Night to Unite" in service.client.get("/pasadena").text
    assert service.ask("select changed_by, way from city_history order by revision")[1:] == [
        ("Kim", "page")
    ]
    same = send_form(planner, PATH)
    assert same.headers["Location"] == f"{PATH}?saved=same"
    assert service.count("city_history") == 2


def test_what_only_concerns_registration_is_not_told_to_others(service: Service) -> None:
    send_form(planner_of(service), PATH, retention__contacts="90", public__page="yes")
    assert "contacts = 90" in _source(service)
    assert service.said() == ["city.configured.v1"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("date", "soon"),
        ("evening.ends", "17:00"),
        ("programme", ""),
        ("kick_off.place.lat", "north"),
        ("retention.notes", "0"),
        ("registration.cap", "-3"),
        ("visitor_kinds[2].minutes", "many"),
        ("areas[1].code", ""),
    ],
)
def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_lost(
    service: Service, field: str, value: str
) -> None:
    answer = send_form(planner_of(service), PATH, **{field: value, "signature": "As typed"})
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert fields_of(answer.text)["signature"] == ["As typed"]
    assert service.count("city_history") == 1


def test_parties_that_a_change_would_leave_outside_are_counted_first(service: Service) -> None:
    _register(service)
    _register(service, starts_at="20:30", ends_at="21:45", address="9 Oak St", phone="6265550124")
    planner = planner_of(service)
    asks = send_form(planner, PATH, evening__ends="21:00")
    assert asks.status_code == 200
    assert "<strong>1 of 2</strong> lie outside the new hours of the evening" in asks.text
    assert service.count("city_history") == 1
    back = send_form(planner, PATH, to=f"{PATH}/again", page=asks.text)
    assert fields_of(back.text)["evening.ends"] == ["21:00"]
    saved = send_form(planner, PATH, to=f"{PATH}/save", page=asks.text)
    assert saved.status_code == 303
    assert read_city(_source(service)).evening.minutes == 180


def test_a_kind_that_hosts_asked_for_is_not_taken_away_in_silence(service: Service) -> None:
    _register(service, wanted=["fire_engine"])
    changes = {"visitor_kinds[2].remove": "yes"}
    asks = send_form(planner_of(service), PATH, **changes)
    assert "<strong>1 of 1</strong> asked for Fire engine, which is no longer offered" in asks.text


def test_two_planners_at_once_lose_nothing(service: Service) -> None:
    first, second = planner_of(service), planner_of(service, name="Lee")
    opened = second.get(PATH).text
    send_form(first, PATH, signature="By the first")
    late = send_form(second, PATH, page=opened, programme="By the second")
    assert late.status_code == 409
    assert "Kim changed the settings since you opened this page" in late.text
    fields = fields_of(late.text)
    assert (fields["signature"], fields["programme"]) == (["By the first"], ["By the second"])
    assert send_form(second, PATH, page=late.text).status_code == 303
    both = read_city(_source(service))
    assert (both.signature, both.programme) == ("By the first", "By the second")


def test_an_earlier_edition_is_restored(service: Service) -> None:
    planner = planner_of(service)
    send_form(planner, PATH, programme="A mistake")
    history = planner.get(f"{PATH}/history").text
    assert "Name of the programme: Night Out → <strong>A mistake</strong>" in history
    asks = send_form(planner, f"{PATH}/history", to=f"{PATH}/history/1")
    assert send_form(planner, PATH, to=f"{PATH}/save", page=asks.text).status_code == 303
    assert read_city(_source(service)).programme == "Night Out"
    assert service.ask("select way from city_history order by revision")[-1] == ("restored",)
    what = [row[0] for row in service.ask("select what from audit order by id")]
    assert what == ["settings changed", "settings restored"]


def test_experts_edit_the_text_itself(service: Service) -> None:
    planner, path = planner_of(service), f"{PATH}/text"
    source = _source(service)
    wrong = send_form(planner, path, source=source.replace("pasadena", "elsewhere"))
    assert wrong.status_code == 422
    assert "a city keeps its address" in wrong.text
    assert send_form(planner, path, source="nonsense").status_code == 422
    assert send_form(planner, path, source=f"# Hello\n{source}").status_code == 303
    assert _source(service).startswith("# Hello")
    assert service.said() == ["city.configured.v1"]


def test_a_file_does_not_undo_the_page_unless_asked_to(service: Service, tmp_path: Path) -> None:
    send_form(planner_of(service), PATH, programme="From the page")
    file = tmp_path / "city.toml"
    file.write_text(city_text())
    run = CliRunner().invoke
    refused = run(city_commands, ["add", str(file)], env=service.environ)
    assert refused.exit_code == 1
    assert "was changed on its settings page by Kim" in refused.output
    assert "--over-page" in refused.output
    done = run(city_commands, ["add", str(file), "--over-page"], env=service.environ)
    assert done.output == "pasadena: updated\n"
    assert read_city(_source(service)).programme == "Night Out"


def test_a_city_that_is_not_there_has_no_settings(service: Service) -> None:
    client = planner_of(service, "administrator@*")
    assert client.get("/staff/nowhere/settings").status_code == 404
    assert client.get(f"{PATH}/history").status_code == 200
    assert (
        client.post(f"{PATH}/history/99", data=fields_of(client.get(PATH).text)).status_code == 404
    )
