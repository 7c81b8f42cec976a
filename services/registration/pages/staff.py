"""What the staff pages of one city share: the frame's words and the headers. Only pages use it."""

from flask import Response, make_response, render_template
from flask_wtf.csrf import generate_csrf

from services.registration.domain.city import City
from services.registration.pages.language import language


def staff_page(
    template: str, city: City, here: str, status: int = 200, **words: object
) -> Response:
    """A page for staff, never kept by anybody on the way; `here` is its place in the navigation."""
    page = render_template(
        template,
        city=city,
        here=here,
        spoken=language("en"),
        csrf_token=generate_csrf,
        programme=city.programme,
        place=city.name,
        **words,
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
