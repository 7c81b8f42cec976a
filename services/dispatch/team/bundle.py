"""Joins the page's modules into one file at start: on a slow network each file costs a round trip.

Each module becomes a function that gives its exports, in the order in which they import one
another. It knows the few forms that our modules use, and refuses any other.
"""

import re
from collections.abc import Mapping

_NAMED = re.compile(r'^import \{ (.+?) \} from "\./(\w+)\.js";$', re.MULTILINE)
_WHOLE = re.compile(r'^import \* as (\w+) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b.*$", re.MULTILINE)


def join(modules: Mapping[str, str], entry: str) -> str:
    """One script that does what module `entry` does; modules are given by their names."""
    order: list[str] = []
    _arrange(modules, entry, order)
    return "".join(_wrapped(name, modules[name]) for name in order)


def _arrange(modules: Mapping[str, str], name: str, order: list[str], above: str = "") -> None:
    """Put what a module imports before it."""
    if name in above.split():
        raise ValueError(f"{name}.js imports itself by way of {above}")
    for needed in _imports(modules[name]):
        if needed not in order:
            _arrange(modules, needed, order, f"{above} {name}")
    if name not in order:
        order.append(name)


def _imports(text: str) -> list[str]:
    return [found[1] for found in (*_NAMED.findall(text), *_WHOLE.findall(text))]


def _wrapped(name: str, text: str) -> str:
    exports = _EXPORT.findall(text)
    body = _NAMED.sub(r"const { \1 } = from_\2;", text)
    body = _WHOLE.sub(r"const \1 = from_\2;", body)
    body = _EXPORT.sub("", body)
    left = _LEFT.search(body)
    if left:
        raise ValueError(f"{name}.js: cannot join {left.group().strip()!r}")
    return f"const from_{name} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();\n"
