"""Who changed a city's settings, and what a change does to parties. Everything here may use it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from services.registration.domain.city import City
from services.registration.domain.party import Party

Way = Literal["file", "page", "restored"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who changed settings and how."""

    name: str
    way: Way


FROM_FILE = Author("the command line", "file")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change means for some of the parties: how many, and a sentence about them."""

    parties: int
    words: str


def effects(before: City, after: City, parties: Iterable[Party]) -> list[Effect]:
    """What the change does to the registered parties of the evening that was set before."""
    standing = [
        p
        for p in parties
        if not p.is_withdrawn and p.details.span.opens.astimezone(before.zone).date() == before.day
    ]
    found = Counter(word for party in standing for word in _effects(before, after, party))
    return [Effect(number, words) for words, number in found.items()]


def _effects(before: City, after: City, party: Party) -> Iterator[str]:
    details = party.details
    if after.day != before.day:
        yield "stay on the former date; their hosts are not asked whether the new one suits them"
    elif _outside(after, party) and not _outside(before, party):
        yield "lie outside the new hours of the evening"
    removed = before.kind_codes() - after.kind_codes()
    names = {kind.code: kind.name for kind in before.visitor_kinds}
    for code in removed & set(details.wanted):
        yield f"asked for {names[code]}, which is no longer offered"
    if details.area and details.area in before.area_codes() - after.area_codes():
        yield "lie in an area that is no longer there"
    if details.host.language in set(before.languages) - set(after.languages):
        yield "chose a language that is no longer offered"
    gone = {q.code for q in before.entry.questions} - {q.code for q in after.entry.questions}
    if gone & {code for code, _ in details.answers}:
        yield "answered a question that is no longer asked"
    if before.public.page and not after.public.page and details.public:
        yield "agreed to be on the public page, which is closed"


def _outside(city: City, party: Party) -> bool:
    span, evening = party.details.span, city.evening
    return not (evening.holds(span.opens) and evening.holds(span.closes))
