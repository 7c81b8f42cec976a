"""Private links: signed as itsdangerous signs, and opened only if they are ours."""

import base64
import uuid

import pytest
from itsdangerous import Signer

from services.registration.adapters.links import BadLink, Links, Opened
from shared.ids import new_id

LINKS = Links("a secret", "http://localhost/")


def test_a_link_opens_the_party_that_it_was_made_for() -> None:
    party = new_id()
    assert LINKS.open(LINKS.token(party)) == Opened(party, 0)
    assert LINKS.status_url("pasadena", party).endswith(f"/pasadena/party/{LINKS.token(party)}")


def test_the_signature_is_the_usual_one() -> None:
    party = new_id()
    short = base64.urlsafe_b64encode(uuid.UUID(party).bytes).rstrip(b"=")
    usual = Signer("a secret", salt="porchlight-private-link")
    assert LINKS.token(party) == usual.sign(short).decode()


def test_a_link_of_another_installation_opens_nothing() -> None:
    with pytest.raises(BadLink):
        LINKS.open(Links("another", "").token(new_id()))


def test_a_link_says_for_which_version_it_was_made() -> None:
    party = new_id()
    assert LINKS.open(LINKS.token(party, 3)) == Opened(party, 3)
    assert LINKS.token(party, 3) != LINKS.token(party)
