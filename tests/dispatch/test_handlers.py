"""What dispatch does with facts, on fakes."""

from services.dispatch.handlers import hearing
from shared.contracts.envelope import Envelope
from shared.contracts.party import PartyAmended, PartyWithdrawn
from tests.dispatch.builders import (
    NOON,
    city_fact,
    failed_fact,
    make_party,
    make_team,
    party_fact,
    sent_fact,
)
from tests.dispatch.fakes import FakeStaffing, FakeWorld


def hear_parties(world: FakeWorld, *facts: Envelope) -> list[str]:
    return hearing.keep_parties(world.ledger, world.dirty, world.boards, facts, NOON)


def test_a_party_makes_its_city_dirty_and_its_board_new() -> None:
    world = FakeWorld()
    assert hear_parties(world, party_fact(make_party())) == ["pasadena"]
    assert world.dirty.read("pasadena") is not None
    assert world.memory.changes == {"pasadena": 1}


def test_the_highest_revision_stays_whatever_the_order() -> None:
    world = FakeWorld()
    hear_parties(
        world,
        party_fact(make_party(name="third"), 3, kind=PartyAmended),
        party_fact(make_party(name="first")),
        party_fact(make_party(name="second"), 2, kind=PartyAmended),
    )
    assert world.memory.parties["pasadena", "p1"].party.name == "third"


def test_an_old_fact_disturbs_nobody() -> None:
    world = FakeWorld()
    hear_parties(world, party_fact(make_party(), 2, kind=PartyWithdrawn))
    dirt = world.dirty.read("pasadena")
    assert hear_parties(world, party_fact(make_party())) == []
    assert world.dirty.read("pasadena") == dirt
    assert world.memory.parties["pasadena", "p1"].party.withdrawn


def test_a_city_s_settings_make_it_dirty() -> None:
    world = FakeWorld()
    facts = [city_fact(teams=[make_team()], revision=2), city_fact(revision=1)]
    ports = (world.ledger, world.dirty, world.boards)
    crewing = hearing.Crewing(FakeStaffing(), world.publisher)
    assert hearing.keep_cities(*ports, facts, NOON, crewing) == ["pasadena"]
    assert len(world.memory.cities["pasadena"][1]) == 1
    assert world.dirty.waiting() == ["pasadena"]


def test_messages_change_the_board_and_no_plan() -> None:
    world = FakeWorld()
    facts = [sent_fact("m1", "p1"), failed_fact("m2", "p1")]
    hearing.keep_messages(world.ledger, world.boards, facts, NOON)
    hearing.keep_messages(world.ledger, world.boards, facts, NOON)
    assert world.memory.changes == {"pasadena": 1}
    assert world.dirty.read("pasadena") is None
    assert [bool(m.fault) for m in world.memory.messages.values()] == [False, True]
