"""Hears of every board's changes and wakes the streams of this process. The console uses it.

One thread per process listens on PostgreSQL's channel `boards` rather than on the Redis stream:
the board's truth is the database, a notification leaves with the very commit that changed it,
and it also tells of changes that are no facts (a party applied and not planned yet, a message
sent). So a console stays live while Redis or the relay is away. Whenever the connection is made
anew the counters are read first: nothing that changed meanwhile is missed.
"""

import threading
from collections.abc import Callable

import psycopg

from shared.db import Connection
from shared.logs import log

LOOK_SECONDS = 5.0


class Hub:
    """The newest change counter of each city, and whether this process can hear of newer ones."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._news = threading.Condition()
        self._changes: dict[str, int] = {}
        self._listening = False
        self._stop = threading.Event()

    def start(self) -> None:
        """Listen in a thread until `stop`."""
        threading.Thread(target=self.run, name="board-hub", daemon=True).start()

    def stop(self) -> None:
        """End the thread and every waiting stream."""
        self._stop.set()
        self._tell(listening=False)

    @property
    def stopped(self) -> bool:
        """Whether the process is ending."""
        return self._stop.is_set()

    @property
    def listening(self) -> bool:
        """Whether changes are heard of at present."""
        return self._listening

    def change(self, city: str) -> int:
        """The newest change heard of."""
        with self._news:
            return self._changes.get(city, 0)

    def wait(self, city: str, after: int, listening: bool, seconds: float) -> None:
        """Return at a change beyond `after`, at a loss or return of hearing, or after `seconds`."""
        with self._news:
            self._news.wait_for(
                lambda: (
                    self._stop.is_set()
                    or self._changes.get(city, 0) > after
                    or self._listening != listening
                ),
                seconds,
            )

    def run(self) -> None:
        """Listen through every fault of the database."""
        while not self._stop.is_set():
            try:
                with self._connect() as conn:
                    self._listen(conn)
            except psycopg.OperationalError as fault:
                log().warning("the hub waits for the database", fault=str(fault).strip())
                self._tell(listening=False)
                self._stop.wait(0.5)

    def _listen(self, conn: Connection) -> None:
        conn.execute("listen boards")
        while not self._stop.is_set():
            for city, change in conn.execute("select city, change from boards").fetchall():
                self._tell(str(city), int(str(change)))
            self._tell(listening=True)
            for notice in conn.notifies(timeout=LOOK_SECONDS):
                city_of, _, counted = notice.payload.rpartition(" ")
                self._tell(city_of, int(counted))
                if self._stop.is_set():
                    return

    def _tell(self, city: str = "", change: int = 0, *, listening: bool | None = None) -> None:
        with self._news:
            if city:
                self._changes[city] = max(change, self._changes.get(city, 0))
            if listening is not None:
                self._listening = listening
            self._news.notify_all()
