"""The outbox page: every message as its host would see it, newest first. Only main uses it."""

from collections.abc import Callable, Collection
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request

from services.notify.adapters.reading import Reading, Shown
from services.notify.domain.catalogue import TITLES
from services.notify.domain.messages import STATES
from services.notify.domain.times import spoken_age
from services.notify.pages.listing import PAGE, read_query
from shared.actor import current_actor
from shared.clock import Clock

OTHER_NAMES = {
    "verification": "code for staff",
    "answer": "answer of staff",
    "prove": "code for the number",
    "reply_proved": "number confirmed",
    "reply_stop": "opt-out confirmed",
    "reply_cancel": "opt-out confirmed, party asked for",
    "reply_start": "opt-in confirmed",
    "reply_help": "help",
    "reply_other": "a person reads it",
    "reply_late": "late: noted",
    "reply_moved": "moved: noted",
    "reply_done": "over: noted",
    "reply_nobody": "nobody there: noted",
    "reply_yes": "party confirmed",
    "reply_no": "party taken off",
    "reply_when": "when: told",
    "reply_when_none": "when: nothing planned",
    "broadcast": "broadcast",
}
LANGUAGE_NAMES = {
    **{"en": "English", "es": "Spanish", "zh": "Chinese", "vi": "Vietnamese", "tl": "Tagalog"},
    **{"ko": "Korean", "hy": "Armenian", "ar": "Arabic", "ru": "Russian", "fr": "French"},
    **{"so": "Somali", "hmn": "Hmong", "pt": "Portuguese", "fa": "Persian", "ht": "Haitian Creole"},
}
WORTH_SAYING = timedelta(minutes=1)
NEWS_NAMES = {"received": "confirmation", "visit": "visit", "broadcast": "broadcast"}
CHANNEL_NAMES = {"sms": "Text message", "email": "E-mail", "none": "No channel"}
_NOT_ASKED = ("limit", "before", "within")
HTML_PART = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none';"
    " frame-ancestors 'self'"
)


def outbox_pages(
    reading: Reading, clock: Clock, registration_url: str, reveal: Callable[[Shown], None]
) -> Blueprint:
    """The blueprint of the pages; `reveal` is told before a full address is shown."""
    pages = Blueprint("outbox", __name__, template_folder="templates")

    @pages.app_template_filter("age")
    def age(moment: datetime) -> str:
        return spoken_age((clock.now() - moment).total_seconds())

    def waits(message: Shown) -> str:
        ahead = message.due_at - clock.now()
        if message.state != "created" or ahead < WORTH_SAYING:
            return ""
        clock_at = clock_time(message.due_at, message.zone)
        return f"waits until {clock_at}: {message.reason or 'quiet hours'}"

    pages.add_app_template_filter(waits)
    pages.add_app_template_filter(local_time, "local")
    pages.add_app_template_filter(CHANNEL_NAMES.__getitem__, "channel_name")
    pages.add_app_template_filter(title_of, "template_name")
    pages.add_app_template_filter(news_name, "news_name")
    pages.add_app_template_filter(clock_time, "clock")
    pages.add_app_template_filter(spell_seconds, "spell_seconds")
    pages.add_app_template_filter(language_name, "language_name")
    pages.add_app_template_filter(first_error)

    @pages.app_context_processor
    def names() -> dict[str, object]:
        return {
            "channel_names": CHANNEL_NAMES,
            "what_leaves": what_leaves(reading.sandboxed()),
            "registration_address": registration_url.rstrip("/"),
        }

    @pages.get("/")
    def outbox() -> str:
        return render_template("outbox.html", **_list(reading), registration_url=registration_url)

    @pages.get("/feed")
    def feed() -> Response:
        stamp = reading.stamp(read_query()[0])
        if request.if_none_match.contains(stamp):
            return Response(status=304)
        answer = make_response(render_template("feed.html", **_list(reading)))
        answer.set_etag(stamp)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    _add_message(pages, reading, reveal)
    return pages


def _add_message(pages: Blueprint, reading: Reading, reveal: Callable[[Shown], None]) -> None:
    @pages.get("/messages/<message_id>")
    def message(message_id: str) -> Response:
        found = _reached(reading, message_id)
        return _message(reading, found) if found else _missing()

    @pages.post("/messages/<message_id>/address")
    def address(message_id: str) -> Response:
        found = _reached(reading, message_id)
        if found is None:
            return _missing()
        reveal(found)
        answer = _message(reading, replace(found, to=reading.address(message_id)), revealed=True)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @pages.get("/messages/<message_id>/html")
    def html_part(message_id: str) -> Response:
        found = _reached(reading, message_id)
        if found is None or not found.html:
            return Response("This message has no HTML part.", 404, mimetype="text/plain")
        return Response(found.html, headers={"Content-Security-Policy": HTML_PART})


def _reached(reading: Reading, message_id: str) -> Shown | None:
    found = reading.message(message_id)
    return found if found and current_actor().reaches(found.city) else None


def _message(reading: Reading, message: Shown, revealed: bool = False) -> Response:
    quiet = reading.silences(message.city, message.party_id)
    may = current_actor().has(message.city, "notifier", "dispatcher")
    words = {"message": message, "silences": quiet, "may_reveal": may and not revealed}
    return make_response(render_template("message.html", **words))


def _missing() -> Response:
    return make_response(render_template("missing.html"), 404)


def what_leaves(sandboxed: Collection[str]) -> str:
    """One sentence on whether messages reach people."""
    if "sms" in sandboxed and "email" in sandboxed:
        return "Test outbox: these messages are kept here and sent to nobody."
    if "sms" in sandboxed:
        return "E-mail goes out to hosts. Text messages are kept here and sent to nobody."
    return "Messages to hosts."


def title_of(template: str) -> str:
    """What people call the template."""
    return OTHER_NAMES.get(template) or TITLES.get(template, template).lower()


def first_error(found: object) -> str:
    """The first sentence of a field's errors, however deep they lie."""
    while isinstance(found, dict | list) and found:
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    return str(found or "")


def local_time(moment: datetime, zone: str) -> str:
    """Like "Aug 4, 2026, 7:10:05 pm" in the city's zone."""
    local = moment.astimezone(ZoneInfo(zone))
    noon = "am" if local.hour < 12 else "pm"
    return f"{local:%b} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M:%S} {noon}"


def clock_time(moment: datetime, zone: str) -> str:
    """Like "7:10 pm" in the city's zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def news_name(news: str) -> str:
    """What a kind of news is called, without the id in it."""
    kind = news.partition("/")[0]
    return NEWS_NAMES.get(kind, kind.replace("_", " "))


def language_name(code: str) -> str:
    """Like "Spanish"; the code itself of languages that few speak here."""
    return LANGUAGE_NAMES.get(code.replace("_", "-").partition("-")[0].lower(), code)


def spell_seconds(seconds: float) -> str:
    """Like "40 seconds", "12 minutes" or "1 h 20 min"."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} seconds"
    minutes = -(-whole // 60)
    return f"{minutes} minutes" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _list(reading: Reading) -> dict[str, object]:
    wanted, understood = read_query()
    messages: list[Shown] = reading.messages(wanted)
    counts = reading.counts(wanted)
    return {
        "wanted": wanted,
        "understood": understood,
        "messages": messages,
        "counts": counts,
        "total": sum(counts.values()),
        "states": STATES,
        "cities": [city for city in reading.cities() if current_actor().reaches(city.id)],
        "query": {k: v for k, v in asdict(wanted).items() if v and k not in _NOT_ASKED},
        "older": messages[-1].id if len(messages) == PAGE else "",
    }
