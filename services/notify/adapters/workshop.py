"""What the wording pages show: each template's words in a city, tried with a real party's data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from jinja2 import TemplateError
from psycopg import Cursor

from services.notify.adapters.book_sql import CITY, PARTY
from services.notify.adapters.city_rows import city_in, party_in
from services.notify.adapters.contexts import LISTS, NAMES, SAMPLE_MORE, sample_party, samples
from services.notify.adapters.own_words import Source
from services.notify.adapters.safe import faults_of
from services.notify.adapters.segments import UCS, Segments, segments_of
from services.notify.adapters.texts import FALLBACK, TemplateWords
from services.notify.adapters.wordings import Place, Wordings
from services.notify.domain.catalogue import TEAM_TEMPLATES, TEMPLATES
from services.notify.domain.messages import Wording
from services.notify.domain.saying import More
from services.notify.domain.values import CHANNELS, SMS, City, Party, Span
from services.notify.domain.wording import one_line
from shared.db import Pool

HIDDEN_LINK = "https://example.org/p/private-link"
"""A host's private link is nobody else's."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that are looked at: as written, as a host would read them, and what is wrong."""

    source: Source
    wording: Wording | None
    segments: Segments | None
    faults: Sequence[str]
    warning: str
    own: bool
    fallback: bool


class WordShop:
    """The delivered words and the cities' own; `open` looks at one city through one party."""

    def __init__(self, pool: Pool, words: TemplateWords, own: Wordings) -> None:
        self._pool = pool
        self.words = words
        self.own = own
        self.languages = words.languages
        self.names = tuple(sorted(NAMES - LISTS)), tuple(sorted(LISTS))

    def open(self, city: str, code: str) -> "OpenShop | None":
        """The city's words, None where it is not known; shown with a party of this code."""
        values = {"city": city, "code": code.strip().upper()}
        with self._pool.connection() as conn, conn.cursor(row_factory=_seen_row) as cursor:
            found = cursor.execute(_SEEN, values).fetchone()
        return OpenShop(self, found) if found else None

    def faults(self, place: Place, source: Source) -> list[str]:
        """What stands against saving these words, by line; nothing where they may be saved."""
        found = faults_of(source.body, self.words.jinja)
        if place.channel != SMS:
            found += [f"Subject: {fault}" for fault in faults_of(source.subject, self.words.jinja)]
        return found or self._tried(place, source)

    def _tried(self, place: Place, source: Source) -> list[str]:
        for sample in samples(place.language):
            known = self.words.context(place.language, place.channel, sample)
            try:
                said = self.words.render(source, place.channel, place.language, known)
            except TemplateError as error:
                return [one_line(str(error))]
            if not said.body.startswith(sample[0].programme):
                return ["The first words must be {{ programme }}, so that hosts know who writes."]
            if place.channel != SMS and not said.subject:
                return ["An e-mail needs a subject."]
        return []


@dataclass(frozen=True, slots=True)
class Seen:
    """A city, and a party of it to show words with, made up where it has none."""

    city: City
    party: Party | None
    span: Span | None
    more: More


class OpenShop:
    """One city's words, seen through one party."""

    def __init__(self, shop: WordShop, seen: Seen) -> None:
        self._shop = shop
        self.city = seen.city
        self.party = seen.party
        self._span = seen.span
        self._more = seen.more
        self._own = shop.own(seen.city.id)

    def state(self, template: str, channel: str, language: str) -> str:
        """'own', 'delivered' or 'missing'."""
        if (template, channel, language) in self._own:
            return "own"
        return "delivered" if self._shop.words.has(template, channel, language) else "missing"

    def missing(self) -> list[str]:
        """Translations that are not there, whose hosts read English."""
        return [
            f"{language}/{template} ({channel})"
            for language in self._shop.languages
            for template in TEMPLATES
            for channel in CHANNELS
            if self.state(template, channel, language) == "missing"
        ]

    def draft(self, place: Place, source: Source | None = None) -> Draft:
        """These words, or else those that hold, tried with the party."""
        key = (place.template, place.channel, place.language)
        own = self._own.get(key)
        held = own or self._shop.words.file_source(*key)
        fallback = held is None
        if held is None:
            english = self._shop.words.file_source(place.template, place.channel, FALLBACK)
            held = english or Source("", "", "")
        faults = self._shop.faults(place, source) if source else []
        wording = None if faults else self._worded(place, source)
        segments = segments_of(wording.body) if wording and place.channel == SMS else None
        shown = source or held
        return Draft(
            shown, wording, segments, faults, _warning(segments), own is not None, fallback
        )

    def preview(self, place: Place) -> Wording:
        """The words that hold, as the party's host would read them."""
        return self._worded(place, None)

    def cost(self, segments: int) -> str:
        """Like "$0.0166", empty where no price is known."""
        price = self.city.voice.segment_cost * segments
        return f"{self.city.voice.currency}{price:.4f}".rstrip("0").rstrip(".") if price else ""

    def _worded(self, place: Place, source: Source | None) -> Wording:
        known = self._known(place)
        words = self._shop.words
        if source:
            values = words.context(place.language, place.channel, known)
            return words.render(source, place.channel, place.language, values)
        city, party, span, minutes, more = known
        return words.compose(place.template, place.channel, city, party, span, minutes, more)

    def _known(self, place: Place) -> tuple[City, Party, Span | None, int, More]:
        party = self.party or replace(sample_party(place.language), city=self.city.id)
        party = replace(party, language=place.language, status_url=HIDDEN_LINK)
        if place.template in TEAM_TEMPLATES:
            party = replace(party, host_name="Officer Lee", name="Team 1")
            more = replace(SAMPLE_MORE, stops=SAMPLE_MORE.stops[:1]) if _one_stop(place) else None
            return self.city, party, None, 0, more or SAMPLE_MORE
        return self.city, party, self._span, 8, self._more


def _one_stop(place: Place) -> bool:
    return place.template == "team_next"


def _warning(segments: Segments | None) -> str:
    if segments and segments.encoding == UCS:
        return f"{' '.join(segments.odd)} makes this text more than twice as dear."
    return ""


def _seen_row(_: Cursor[Any]) -> Callable[[Sequence[Any]], Seen]:
    return _seen


def _seen(row: Sequence[Any]) -> Seen:
    city = city_in(row)
    opens: datetime = row[27] or city.evening_opens + timedelta(minutes=70)
    closes: datetime = row[28] or opens + timedelta(minutes=30)
    party = party_in(row) if row[13] else None
    kinds = tuple(row[30] or ()) or tuple(kind.code for kind in city.kinds[:1])
    return Seen(
        city,
        party,
        Span(opens, closes),
        More("later", kinds=kinds, team=row[29] or "", visited=True),
    )


_SEEN: Final = f"""
select {CITY},
    {PARTY},
    v.opens, v.closes, v.team_name, v.kinds
from cities c
left join lateral (
    select * from parties where parties.city = c.id and not parties.withdrawn
        and (%(code)s = '' or parties.code = %(code)s)
    order by parties.id limit 1
) p on true
left join visits v on v.city = p.city and v.party_id = p.id
where c.id = %(city)s
"""
