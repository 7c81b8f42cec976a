"""A city's own questions as rows of a form and back. Only `city_text.py` and the page use it.

A row has `code`, `kind`, `required`, `text.<language>` and `choices`: a line for each choice, its
code and its texts with bars between them.
"""

from typing import Any

import tomlkit

QUESTIONS = "registration.questions"
_LINE = "|"


def shown_question(question: Any) -> dict[str, str]:
    """The row of a question of the file."""
    languages = _languages(question)
    row = {
        "code": str(question.get("code", "")),
        "kind": str(question.get("kind", "")),
        "required": "yes" if question.get("required") else "",
        "choices": "\n".join(_line(choice, languages) for choice in question.get("choices", ())),
    }
    return row | {f"text.{language}": text for language, text in _texts(question, "en").items()}


def told_question(row: dict[str, str]) -> dict[str, Any]:
    """The question that the row stands for."""
    texts = {key.partition(".")[2]: row[key].strip() for key in row if key.startswith("text.")}
    told: dict[str, Any] = {
        "code": row.get("code", "").strip(),
        "kind": row.get("kind", ""),
        "required": True if row.get("required") else None,
        "text": _inline({k: v for k, v in texts.items() if v}),
        "choices": None,
    }
    lines = [line for line in row.get("choices", "").splitlines() if line.strip()]
    if lines:
        choices = tomlkit.array()
        for line in lines:
            choices.append(_choice(line, list(texts)))
        told["choices"] = choices.multiline(True)
    return told


def _languages(question: Any) -> list[str]:
    text = question.get("text", "")
    return list(text) if isinstance(text, dict) else ["en"]


def _texts(holder: Any, fallback: str) -> dict[str, str]:
    text = holder.get("text", "")
    return {k: str(v) for k, v in text.items()} if isinstance(text, dict) else {fallback: str(text)}


def _line(choice: Any, languages: list[str]) -> str:
    texts = _texts(choice, languages[0])
    parts = [str(choice.get("code", "")), *(texts.get(code, "") for code in languages)]
    return f" {_LINE} ".join(parts)


def _choice(line: str, languages: list[str]) -> Any:
    code, *texts = (part.strip() for part in line.split(_LINE))
    choice = tomlkit.inline_table()
    choice["code"] = code
    choice["text"] = _inline(dict(zip(languages, texts, strict=False)))
    return choice


def _inline(texts: dict[str, str]) -> Any:
    table = tomlkit.inline_table()
    for language, text in texts.items():
        table[language] = text
    return table
