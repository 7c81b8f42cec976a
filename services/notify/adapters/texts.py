"""Puts news into words: a city's own where its staff has saved some, else the template files'.

A template is a set of files `<language>/<name>.<kind>`; English must have every set, another
language may lack some, and its hosts then read English. Templates run in a sandbox, and a name
that they use but are not given is an error when they are loaded, not when a host waits.
"""

from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.adapters.contexts import (
    SAMPLE_CITY,
    SAMPLE_SPAN,
    Context,
    context_of,
    sample_party,
    samples,
)
from services.notify.adapters.own_words import OwnWords, Source, no_own_words
from services.notify.adapters.press import Press
from services.notify.adapters.segments import segments_of
from services.notify.adapters.tongues import read_tongue
from services.notify.domain.catalogue import TEMPLATES
from services.notify.domain.messages import Wording
from services.notify.domain.saying import NOTHING_MORE, More
from services.notify.domain.values import EMAIL, SMS, City, Party, Span
from services.notify.domain.wording import one_line
from shared.failures import Permanent
from shared.logs import log

__all__ = ["SAMPLE_CITY", "SAMPLE_SPAN", "TEMPLATES", "TemplateWords", "sample_party"]

FOLDER = Path(__file__).parent.parent / "templates"
FALLBACK = "en"
_KINDS = {SMS: ("sms.txt",), EMAIL: ("subject.txt", "email.txt", "email.html")}
Key = tuple[str, str, str]


class TemplateBroken(Permanent):
    """A template is missing or does not render."""


class TemplateWords:
    """Fulfils `Words` from the files in `folder`, with a city's `own` words before them."""

    def __init__(self, folder: Path = FOLDER, own: OwnWords = no_own_words) -> None:
        self._folder = folder
        self._own = own
        self._press = Press(folder)
        self.jinja = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"], default_for_string=False),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.jinja.globals.clear()
        self.languages = tuple(sorted(p.name for p in folder.iterdir() if p.is_dir()))
        self._tongues = {code: read_tongue(folder, code) for code in self.languages}
        self._versions: dict[Key, str] = {
            (name, channel, language): self._version(name, channel, language)
            for name in TEMPLATES
            for channel in _KINDS
            for language in self.languages
            if self._complete(name, channel, language)
        }
        self._try_all()

    def compose(
        self,
        template: str,
        channel: str,
        city: City,
        party: Party,
        span: Span | None,
        minutes: int = 0,
        more: More = NOTHING_MORE,
    ) -> Wording:
        language, own = self._source(template, channel, city.id, party.language)
        known = context_of(city, party, span, self._tongues[language], channel, minutes, more)
        if own:
            try:
                return self.render(own, channel, language, known)
            except TemplateError as error:
                log().error("a city's own words fail", template=template, error=str(error))
        return self._from_files(
            template, channel, self._language(template, channel, language), known
        )

    def render(self, source: Source, channel: str, language: str, known: Context) -> Wording:
        """The words of `source`; raises `TemplateError`. HTML is made from the plain text."""
        context = asdict(known)
        body = self.jinja.from_string(source.body).render(context).strip()
        subject = one_line(self.jinja.from_string(source.subject).render(context))
        if channel == SMS:
            text = "\n".join(line for line in map(one_line, body.splitlines()) if line)
            return _worded(source.version, language, "", text, "")
        html = self._press.letter(known.programme, language, body, known.link)
        return _worded(source.version, language, subject, body, html)

    def file_source(self, template: str, channel: str, language: str) -> Source | None:
        """What the files say, None where they do not have it."""
        version = self._versions.get((template, channel, language))
        if version is None:
            return None
        parts = {
            kind: (self._folder / language / f"{template}.{kind}").read_text("utf-8").strip()
            for kind in _KINDS[channel]
        }
        body = parts["sms.txt"] if channel == SMS else parts["email.txt"]
        return Source(parts.get("subject.txt", ""), body, version)

    def context(
        self, language: str, channel: str, known: tuple[City, Party, Span | None, int, More]
    ) -> Context:
        """The names' values for a preview."""
        city, party, span, minutes, more = known
        tongue = self._tongues[language if language in self._tongues else FALLBACK]
        return context_of(city, party, span, tongue, channel, minutes, more)

    def missing(self) -> list[str]:
        """The translations that are not there yet, like "es/window (sms)"."""
        return [
            f"{language}/{name} ({channel})"
            for language in self.languages
            for name in TEMPLATES
            for channel in _KINDS
            if (name, channel, language) not in self._versions
        ]

    def has(self, template: str, channel: str, language: str) -> bool:
        """Whether the files have this template in the language."""
        return (template, channel, language) in self._versions

    def _source(
        self, template: str, channel: str, city: str, wanted: str
    ) -> tuple[str, Source | None]:
        base = wanted.replace("_", "-").partition("-")[0].lower()
        own = self._own(city)
        for language in (base, FALLBACK):
            found = own.get((template, channel, language))
            if language in self._tongues and found:
                return language, found
            if (template, channel, language) in self._versions:
                return language, None
        return FALLBACK, None

    def _language(self, template: str, channel: str, language: str) -> str:
        return language if (template, channel, language) in self._versions else FALLBACK

    def _from_files(self, template: str, channel: str, language: str, known: Context) -> Wording:
        context = asdict(known)
        parts = {
            kind: self.jinja.get_template(f"{language}/{template}.{kind}").render(context).strip()
            for kind in _KINDS[channel]
        }
        version = self._versions[template, channel, language]
        if channel == SMS:
            return _worded(version, language, "", parts["sms.txt"], "")
        subject = one_line(parts["subject.txt"])
        return _worded(version, language, subject, parts["email.txt"], parts["email.html"])

    def _files(self, name: str, channel: str, language: str) -> Iterable[Path]:
        return (self._folder / language / f"{name}.{kind}" for kind in _KINDS[channel])

    def _complete(self, name: str, channel: str, language: str) -> bool:
        return all(path.is_file() for path in self._files(name, channel, language))

    def _version(self, name: str, channel: str, language: str) -> str:
        content = b"".join(p.read_bytes() for p in self._files(name, channel, language))
        return sha256(content).hexdigest()[:8]

    def _try_all(self) -> None:
        """Render every template with samples; raises `TemplateBroken`."""
        for name in TEMPLATES:
            for channel in _KINDS:
                if (name, channel, FALLBACK) not in self._versions:
                    raise TemplateBroken(f"The English template {name} ({channel}) is missing.")
        for name, channel, language in self._versions:
            try:
                for sample in samples(language):
                    known = self.context(language, channel, sample)
                    self._from_files(name, channel, language, known)
            except TemplateError as error:
                raise TemplateBroken(
                    f"The template {language}/{name} ({channel}) does not render: {error}"
                ) from error


def _worded(version: str, language: str, subject: str, body: str, html: str) -> Wording:
    segments = 0 if subject or html else segments_of(body).segments
    return Wording(version, language, subject, body, html, segments)
