"""Asks a number to answer before anything else is texted to it. The worker calls it.

Its owner answers the text, or types the code that is in it on the party's page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Final

from services.notify.answer_ports import ReplyWords, Spoken
from services.notify.domain.codes import (
    OPTED_OUT,
    SLOT,
    TOO_SOON,
    Code,
    CodeMaker,
    judged,
    made_anew,
    salted,
)
from services.notify.domain.decisions import BULK, URGENT
from services.notify.domain.messages import Draft
from services.notify.domain.restraint import awake_at
from services.notify.domain.values import SMS, City, Party
from services.notify.ports.proving import (
    ASKED,
    EXCUSED,
    PROVEN,
    REFUSED,
    KnownNumber,
    Numbers,
    Unproven,
)
from shared.contracts.envelope import Envelope
from shared.contracts.number import (
    CodeEntered,
    CodeRequested,
    Number,
    NumberAsked,
    NumberExcused,
    NumberProven,
    NumberRefused,
)
from shared.ids import new_id
from shared.ports import Publisher

TEMPLATE: Final = "prove"


@dataclass(frozen=True, slots=True)
class Proving:
    """What proving works with in one transaction."""

    numbers: Numbers
    words: ReplyWords
    publisher: Publisher
    now: datetime


def ask_numbers(means: Proving, most: int) -> int:
    """Ask those that were not asked yet; returns how many there were."""
    found = means.numbers.take_unasked(means.now, most)
    for one in found:
        if one.proven:
            _tell(means, one.number, PROVEN, one.code)
            continue
        _tell(means, one.number, ASKED, one.code if one.asked_before else _first(means, one))
    return len(found)


def tell_numbers(means: Proving, most: int) -> int:
    """Say of which numbers something else holds than was said; returns how many there were."""
    found = means.numbers.take_changed(most)
    for number, state in found:
        _tell(means, number, state, means.numbers.code(number.phone))
    return len(found)


def hear_entered(means: Proving, maker: CodeMaker, facts: Sequence[Envelope]) -> int:
    """Judge what hosts typed; returns how many numbers that proved."""
    proven = 0
    for fact in sorted(facts, key=_number):
        said = fact.data
        assert isinstance(said, CodeEntered)
        number = means.numbers.hold(fact.city, said.number_id)
        if number:
            proven += _judge(means, maker, number, said)
    return proven


def hear_requested(means: Proving, facts: Sequence[Envelope]) -> None:
    """Text another code to whoever asked for it, unless that is too often."""
    for fact in sorted(facts, key=_number):
        said = fact.data
        assert isinstance(said, CodeRequested)
        number = means.numbers.hold(fact.city, said.number_id)
        if number:
            _again(means, number, said)


def _number(fact: Envelope) -> str:
    """Numbers are held in one order, so that no two processes wait for each other."""
    return str(fact.data.number_id)


def _judge(means: Proving, maker: CodeMaker, number: KnownNumber, said: CodeEntered) -> bool:
    code = means.numbers.code(number.phone)
    if means.numbers.is_proven(number.phone):
        _tell(means, number, PROVEN, code, said.entry_id)
        return False
    why, tried = judged(code, said.code, maker, means.now)
    if tried and tried is not code:
        means.numbers.keep_code(tried)
    if why:
        _tell(means, number, REFUSED, tried, said.entry_id, why)
        return False
    means.numbers.prove(number.phone, means.now)
    _tell(means, number, PROVEN, tried, said.entry_id)
    return True


def _again(means: Proving, number: KnownNumber, said: CodeRequested) -> None:
    code = means.numbers.code(number.phone)
    if means.numbers.is_proven(number.phone):
        return _tell(means, number, PROVEN, code, said.entry_id)
    if not means.numbers.asks(number.city):
        return _tell(means, number, EXCUSED, code, said.entry_id)
    if means.numbers.is_opted_out(number.phone):
        return _tell(means, number, REFUSED, code, said.entry_id, OPTED_OUT)
    asked = means.numbers.asker(number, said.party_id)
    if asked is None or (code and means.now < code.another_from):
        return _tell(means, number, REFUSED, code, said.entry_id, TOO_SOON)
    city, party = asked
    fresh = _anew(means, city, party, code)
    _write(means, city, party, fresh, URGENT)
    return _tell(means, number, ASKED, fresh, said.entry_id)


def _anew(means: Proving, city: City, party: Party, old: Code | None) -> Code:
    """Another code. By night it waits: a stranger may have given the number."""
    fresh = made_anew(old, party.phone, token_hex(16), awake_at(means.now, city), means.now)
    if old:
        means.numbers.drop_text(_dedupe(city, old))
    means.numbers.keep_code(fresh)
    return fresh


def _dedupe(city: City, code: Code) -> str:
    return f"{city.id}/{TEMPLATE}/{code.salt}"


def _first(means: Proving, one: Unproven) -> Code:
    """The code that the question carries; a city may ask with that of another one."""
    code = one.code
    if code is None or (not code.is_good(means.now) and means.now >= code.another_from):
        code = _anew(means, one.city, one.party, code)
    if code.is_good(means.now):
        _write(means, one.city, one.party, code, BULK)
    return code


def _write(means: Proving, city: City, party: Party, code: Code, lane: str) -> None:
    worded = means.words.reply(TEMPLATE, party.language, Spoken(city, party, code=SLOT))
    goes_at = max(code.goes_at, awake_at(means.now, city))
    draft = Draft(
        id=new_id(),
        city=city.id,
        party_id=party.id,
        news=TEMPLATE,
        revision=len(code.made),
        span=None,
        template=TEMPLATE,
        channel=SMS,
        to=party.phone,
        wording=replace(worded, body=salted(worded.body, code.salt)),
        lane=lane,
        state="created",
        reason="",
        due_at=goes_at,
        expires_at=code.good_until,
        correlation=party.correlation,
        dedupe=_dedupe(city, code),
        segments=worded.segments,
    )
    means.numbers.write(draft, means.now)


def _tell(
    means: Proving,
    number: KnownNumber,
    state: str,
    code: Code | None,
    answers: str = "",
    why: str = "",
) -> None:
    """Say how the number stands now, as its next revision."""
    told = Number(
        number.id,
        code.goes_at if code else None,
        code.good_until if code else None,
        code.tries_left if code else 0,
        code.another_from if code else means.now,
    )
    facts = {
        ASKED: NumberAsked(told, answers),
        PROVEN: NumberProven(told, answers),
        EXCUSED: NumberExcused(told, answers),
        REFUSED: NumberRefused(told, answers, why or TOO_SOON),
    }
    revision = number.revision + 1
    means.numbers.told(replace(number, revision=revision, told=state))
    means.publisher.publish(facts[state], city=number.city, subject=number.id, revision=revision)
