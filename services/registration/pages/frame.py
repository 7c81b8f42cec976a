"""What all pages share: the frame's words, the form, the guard against forged forms, apologies."""

from dataclasses import dataclass

from flask import render_template, request
from flask_wtf.csrf import ValidationError, generate_csrf, validate_csrf
from werkzeug.exceptions import HTTPException

from services.registration.domain.city import City
from services.registration.domain.complaints import Complaint, Rejected
from services.registration.domain.materials import MATERIALS
from services.registration.domain.party import Party
from services.registration.handlers.parties import CONSENT_WORDING
from services.registration.pages import form, stamp
from services.registration.pages.language import Language, chosen, language
from services.registration.pages.placing import asked_spots, spot_map
from shared.ids import new_id
from shared.languages import NAMES

CSRF_SECONDS = 12 * 3600


def check_csrf() -> None:
    """Refuse forms that did not come from our own page; raises `Rejected`."""
    try:
        validate_csrf(request.form.get("csrf_token"), time_limit=CSRF_SECONDS)
    except ValidationError as error:
        raise Rejected(
            Complaint("form", "This page was open for too long. Please send the form once more.")
        ) from error


@dataclass(frozen=True, slots=True)
class Entering:
    """What a newcomer meets: on time or late, a place or the waiting list, a form begun before."""

    late: bool = False
    full: bool = False
    begun: bool = False
    saved: bool = False
    known: bool = False


def show_form(
    city: City,
    filled: form.Filled,
    spoken: Language,
    party: Party | None = None,
    back: str = "",
    entering: Entering | None = None,
) -> str:
    """The form; for a change of `party` if one is given, with `back` leading to its page."""
    return render_template("form.html", **form_words(city, filled, spoken, party, back, entering))


def form_words(
    city: City,
    filled: form.Filled,
    spoken: Language,
    party: Party | None = None,
    back: str = "",
    entering: Entering | None = None,
) -> dict[str, object]:
    """What the form's template needs."""
    return {
        "city": city,
        "filled": filled,
        "times": [(value, spoken.time(m, city.zone)) for value, m in form.time_options(city)],
        "areas": [(area.code, area.name) for area in city.areas],
        "languages": [(code, spoken.name_of(code)) for code in city.languages],
        "consent": spoken.say(CONSENT_WORDING).format(programme=city.programme),
        "materials": MATERIALS,
        "own_words": {q.field: q.text.said(spoken.code) for q in city.entry.questions},
        "party": party,
        "newcomer": party is None,
        "back": back,
        "entering": entering or Entering(),
        "map": spot_map(city),
        "spots": asked_spots(),
        "opened": stamp.opened(),
        "trap": stamp.TRAP,
        "form_key": request.form.get("form_key") or new_id(),
        **words(spoken, city),
    }


def words(spoken: Language, city: City | None = None) -> dict[str, object]:
    """What every template needs."""
    offered = city.languages if city else tuple(NAMES)
    return {
        "_": spoken.say,
        "spoken": spoken,
        "others": [language(c) for c in offered if c in NAMES and c != spoken.code],
        "csrf_token": generate_csrf,
        "programme": city.programme if city else "Porchlight",
        "place": city.name if city else "",
    }


def not_found(_: Exception) -> tuple[str, int]:
    return _sorry("There is no such page here. Please check the link, or ask for a new one.", 404)


def rejected_elsewhere(rejected: Rejected) -> tuple[str, int]:
    """A refusal on a page that has no fields to write it beside."""
    return _sorry(rejected.complaints[0].text, 422)


def http_error(error: HTTPException) -> tuple[str, int]:
    sentences = {413: "That was too much text. Please shorten it and send the form again."}
    fallback = "That did not work. Please go back and try again."
    return _sorry(sentences.get(error.code or 500, fallback), error.code or 500)


def _sorry(sentence: str, status: int) -> tuple[str, int]:
    spoken = chosen(tuple(NAMES))
    slug = (request.view_args or {}).get("city", "") if status == 404 else ""
    place_slug = slug if "token" in (request.view_args or {}) else ""
    page = render_template(
        "sorry.html", sentence=spoken.say(sentence), place_slug=place_slug, **words(spoken)
    )
    return page, status
