"""What staff may write into a template, checked before it is saved. The stored wordings use it.

A small part of Jinja: names that are given, `if`, loops over the lists of stops, a few filters. So
a template can neither reach into the program nor keep it busy.
"""

from collections.abc import Iterable
from typing import Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.adapters.contexts import LISTS, NAMES

FILTERS: Final = frozenset({"upper", "lower", "capitalize", "title", "trim", "length", "default"})
LONGEST: Final = 8000
_ALLOWED: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.For),
    *(nodes.Compare, nodes.Operand, nodes.Const, nodes.Not, nodes.And, nodes.Or, nodes.CondExpr),
    *(nodes.Filter, nodes.Getattr, nodes.Concat),
)
_OF_STOPS: Final = frozenset({"code", "address", "time"})
_OF_LOOPS: Final = frozenset({"first", "last", "index"})


def faults_of(source: str, jinja: ImmutableSandboxedEnvironment) -> list[str]:
    """What stands against this template, each with its line; nothing where it may be used."""
    if len(source) > LONGEST:
        return [f"This is longer than {LONGEST:,} characters."]
    try:
        tree = jinja.parse(source)
    except TemplateSyntaxError as error:
        return [f"Line {error.lineno}: {_sentence(str(error.message))}"]
    return list(dict.fromkeys(_walk(tree, frozenset())))


def _walk(node: nodes.Node, loop: frozenset[str]) -> Iterable[str]:
    fault = _fault(node, loop)
    if fault:
        yield f"Line {node.lineno}: {fault}"
        return
    inner = loop
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        inner = frozenset({node.target.name, "loop"})
    for child in node.iter_child_nodes():
        yield from _walk(child, inner)


def _fault(node: nodes.Node, loop: frozenset[str]) -> str:
    match node:
        case nodes.Name(name=name, ctx="load") if name not in NAMES | loop:
            return f'the name "{name}" is not known.'
        case nodes.Filter(name=name) if name not in FILTERS:
            return f'the filter "{name}" is not allowed.'
        case nodes.For():
            return _loop_fault(node, loop)
        case nodes.Getattr():
            return _attribute_fault(node, loop)
        case _ if not isinstance(node, _ALLOWED):
            return f"{type(node).__name__} is not allowed here."
    return ""


def _loop_fault(node: nodes.For, loop: frozenset[str]) -> str:
    over = node.iter.name if isinstance(node.iter, nodes.Name) else ""
    if loop or node.recursive or over not in LISTS or not isinstance(node.target, nodes.Name):
        return f"a loop may only go over {', '.join(sorted(LISTS))}, and not within another."
    return f'"{node.target.name}" is taken.' if node.target.name in NAMES else ""


def _attribute_fault(node: nodes.Getattr, loop: frozenset[str]) -> str:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    known = _OF_LOOPS if owner == "loop" else _OF_STOPS
    if owner in loop and node.attr in known:
        return ""
    return f'"{node.attr}" is not known of "{owner or "this"}".'


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."
