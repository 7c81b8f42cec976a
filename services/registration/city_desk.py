"""The city desk: shows, weighs, keeps and restores a city's settings. Only pages go through it."""

from dataclasses import dataclass

from services.registration.adapters.postgres_cities import (
    CityMemory,
    Edition,
    PostgresCityBook,
    editions,
)
from services.registration.adapters.postgres_parties import PostgresPartyBook
from services.registration.domain.city import City
from services.registration.domain.city_change import Author, Effect, Way, effects
from services.registration.domain.city_difference import Difference, differences
from services.registration.domain.city_file import read_city
from services.registration.domain.toml_table import CityFileWrong
from services.registration.handlers.cities import revise_city
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.work import begin


@dataclass(frozen=True, slots=True)
class Preview:
    """What a text would change, before it is kept."""

    source: str
    city: City
    changes: list[Difference]
    effects: list[Effect]
    parties: int


class CityDesk:
    """Holds what the settings pages need; one for each process."""

    def __init__(self, pool: Pool, clock: Clock, cities: CityMemory) -> None:
        self._pool = pool
        self._clock = clock
        self.cities = cities

    def editions(self, slug: str) -> list[Edition]:
        """The texts of the settings, newest first."""
        with self._pool.connection() as conn:
            return editions(conn, slug)

    def edition(self, slug: str, revision: int) -> Edition | None:
        """One text of the settings."""
        return next((e for e in self.editions(slug) if e.revision == revision), None)

    def weigh(self, before: City, current: Edition, source: str) -> Preview:
        """What the text would change; raises `CityFileWrong`."""
        after = read_city(source)
        if after.slug != before.slug:
            raise CityFileWrong(
                f"The key slug must stay {before.slug}: a city keeps its address.", "slug"
            )
        with self._pool.connection() as conn:
            parties = PostgresPartyBook(conn).in_city(before.slug)
        standing = [party for party in parties if not party.is_withdrawn]
        changes = differences(current.source, source)
        return Preview(source, after, changes, effects(before, after, parties), len(standing))

    def keep(self, source: str, seen: int, who: str, way: Way) -> City:
        """Keep the text as the settings; raises `SettingsMoved` if others changed them since."""
        city = read_city(source)
        with begin(self._pool, self._clock) as work:
            book, author = PostgresCityBook(work.conn), Author(who, way)
            revision = revise_city(city, source, seen, author, book, work, work.now)
            words = "settings restored" if way == "restored" else "settings changed"
            record(work.conn, words, f"edition {revision}", city=city.slug)
        self.cities.forget()
        return city
