"""What a host may do besides changing the party: confirm it, keep its date, take it up again.

Only `private.py` adds it.
"""

from flask import Blueprint, make_response, redirect, request, url_for

from services.registration.desk import Desk
from services.registration.domain.party import Confirmed
from services.registration.draft_desk import DraftDesk
from services.registration.handlers.parties import confirm_party
from services.registration.pages import form
from services.registration.pages.calendar import party_calendar
from services.registration.pages.drafts import keep
from services.registration.pages.frame import check_csrf
from services.registration.pages.own import PATH, Answer, changed, private, spoken_with, the_host
from services.registration.pages.own import to_page as to


def add_keepsakes(pages: Blueprint, desk: Desk, drafts: DraftDesk) -> None:
    """Add the routes to the pages' blueprint."""

    @pages.post(f"{PATH}/confirm")
    def confirm(city: str, token: str) -> Answer:
        said = _answer(request.form.get("answer", ""))
        done = changed(
            desk, city, token, lambda party, _c, m: confirm_party(party, said, the_host(), m)
        )
        return to("pages.ask_withdrawal", city, token) if said == "no" else done

    @pages.get(f"{PATH}/party.ics")
    def calendar(city: str, token: str) -> Answer:
        standing = desk.standing(token, city)
        file = party_calendar(standing, spoken_with(standing), desk.now())
        answer = private(make_response(file))
        answer.mimetype = "text/calendar"
        name = f"{standing.city.slug}-{standing.party.code}.ics"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    @pages.post(f"{PATH}/again")
    def again(city: str, token: str) -> Answer:
        check_csrf()
        standing = desk.standing(token, city)
        to_form = redirect(url_for("pages.register", city=city, lang=request.args.get("lang")), 303)
        return keep(drafts, city, form.again(standing.party.details, standing.city), to_form)


def _answer(text: str) -> Confirmed:
    known: dict[str, Confirmed] = {"yes": "yes", "no": "no"}
    return known.get(text, "")
