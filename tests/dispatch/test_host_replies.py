"""What hosts write back: some of it acts, the rest waits for a dispatcher until it is seen."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.db import Pool
from shared.ids import new_id
from tests.dispatch.builders import replied_fact
from tests.dispatch.evening import Running, ring, two_teams
from tests.dispatch.hearing import hear


@pytest.fixture
def running(url: str, pool: Pool) -> Running:
    found = Running(url, pool)
    found.set_up(ring(4), two_teams())
    return found


def write(
    running: Running, meaning: str, words: str, minutes: int | None = None, party: str = "p0"
) -> str:
    """Let the host of a party write; returns the text's id."""
    reply = new_id()
    fact = replied_fact(reply, party, meaning, words, running.clock.now(), minutes)
    hear(running.inbox, fact)
    return reply


def needs(running: Running) -> list[tuple[str, str]]:
    found = running.shown()["needs"]
    return [(n["words"], n["party_id"]) for n in found if n["kind"] == "host_replied"]


def party(running: Running, party_id: str = "p0") -> Any:
    return next(p for p in running.shown()["parties"] if p["id"] == party_id)


def test_late_and_done_act_on_an_open_night_and_can_be_undone(running: Running) -> None:
    running.do("open_night")
    before = party(running)["window"]
    write(running, "late", "LATE 20", 20)
    assert needs(running) == []
    assert party(running)["window"] != before
    with running.begin() as session:
        assert session.live
        entry = session.live.log.after("pasadena", 0, 50)[-1]
    assert (entry.action.kind, entry.action.by.source) == ("party_late", "text")
    write(running, "done", "Done!", party="p1")
    assert party(running, "p1")["state"] != "planned"


def test_before_the_night_is_open_nothing_acts_and_all_is_shown(running: Running) -> None:
    write(running, "late", "LATE 20", 20)
    write(running, "other", "Can we borrow tables?")
    assert [words for words, _ in needs(running)] == ["Party p0: “LATE 20”"]


def test_what_cannot_act_waits_with_its_reason(running: Running) -> None:
    running.do("open_night")
    write(running, "done", "DONE")
    write(running, "done", "We are done")
    found = needs(running)
    assert len(found) == 1
    assert found[0][0].startswith("Party p0: “We are done” ")


def test_needs_are_sorted_by_urgency_and_cut(running: Running) -> None:
    running.do("open_night")
    write(running, "other", "x" * 500)
    write(running, "nobody", "nobody came")
    write(running, "moved", "MOVED to the park")
    write(running, "when", "When?")
    write(running, "yes", "yes")
    found = [words for words, _ in needs(running)]
    assert found[0].endswith("“MOVED to the park”")
    assert found[1].endswith("“nobody came”")
    assert len(found) == 3
    assert len(found[2]) < 200


def test_the_same_text_heard_again_acts_once(running: Running) -> None:
    running.do("open_night")
    fact = replied_fact(new_id(), "p0", "late", "LATE 20", running.clock.now(), 20)
    hear(running.inbox, fact)
    with running.pool.connection() as conn:
        conn.execute("truncate inbox")
    hear(running.inbox, fact)
    with running.begin() as session:
        assert session.live
        kinds = [e.action.kind for e in session.live.log.after("pasadena", 0, 50)]
    assert kinds.count("party_late") == 1


def test_a_text_of_an_unknown_party_harms_nothing(running: Running) -> None:
    running.do("open_night")
    write(running, "late", "LATE 20", 20, party="nobody")
    assert [p for _, p in needs(running)] == ["nobody"]


def test_seen_clears_it_and_can_be_taken_back(
    client: httpx.Client, pasadena: Callable[..., None], pool: Pool
) -> None:
    pasadena("p1")
    reply = new_id()
    with pool.connection() as conn:
        conn.execute(
            "insert into host_replies (city, id, revision, party_id, meaning, words, at)"
            " values ('pasadena', %s, 1, 'p1', 'moved', '<b>MOVED</b>', now())",
            (reply,),
        )
        conn.execute("update boards set change = change + 1 where city = 'pasadena'")
    night = "/api/v1/cities/pasadena/night"
    place = f"/api/v1/cities/pasadena/replies/{reply}/seen"
    assert [n["reply_id"] for n in client.get(night).json()["needs"]] == [reply]
    assert client.post(place, json={"seen": "yes"}).status_code == 422
    assert client.post(place, json={}).json() == {"applied": True}
    assert client.post(place, json={}).json() == {"applied": False}
    assert client.get(night).json()["needs"] == []
    assert client.post(place, json={"seen": False}).json() == {"applied": True}
    assert len(client.get(night).json()["needs"]) == 1
