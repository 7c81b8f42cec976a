"""Puts news into words with the template files. Fulfils `Words`; every template is tried at start.

A template is a set of files `<language>/<name>.<kind>`; English must have every set, another
language may lack some, and its hosts then read English. Templates run in a sandbox, and a name
that they use but are not given is an error when they are loaded, not when a host waits.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from services.notify.adapters.whys import is_over, spoken_why
from services.notify.domain.messages import Wording
from services.notify.domain.times import spoken_date, spoken_span
from services.notify.domain.values import EMAIL, SMS, City, Party, Span
from services.notify.domain.wording import one_line
from shared.failures import Permanent

FOLDER = Path(__file__).parent.parent / "templates"
TEMPLATES = (
    *("received", "window", "window_changed", "not_coming"),
    *("on_the_way", "skipped", "held", "resumed", "called_off"),
)
FALLBACK = "en"
_KINDS = {SMS: ("sms.txt",), EMAIL: ("subject.txt", "email.txt", "email.html")}


class TemplateBroken(Permanent):
    """A template is missing or does not render."""


@dataclass(frozen=True, slots=True)
class Context:
    """The names that a template may use."""

    programme: str
    signature: str
    city: str
    host: str
    party: str
    code: str
    address: str
    link: str
    date: str
    window: str
    minutes: int
    why: str
    part: bool
    over: bool


class TemplateWords:
    """Fulfils `Words` from the files in `folder`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._jinja = SandboxedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.languages = tuple(sorted(p.name for p in folder.iterdir() if p.is_dir()))
        self._versions = {
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
        why: str = "",
        part: bool = False,
    ) -> Wording:
        language = self._language(template, channel, party.language)
        context = asdict(_context(city, party, span, language, channel, minutes, why, part))
        parts = {
            kind: self._jinja.get_template(f"{language}/{template}.{kind}").render(context).strip()
            for kind in _KINDS[channel]
        }
        return Wording(
            version=self._versions[template, channel, language],
            language=language,
            subject=one_line(parts.get("subject.txt", "")),
            body=parts["sms.txt"] if channel == SMS else parts["email.txt"],
            html=parts.get("email.html", ""),
        )

    def missing(self) -> list[str]:
        """The translations that are not there yet, like "es/window (sms)"."""
        return [
            f"{language}/{name} ({channel})"
            for language in self.languages
            for name in TEMPLATES
            for channel in _KINDS
            if (name, channel, language) not in self._versions
        ]

    def _language(self, template: str, channel: str, wanted: str) -> str:
        base = wanted.replace("_", "-").partition("-")[0].lower()
        return base if (template, channel, base) in self._versions else FALLBACK

    def _files(self, name: str, channel: str, language: str) -> Iterable[Path]:
        return (self._folder / language / f"{name}.{kind}" for kind in _KINDS[channel])

    def _complete(self, name: str, channel: str, language: str) -> bool:
        return all(path.is_file() for path in self._files(name, channel, language))

    def _version(self, name: str, channel: str, language: str) -> str:
        content = b"".join(p.read_bytes() for p in self._files(name, channel, language))
        return sha256(content).hexdigest()[:8]

    def _try_all(self) -> None:
        """Render every template with a sample; raises `TemplateBroken`."""
        for name in TEMPLATES:
            for channel in _KINDS:
                if (name, channel, FALLBACK) not in self._versions:
                    raise TemplateBroken(f"The English template {name} ({channel}) is missing.")
        for name, channel, language in self._versions:
            try:
                self.compose(name, channel, SAMPLE_CITY, sample_party(language), SAMPLE_SPAN)
            except TemplateError as error:
                raise TemplateBroken(
                    f"The template {language}/{name} ({channel}) does not render: {error}"
                ) from error


def _context(
    city: City,
    party: Party,
    span: Span | None,
    language: str,
    channel: str,
    minutes: int,
    why: str,
    part: bool,
) -> Context:
    window = spoken_span(span, city.zone, language) if span else ""
    day = span.opens if span else city.evening_opens
    return Context(
        programme=city.programme,
        signature=city.signature,
        city=city.name,
        host=party.host_name,
        party=party.name or party.address,
        code=party.code,
        address=party.address,
        link=party.status_url,
        date=spoken_date(day, city.zone, language),
        # A long dash is no GSM-7 character and would more than double a text's price.
        window=window.replace("–", "-") if channel == SMS else window,
        minutes=minutes,
        why=spoken_why(why, language),
        part=part,
        over=is_over(why),
    )


_EVENING = datetime(2027, 8, 4, 1, tzinfo=UTC)
SAMPLE_SPAN = Span(_EVENING + timedelta(minutes=70), _EVENING + timedelta(minutes=100))
SAMPLE_CITY = City(
    id="sample",
    revision=1,
    name="Sample City",
    programme="Sample Night Out",
    signature="Sample Police Department",
    zone="America/Los_Angeles",
    evening_opens=_EVENING,
    evening_closes=_EVENING + timedelta(hours=4),
    settle_seconds=2,
)


def sample_party(language: str) -> Party:
    """A party to try templates with."""
    return Party(
        city="sample",
        id="0",
        revision=1,
        code="SAMPLE",
        name="Maple Street",
        address="100 block of Maple Street",
        host_name="Sam Host",
        phone="+16265550100",
        email="sam@example.org",
        language=language,
        sms_consent=True,
        status_url="https://example.org/p/sample",
        withdrawn=False,
        correlation="sample",
    )
