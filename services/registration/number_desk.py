"""Tells notify what hosts type and ask for to prove their numbers. The private page uses it."""

from services.registration.adapters.postgres_numbers import Numbers, enter
from services.registration.domain.party import Party
from services.registration.domain.proof import SLOW, Entry, read_code
from shared.clock import Clock
from shared.contracts.number import CodeEntered, CodeRequested
from shared.db import Pool
from shared.ids import new_id
from shared.work import Work, begin


class NumberDesk:
    """Passes on what is typed: notify alone knows codes, and judges."""

    def __init__(self, pool: Pool, clock: Clock, numbers: Numbers) -> None:
        self._pool = pool
        self._numbers = numbers
        self._clock = clock

    def type_code(self, party: Party, typed: str) -> None:
        """Let what was typed be judged; raises `Rejected` where it can be no code."""
        code = read_code(typed)
        with begin(self._pool, self._clock) as work:
            number_id, entry_id, times = self._enter(work, party)
            if times:
                fact = CodeEntered(party.id, number_id, entry_id, code)
                work.publish(fact, city=party.city, subject=f"{party.id}/code", revision=times)

    def ask_anew(self, party: Party) -> None:
        """Ask for another code."""
        with begin(self._pool, self._clock) as work:
            number_id, entry_id, times = self._enter(work, party)
            if times:
                fact = CodeRequested(party.id, number_id, entry_id)
                work.publish(fact, city=party.city, subject=f"{party.id}/code", revision=times)

    def _enter(self, work: Work, party: Party) -> tuple[str, str, int]:
        """The number and the entry's id; 0 times where there is nothing to be said."""
        proof = self._numbers.proof_of(work.conn, party, work.now)
        if proof is None or proof.is_proven:
            return "", "", 0
        entry = Entry(new_id(), proof.number.id, work.now, answered=False)
        times = enter(work.conn, party.id, entry, work.now - SLOW)
        return entry.number_id, entry.id, times
