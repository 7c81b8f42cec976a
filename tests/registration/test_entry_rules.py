"""The part [registration] of a city's file: deadline, late lane, cap, the city's own questions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registration.domain.city_file import read_city
from services.registration.domain.entry_rules import EntryRules
from services.registration.domain.questions import complaints_about, fitting
from services.registration.domain.toml_table import CityFileWrong
from tests.registration.builders import city_text

PART = """
[registration]
deadline = 2027-07-27T17:00:00
late_until = 2027-08-02T12:00:00
cap = 2
rain_date = 2027-08-10
link_days = 14

[[registration.questions]]
code = "tables"
kind = "choice"
required = true
text = { en = "Do you need tables?", es = "¿Necesita mesas?" }
choices = [
    { code = "none", text = { en = "No", es = "No" } },
    { code = "two", text = { en = "Two", es = "Dos" } },
]

[[registration.questions]]
code = "first_time"
kind = "yes_no"
text = { en = "Is it your first party?", es = "¿Es su primera fiesta?" }

[[registration.questions]]
code = "wishes"
kind = "text"
text = { en = "Anything else?", es = "¿Algo más?" }
"""


def rules(part: str = PART) -> EntryRules:
    """The rules of a city whose file has the part."""
    return read_city(city_text() + part).entry


def test_a_file_without_the_part_takes_everybody_in() -> None:
    entry = rules("")
    assert entry == EntryRules()
    assert entry.lane(datetime(2099, 1, 1, tzinfo=UTC)) == "open"


def test_times_are_the_citys_and_the_lanes_follow_one_another() -> None:
    entry = rules()
    assert entry.deadline == datetime(2027, 7, 28, 0, tzinfo=UTC)
    assert entry.rain_date == date(2027, 8, 10)
    assert entry.late_until
    lanes = [entry.lane(at + timedelta(seconds=1)) for at in (entry.deadline, entry.late_until)]
    assert [entry.lane(entry.deadline), *lanes] == ["open", "late", "closed"]


def test_a_question_is_asked_in_each_language() -> None:
    tables, first, wishes = rules().questions
    assert (tables.text.said("es"), tables.required) == ("¿Necesita mesas?", True)
    assert tables.answer_said("two", "es") == "Dos"
    assert (first.codes, wishes.codes) == ({"yes", "no"}, frozenset())


def test_answers_are_held_to_their_questions() -> None:
    questions = rules().questions
    answers = (("tables", "nine"), ("wishes", "x" * 501), ("first_time", " yes "), ("odd", "?"))
    fields = [c.field for c in complaints_about(questions, answers, needed=True)]
    assert fields == ["answer-tables", "answer-wishes"]
    assert [c.field for c in complaints_about(questions, (), needed=True)] == ["answer-tables"]
    assert list(complaints_about(questions, (), needed=False)) == []
    assert dict(fitting(questions, answers))["first_time"] == "yes"
    assert "odd" not in dict(fitting(questions, answers))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2027-08-02T12", "2027-07-02T12", "late_until must not be earlier"),
        ("cap = 2", "cap = -1", "registration.cap must be between"),
        ("2027-08-10", "2027-08-10T10:00:00", "rain_date must be a date"),
        ('kind = "yes_no"', 'kind = "number"', "questions[2].kind must be one of text, choice"),
        ('kind = "text"', 'kind = "choice"', "questions[3].choices are needed"),
        ('code = "wishes"', 'code = "tables"', "questions has 'tables' twice"),
        ('code = "wishes"', 'code = "My wishes"', "code must be small letters"),
        (', es = "¿Algo más?"', "", "questions[3].text.es is missing"),
        ('code = "two"', 'code = "none"', "choices has 'none' twice"),
        ("link_days", "links_days", "registration.links_days is not known"),
    ],
)
def test_a_mistake_is_told_with_its_key(old: str, new: str, sentence: str) -> None:
    assert old in PART
    with pytest.raises(CityFileWrong) as caught:
        rules(PART.replace(old, new, 1))
    assert sentence in str(caught.value)
