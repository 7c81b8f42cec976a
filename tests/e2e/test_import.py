"""A whole city's list goes through the thread: nothing lost, nothing twice."""

import csv
from pathlib import Path

from tests.night import Night
from tests.waiting import eventually

PARTIES = 844
PHILADELPHIA = {
    "zone": "America/New_York",
    "date": "2008-07-04",
    "opens": "17:00:00",
    "closes": "20:30:00",
    "kick_off_starts": "16:00:00",
    "lat": 39.9526,
    "lon": -75.1652,
}


def _with_contacts(reference: Path, folder: Path) -> Path:
    """The real list, each row given a host's address, since the permits carry none."""
    source = reference / "data" / "philadelphia_block_parties_2008-07-04.csv"
    with source.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    target = folder / "with_contacts.csv"
    with target.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, [*rows[0], "host", "email"])
        writer.writeheader()
        for row in rows:
            contact = {"host": "Host", "email": f"{row['permit_number']}@example.org"}
            writer.writerow(row | contact)
    return target


def test_844_real_parties_are_imported_planned_and_confirmed_each_once(
    night: Night, reference: Path, tmp_path: Path
) -> None:
    city = night.add_city(teams=60, **PHILADELPHIA)
    file = _with_contacts(reference, tmp_path)
    first = night.run("registration", "import", str(file), "--city", city)
    assert "844 read" in first.stdout + first.stderr
    again = night.run("registration", "import", str(file), "--city", city)
    assert "844 unchanged" in again.stdout + again.stderr

    eventually(
        lambda: night.counts(city), lambda c: set(vars(c).values()) == {PARTIES}, seconds=120
    )
    board = eventually(lambda: night.board(city), lambda b: b["waiting"] == 0, seconds=60)
    assert board["planned"] + board["unplanned"] == PARTIES
    reasonless = "select count(*) from visits where city = %s and opens is null and reason = ''"
    assert night.ask("dispatch", reasonless, city) == 0
    eventually(lambda: night.unsettled(city), 0, seconds=120)
    assert night.doubled(city) == 0
    welcomes = (
        "select count(*) from messages where city = %s and template = 'received' and state = 'sent'"
    )
    assert night.ask("notify", welcomes, city) == PARTIES
    assert night.dead() == 0
