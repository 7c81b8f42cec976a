"""A city's own questions of its hosts, and whether answers fit them. Everything here may use it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.registration.domain.complaints import Complaint
from services.registration.domain.party import Answers

Kind = Literal["text", "choice", "yes_no"]
KINDS: tuple[Kind, ...] = ("text", "choice", "yes_no")
LONGEST_ANSWER = 500
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in the languages in which the city gave it."""

    texts: Mapping[str, str]

    def said(self, language: str) -> str:
        """The text in the language, or else in the first that there is."""
        return self.texts.get(language) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers from which a host chooses."""

    code: str
    text: Wording


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `choices` are those of the kind `choice`, and of no other."""

    code: str
    kind: Kind
    text: Wording
    required: bool = False
    choices: tuple[Choice, ...] = ()
    codes: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        known = {"choice": {choice.code for choice in self.choices}, "yes_no": {YES, NO}}
        object.__setattr__(self, "codes", frozenset(known.get(self.kind, ())))

    @property
    def field(self) -> str:
        """The name of its field in forms and complaints."""
        return field_of(self.code)

    def answer_said(self, answer: str, language: str) -> str:
        """The answer as people read it, a choice by its text."""
        return next((c.text.said(language) for c in self.choices if c.code == answer), answer)


def field_of(code: str) -> str:
    """The name of a question's field in forms and complaints."""
    return f"answer-{code}"


def fitting(questions: tuple[Question, ...], answers: Answers) -> Answers:
    """The answers to questions that are asked, trimmed, empty ones left out, in their order."""
    given = dict(answers)
    trimmed = ((q.code, given.get(q.code, "").strip()) for q in questions)
    return tuple((code, text) for code, text in trimmed if text)


def complaints_about(
    questions: tuple[Question, ...], answers: Answers, *, needed: bool
) -> Iterator[Complaint]:
    """What is wrong with the answers; `needed` says that required questions must be answered."""
    given = dict(fitting(questions, answers))
    for question in questions:
        answer = given.get(question.code, "")
        if not answer and question.required and needed:
            yield Complaint(question.field, "Please answer this question.")
        elif answer and question.codes and answer not in question.codes:
            yield Complaint(question.field, "Please choose one of the answers.")
        elif len(answer) > LONGEST_ANSWER:
            most = {"most": LONGEST_ANSWER}
            yield Complaint(question.field, "Please use at most {most} characters.", most)
