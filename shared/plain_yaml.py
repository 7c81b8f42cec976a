"""Writes plain values as YAML, block style, keys in the order given. The document makers use it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_BREAKS = re.compile(
    "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
)  # JSON lets these stand, YAML does not
_NOT_TEXT = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]


def to_yaml(value: Value) -> str:
    """The value as a YAML document; any YAML 1.2 reader gives the same value back."""
    return "\n".join(_lines(value)) + "\n"


def _lines(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for key, child in value.items():
            yield from _under(f"{_scalar(key)}:", child, "  ")
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for child in value:
            first, *others = _lines(child)
            yield f"- {first}"
            yield from (f"  {line}" for line in others)
    else:
        yield _scalar(value)


def _under(head: str, child: Value, indent: str) -> Iterator[str]:
    if isinstance(child, str) or not isinstance(child, Mapping | Sequence) or not child:
        yield f"{head} {_scalar(child)}"
        return
    yield head
    yield from (indent + line for line in _lines(child))


def _scalar(value: Value) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
