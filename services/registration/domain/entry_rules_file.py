"""Reads the part [registration] of a city's file. Only `city_file.py` uses it."""

import re
from collections.abc import Callable
from datetime import date, datetime

from services.registration.domain.entry_rules import EntryRules
from services.registration.domain.questions import KINDS, Choice, Question, Wording
from services.registration.domain.toml_table import Table

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_QUESTIONS = 20
_MOST_CHOICES = 20
Moment = Callable[[Table, str], datetime]


def read_entry_rules(table: Table, moment: Moment, languages: tuple[str, ...]) -> EntryRules:
    """The rules in the table; `moment` reads a time of the file in the city's zone."""
    table.only("deadline", "late_until", "cap", "rain_date", "link_days", "questions")
    deadline = moment(table, "deadline") if table.has("deadline") else None
    late_until = moment(table, "late_until") if table.has("late_until") else None
    if deadline and late_until and late_until < deadline:
        raise table.wrong("late_until", "must not be earlier than the deadline")
    return EntryRules(
        deadline=deadline,
        late_until=late_until,
        cap=table.whole("cap", 0, 100_000) if table.has("cap") else 0,
        rain_date=_rain_date(table),
        link_days=table.whole("link_days", 1, 400) if table.has("link_days") else 30,
        questions=_questions(table, languages),
    )


def _rain_date(table: Table) -> date | None:
    if not table.has("rain_date"):
        return None
    value = table.value("rain_date", date)
    if isinstance(value, datetime):
        raise table.wrong("rain_date", "must be a date like 2027-08-10, without a time")
    return date(value.year, value.month, value.day)


def _questions(table: Table, languages: tuple[str, ...]) -> tuple[Question, ...]:
    if not table.has("questions"):
        return ()
    found = tuple(_question(one, languages) for one in table.tables("questions"))
    _few_and_distinct(table, "questions", [question.code for question in found], _MOST_QUESTIONS)
    return found


def _question(table: Table, languages: tuple[str, ...]) -> Question:
    table.only("code", "kind", "text", "required", "choices")
    kind = table.text("kind", 20)
    if kind not in KINDS:
        raise table.wrong("kind", f"must be one of {', '.join(KINDS)}, not {kind!r}")
    if (kind == "choice") != table.has("choices"):
        raise table.wrong("choices", "are needed for the kind choice, and for no other")
    return Question(
        code=_code(table),
        kind=kind,
        text=_wording(table, languages),
        required=table.value("required", bool) if table.has("required") else False,
        choices=_choices(table, languages) if table.has("choices") else (),
    )


def _choices(table: Table, languages: tuple[str, ...]) -> tuple[Choice, ...]:
    found = []
    for one in table.tables("choices"):
        one.only("code", "text")
        found.append(Choice(_code(one), _wording(one, languages)))
    if not found:
        raise table.wrong("choices", "must name at least one answer")
    _few_and_distinct(table, "choices", [choice.code for choice in found], _MOST_CHOICES)
    return tuple(found)


def _code(table: Table) -> str:
    code = table.text("code", 40)
    if not _CODE.fullmatch(code):
        raise table.wrong("code", f"must be small letters, digits and underscores, not {code!r}")
    return code


def _wording(table: Table, languages: tuple[str, ...]) -> Wording:
    """A text in every language of the city: a table by language, or one text where there is one."""
    if len(languages) == 1 and isinstance(table.value("text", str, dict), str):
        return Wording({languages[0]: table.text("text", 300)})
    texts = table.table("text")
    texts.only(*languages)
    return Wording({language: texts.text(language, 300) for language in languages})


def _few_and_distinct(table: Table, name: str, codes: list[str], most: int) -> None:
    if len(codes) > most:
        raise table.wrong(name, f"must be at most {most}")
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise table.wrong(name, f"has {twice!r} twice")
