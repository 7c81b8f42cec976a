"""Hostile texts in every form of notify and in what it hears: no fault, shown escaped."""

from dataclasses import replace

from shared.grants import ROLES
from tests.hostile import HOSTILE, fill, forms_of, pages_of, raw_in
from tests.notify.facts import CITY
from tests.notify.staff import House, host_of, id_of


def test_every_form_takes_it_without_a_fault_and_every_page_shows_it_escaped(
    house: House,
) -> None:
    for number, text in enumerate(HOSTILE.values(), 1):
        plain = text.replace("\x00", "")
        house.hosts(replace(host_of(number), name=plain), name=plain, address=plain)
    house.bench.tick()
    client = house.person(*(f"{role}@*" for role in ROLES))
    message = house.rows("select id from messages order by id limit 1")[0][0]
    known: dict[str, object] = {
        "city": CITY,
        "party_id": id_of(1),
        "party": id_of(1),
        "message_id": message,
        "id_": message,
        "template": "received",
        "language": "en",
        "channel": "email",
    }
    forms = forms_of(client, pages_of(house.app, known))
    assert len(forms) >= 6
    for text in HOSTILE.values():
        for form in forms:
            assert fill(client, form, text) < 500, f"{form.action}: {text[:40]!r}"
    whole = next(form for form in forms if len(form.fields) > 1)
    assert fill(client, whole, "x" * 1_000_000) == 413
    assert raw_in(client, pages_of(house.app, known)) == []
