"""The hosts' form in the hands of staff: any hour, a reason, a note. Staff pages use it."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import Response, url_for

from services.registration.desk import Desk
from services.registration.domain.city import City
from services.registration.domain.party import Party
from services.registration.handlers.parties import CONSENT_WORDING
from services.registration.pages import form
from services.registration.pages.frame import form_words
from services.registration.pages.staff_frame import staff_page
from services.registration.pages.staff_sentences import for_staff
from services.registration.pages.staff_words import ENGLISH

_QUARTERS = 24 * 4


def staff_form(
    desk: Desk, city: City, filled: form.Filled, party: Party | None = None, status: int = 200
) -> Response:
    """The form, for a new party or for a change."""
    back = (
        url_for("staff_read.party", city=city.slug, party_id=party.id)
        if party
        else url_for("staff_read.parties", city=city.slug)
    )
    words: dict[str, Any] = form_words(city, filled, ENGLISH, party, back)
    said = CONSENT_WORDING.format(programme=city.programme)
    del words["city"]
    words |= {
        "layout": "staff_frame.html",
        "staff": True,
        "newcomer": False,
        "_": for_staff,
        "times": _times(city, filled),
        "consent": f"Read out, and tick only if the host says yes: “{said}”",
    }
    return staff_page(desk, city, "form.html", status, **words)


def _times(city: City, filled: form.Filled) -> list[tuple[str, str]]:
    """Every quarter of the day, and the hours that the party has now."""
    midnight = datetime.combine(city.day, time(), city.zone)
    moments = {midnight + timedelta(minutes=15 * n) for n in range(_QUARTERS)}
    options = {m.isoformat(timespec="minutes"): m for m in moments}
    for field in ("starts_at", "ends_at"):
        text = filled.values.get(field, "")
        try:
            options[text] = datetime.fromisoformat(text).astimezone(city.zone)
        except ValueError:
            continue
    ordered = sorted(options.items(), key=lambda option: (option[1], option[0]))
    return [(text, _words(moment, city)) for text, moment in ordered]


def _words(moment: datetime, city: City) -> str:
    if moment.date() != city.day:
        return ENGLISH.moment(moment, city.zone)
    outside = "" if city.evening.holds(moment) else " (outside the evening)"
    return ENGLISH.time(moment, city.zone) + outside
