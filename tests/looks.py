"""Where staff may see a whole telephone number: the one table, and the walk that holds to it.

Every look that it names is in the audit log. Whatever shows a number and is not here fails a test.
"""

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from re import Pattern
from zipfile import ZipFile

from werkzeug.test import TestResponse

LOOKS: Mapping[str, Mapping[str, str]] = {
    "registration": {
        "staff_read.reveal": "one host, where staff asks for it",
        "requests.listed": "residents who wait for an answer: officers call them",
        "staff.edit": "one host, where a planner corrects a contact",
        "exports.parties": "a list that a planner takes along",
        "parties.Parties": "programs with a planner's token",
    },
    "dispatch": {
        "roster.reveal": "one person, where a planner or dispatcher asks for it",
        "roster_api.reveal": "the same for programs",
        "roster.export_workbook": "a list that a planner or dispatcher takes along",
        "roster.export_csv": "the same as CSV",
        "roster.preview": "what the planner has just uploaded",
        "roster.use": "the same, put to use",
        "roster.errors": "rows of it to mend",
    },
    "notify": {
        "outbox.address": "to whom one message went",
        "inbox.number": "who wrote one text",
        "calls.number": "one host to call",
        "calls.sheet": "the call list, printed to call from",
        "opt_outs.reveal": "who opted out, to compare with who calls",
    },
}
Ask = Callable[[], TestResponse]


def unnoted(
    service: str,
    asks: Iterable[tuple[str, Ask]],
    number: Pattern[str],
    noted: Callable[[], int],
) -> tuple[list[str], set[str]]:
    """Endpoints that showed a number against the rule; and all that showed one."""
    wrong, shown = [], set()
    for endpoint, ask in asks:
        before = noted()
        answer = ask()
        if number.search(_text_of(answer.get_data())):
            shown.add(endpoint)
            if endpoint not in LOOKS[service] or noted() == before:
                wrong.append(endpoint)
    return wrong, shown


def _text_of(data: bytes) -> str:
    """What stands in an answer, a workbook's sheets among it."""
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as book:
            data = b"".join(map(book.read, book.namelist()))
    return data.decode(errors="replace")
