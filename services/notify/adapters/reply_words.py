"""Puts our answers to texts into words with template files. Fulfils `ReplyWords`.

They are texts alone, so that each is one file `<language>/<name>.sms.txt` beside the others. What
somebody of staff wrote is put in as it is; every template is tried when this is made.
"""

from hashlib import sha256
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from services.notify.adapters.segments import segments_of
from services.notify.adapters.texts import (
    FALLBACK,
    FOLDER,
    SAMPLE_CITY,
    SAMPLE_SPAN,
    TemplateBroken,
    sample_party,
)
from services.notify.answer_ports import Spoken
from services.notify.domain.messages import Wording
from services.notify.domain.times import spoken_date, spoken_span

REPLIES = (
    *("reply_stop", "reply_cancel", "reply_help", "reply_start", "reply_other"),
    *("reply_late", "reply_moved", "reply_done", "reply_nobody", "reply_yes", "reply_no"),
    *("reply_when", "reply_when_none", "answer", "prove", "reply_proved"),
)
_LONG = 60
"""No party's name may make an answer of ours long."""


class TemplateReplies:
    """Fulfils `ReplyWords` from the files in `folder`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._jinja = SandboxedEnvironment(
            loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False
        )
        self._files = {
            (name, place.name): place / f"{name}.sms.txt"
            for place in folder.iterdir()
            for name in REPLIES
            if (place / f"{name}.sms.txt").is_file()
        }
        self._try_all()

    def reply(self, template: str, language: str, spoken: Spoken) -> Wording:
        """The answer in the language, or in English where it is not had."""
        base = language.replace("_", "-").partition("-")[0].lower()
        wanted = base if (template, base) in self._files else FALLBACK
        context = _context(spoken, wanted)
        body = self._jinja.get_template(f"{wanted}/{template}.sms.txt").render(context).strip()
        version = sha256(self._files[template, wanted].read_bytes()).hexdigest()[:8]
        return Wording(version, wanted, "", body, "", segments_of(body).segments)

    def _try_all(self) -> None:
        """Render every template with a sample; raises `TemplateBroken`."""
        for name in REPLIES:
            if (name, FALLBACK) not in self._files:
                raise TemplateBroken(f"The English template {name} (sms) is missing.")
        for name, language in self._files:
            party = sample_party(language)
            try:
                self.reply(name, language, Spoken(SAMPLE_CITY, party, SAMPLE_SPAN, 20, "Hello"))
                self.reply(name, language, Spoken(SAMPLE_CITY, None))
            except TemplateError as error:
                raise TemplateBroken(
                    f"The template {language}/{name} (sms) does not render: {error}"
                ) from error


def _context(spoken: Spoken, language: str) -> dict[str, object]:
    city, party, span = spoken.city, spoken.party, spoken.span
    day = span.opens if span else city.evening_opens
    name = (party.name or party.address) if party else ""
    return {
        "programme": city.programme,
        "signature": city.signature,
        "contact": city.voice.contact,
        "party": name if len(name) <= _LONG else name[: _LONG - 1] + "…",
        "link": party.status_url if party else "",
        "date": spoken_date(day, city.zone, language),
        # A long dash is no GSM-7 character and would more than double a text's price.
        "window": spoken_span(span, city.zone, language).replace("–", "-") if span else "",
        "minutes": spoken.minutes,
        "words": spoken.words,
        "code": spoken.code,
    }
