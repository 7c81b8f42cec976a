"""Which addresses are one block, which parties may be one party, and what of that hosts may see."""

import csv
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from services.registration.domain.blocks import block_of, street_word
from services.registration.domain.doubles import (
    Pair,
    Seen,
    Why,
    may_be_shown_to_host,
    pairs_among,
    whys_between,
)
from services.registration.domain.geography import Point

NIGHT = date(2027, 8, 3)
PHILADELPHIA = "data/philadelphia_block_parties_2008-07-04.csv"


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("400 block of N Maple St", "400 n maple st"),
        ("412 North Maple Street, Pasadena, CA", "400 n maple st"),
        ("412-418 N. Maple St.", "400 n maple st"),
        ("412A N Maple St Apt 3", "400 n maple st"),
        ("2700 N 08TH ST, Philadelphia, PA", "2700 n 8 st"),
        ("2710 North 8th Street", "2700 n 8 st"),
        ("Oak Ave & N 10th St", "n 10 st & oak ave"),
        ("corner of North 10th Street and Oak Avenue", "n 10 st & oak ave"),
        ("Central Park", ""),
        ("12th St", ""),
        ("", ""),
        ("🎈", ""),
    ],
)
def test_ways_of_writing_a_block_meet(address: str, block: str) -> None:
    assert block_of(address) == block


def test_the_telling_word_of_a_street_finds_it_again() -> None:
    assert street_word("412 North Maple Street") == "maple"
    assert street_word("2700 N 08TH ST") == "8"
    assert street_word("Central Park") == ""


def seen(id_: str, **changes: object) -> Seen:
    plain = {"day": NIGHT, "address": "", "host": "", "phone": "", "email": "", "place": None}
    return Seen(id_, **(plain | changes))  # type: ignore[arg-type]  # tests name fields


@pytest.mark.parametrize(
    ("one", "other", "whys"),
    [
        ({"address": "4 Elm St"}, {"address": "80 Elm Street"}, ("block",)),
        ({"address": "4 Elm St"}, {"address": "180 Elm Street"}, ()),
        ({"phone": "+1626"}, {"phone": "+1626"}, ("phone",)),
        ({"email": "A@x.org"}, {"email": "a@X.org"}, ("email",)),
        ({"host": "Ana  Reed"}, {"host": "ana reed"}, ("host",)),
        ({"place": Point(34.15, -118.1)}, {"place": Point(34.1505, -118.1)}, ("place",)),
        ({"place": Point(34.15, -118.1)}, {"place": Point(34.1506, -118.1)}, ()),
        (
            {"address": "4 Elm St", "place": Point(34.15, -118.1)},
            {"address": "4 Oak St", "place": Point(34.15, -118.1)},
            ("near",),
        ),
        ({"phone": "+1626"}, {"phone": "+1626", "day": date(2028, 8, 1)}, ()),
        ({}, {}, ()),
    ],
)
def test_a_pair_is_found_for_what_two_parties_share(
    one: dict[str, object], other: dict[str, object], whys: tuple[Why, ...]
) -> None:
    two = seen("1", **one), seen("2", **other)
    assert whys_between(*two) == whys
    assert pairs_among(reversed(two)) == ([Pair("1", "2", whys)] if whys else [])


@pytest.mark.parametrize(
    ("whys", "shown"),
    [
        (("block",), True),
        (("place",), True),
        (("phone", "host"), True),
        (("email", "host"), True),
        (("phone",), False),
        (("email",), False),
        (("host",), False),
        (("near",), False),
    ],
)
def test_whether_a_number_is_registered_is_not_told_to_strangers(
    whys: tuple[Why, ...], shown: bool
) -> None:
    assert may_be_shown_to_host(whys) == shown


def test_a_number_that_everybody_shares_does_not_pair_everybody_with_everybody() -> None:
    parties = [seen(f"{n:04}", phone="+16265550100") for n in range(2000)]
    assert len(pairs_among(parties)) == 1999


def test_the_doubles_of_philadelphia_are_counted() -> None:
    path = Path(os.environ.get("PORCHLIGHT_REFERENCE", "../shared"), PHILADELPHIA)
    if not path.exists():
        pytest.skip("the list of Philadelphia is not here")
    with path.open(encoding="utf-8") as sheet:
        rows = list(csv.DictReader(sheet))
    parties = [
        seen(f"{n:04}", address=row["address"], place=Point(float(row["lat"]), float(row["lon"])))
        for n, row in enumerate(rows)
    ]
    assert len(parties) == 844
    assert all(block_of(party.address) for party in parties)
    # Five blocks have two permits each; 97 pairs are the middles of blocks that lie back to back.
    assert Counter(pair.whys for pair in pairs_among(parties)) == {
        ("block", "place"): 5,
        ("near",): 97,
    }
