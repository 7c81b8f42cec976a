"""Carries imports from the file to the party book, in batches that survive a killed process.

The worker calls `go_on` once a second, the command line until its import is through; one process
in the whole installation works at a time. Each batch is one transaction with the import's cursor.
"""

from collections.abc import Callable
from itertools import islice
from time import monotonic

import psycopg
from psycopg.errors import UniqueViolation

from services.registration.adapters.contacts import Contacts
from services.registration.adapters.outlines import OutlineMemory
from services.registration.adapters.postgres_cities import CityMemory
from services.registration.adapters.postgres_geocoder import OwnAddresses
from services.registration.adapters.postgres_imports import PostgresImports
from services.registration.adapters.postgres_locks import alone
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.adapters.spreadsheets import open_source
from services.registration.domain.city import City
from services.registration.domain.imports import Import
from services.registration.domain.sheet import Line, SheetWrong, row_of
from services.registration.domain.sheet_party import key_of
from services.registration.import_batch import Batch, Undo
from services.registration.ports import LinkMaker, Means
from shared.clock import Clock
from shared.db import Pool
from shared.logs import log
from shared.work import Work, begin

LOAD = 2000
TICK_SECONDS = 20.0
_TRIES = 5
Say = Callable[[Import], None]


class Importer:
    """Works on whatever imports have something to do."""

    def __init__(self, pool: Pool, clock: Clock, links: LinkMaker) -> None:
        self._pool = pool
        self._clock = clock
        self._links = links
        self._contacts = Contacts()
        self._outlines = OutlineMemory(pool)
        self._cities = CityMemory(pool)
        self._clashes = 0

    def go_on(self, seconds: float = TICK_SECONDS) -> None:
        """Work for a while, unless another process does."""
        until = monotonic() + seconds
        with alone(self._pool, "imports", wait=False) as only:
            while only and monotonic() < until:
                found = self._look(None)
                if found is None:
                    return
                self._step(found)

    def finish(self, import_id: str, say: Say) -> Import:
        """Work on one import until it is through with its present work; for the command line."""
        with alone(self._pool, "imports", wait=True):
            while (found := self._look(import_id)) and found.is_working:
                self._step(found)
                say(self._look(import_id) or found)
        if found is None:
            raise SheetWrong("The import is not there any more.")
        return found

    def _look(self, import_id: str | None) -> Import | None:
        with self._pool.connection() as conn:
            imports = PostgresImports(conn)
            return imports.find(import_id) if import_id else imports.next_at_work()

    def _step(self, found: Import) -> None:
        self._outlines.refresh()
        try:
            city = self._cities.find(found.city)
            if city is None:
                raise SheetWrong("The city is not there any more.")
            if found.state == "reading":
                self._read(found)
            else:
                self._batch(found, city)
            self._clashes = 0
        except SheetWrong as wrong:
            self._fail(found, str(wrong))
        except UniqueViolation as clash:  # A party's short code, which is random, was taken.
            self._clashes += 1
            if self._clashes > _TRIES:
                self._fail(found, "Some rows clash with others that are brought in meanwhile.")
                log().error("an import failed", import_id=found.id, exc_info=clash)
        except (psycopg.DataError, psycopg.IntegrityError) as fault:
            log().error("an import failed", import_id=found.id, exc_info=fault)
            self._fail(found, "The database refused a row; please tell whoever runs the server.")

    def _fail(self, found: Import, why: str) -> None:
        with begin(self._pool, self._clock) as work:
            PostgresImports(work.conn).move(found.id, "failed", work.now, why)

    def _read(self, found: Import) -> None:
        """Load the whole file; what an ended process has loaded already is passed over."""
        with self._pool.connection() as conn:
            source = open_source(PostgresImports(conn).file(found.id), found.sheet)
        lines = (line for line in source.lines() if line.number > found.header_line)
        left = islice(lines, found.total, None)
        loaded = found.total
        while chunk := [(line, _key(line, found)) for line in islice(left, LOAD)]:
            with begin(self._pool, self._clock) as work:
                imports = PostgresImports(work.conn)
                now = imports.find(found.id, hold=True)
                if now is None or now.state != "reading" or now.total != loaded:
                    return
                imports.load(found.id, chunk)
            loaded += len(chunk)
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            now = imports.find(found.id, hold=True)
            if now and now.state == "reading":
                imports.move(found.id, "checking", work.now)

    def _batch(self, found: Import, city: City) -> None:
        with begin(self._pool, self._clock) as work:
            imports = PostgresImports(work.conn)
            now = imports.find(found.id, hold=True)
            if now is None or now.state != found.state:
                return
            if now.state == "undoing":
                Undo(now, self._means(work), imports, work).run()
            else:
                Batch(now, city, self._means(work), imports, work).run()

    def _means(self, work: Work) -> Means[PostgresPartyBook]:
        book = PostgresPartyBook(work.conn)
        addresses = OwnAddresses(work.conn)
        return Means(book, work, self._contacts, self._links, work.now, self._outlines, addresses)


def _key(line: Line, found: Import) -> str:
    return key_of(row_of(line, found.mapping))
