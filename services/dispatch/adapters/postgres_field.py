"""The ports `Notebook`, `Gallery`, `Trackers` and `Positions` on PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.dispatch.domain.evening import Place
from services.dispatch.domain.field_notes import FieldNote, Photo, Picture
from services.dispatch.domain.shift_links import GRACE
from services.dispatch.domain.whereabouts import Fix, Whereabouts
from shared.db import Connection

_PHOTO = (
    "id::text, team_id, party_id, caption, width, height, at, received_at, approved_at, approved_by"
)


class PostgresNotebook:
    """A row a note."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep(self, city: str, note: FieldNote) -> bool:
        """Keep it unless its id is known."""
        done = self._conn.execute(
            "insert into field_notes"
            " (city, id, team_id, party_id, kind, words, people, at, received_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (
                *(city, note.id, note.team_id, note.party_id, note.kind, note.words),
                *(note.people, note.at, note.received_at),
            ),
        )
        return done.rowcount == 1

    def notes(self, city: str) -> Sequence[FieldNote]:
        """The city's notes."""
        query = (
            "select id::text, team_id, party_id, kind, words, people, at, received_at"
            " from field_notes where city = %s order by at, id"
        )
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return [FieldNote(*row) for row in rows]


class PostgresGallery:
    """A row a photo, the picture in it: one thing to back up."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def count(self, link: str) -> int:
        """How many came by the link."""
        query = "select count(*) from field_photos where link_id = %s"
        row: Any = self._conn.execute(query, (link,)).fetchone()
        return int(row[0])

    def keep(self, city: str, link: str, photo: Photo, picture: Picture) -> bool:
        """Keep it unless its id is known."""
        done = self._conn.execute(
            "insert into field_photos (city, id, link_id, team_id, party_id, caption, width,"
            " height, jpeg, at, received_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (
                *(city, photo.id, link, photo.team_id, photo.party_id, photo.caption),
                *(photo.width, photo.height, picture.jpeg, photo.at, photo.received_at),
            ),
        )
        return done.rowcount == 1

    def photos(self, city: str) -> Sequence[Photo]:
        """What is known of the city's photos."""
        query = f"select {_PHOTO} from field_photos where city = %s order by at, id"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return [Photo(*row) for row in rows]

    def jpeg(self, city: str, photo: str) -> bytes | None:
        """The picture."""
        query = "select jpeg from field_photos where city = %s and id::text = %s"
        row: Any = self._conn.execute(query, (city, photo)).fetchone()
        return bytes(row[0]) if row else None

    def approve(self, city: str, photo: str, by: str, at: datetime | None) -> bool:
        """Set or take back the approval."""
        done = self._conn.execute(
            "update field_photos set approved_at = %s, approved_by = %s"
            " where city = %s and id::text = %s",
            (at, by if at else "", city, photo),
        )
        return done.rowcount == 1


class PostgresTrackers:
    """A row a device."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def assign(self, city: str, device: str, team: str) -> None:
        """The device travels with the team."""
        self._conn.execute(
            "insert into trackers (city, device, team_id) values (%s, %s, %s)"
            " on conflict (city, device) do update set team_id = excluded.team_id",
            (city, device, team),
        )

    def drop(self, city: str, device: str) -> bool:
        """The device travels with nobody."""
        query = "delete from trackers where city = %s and device = %s"
        return self._conn.execute(query, (city, device)).rowcount == 1

    def assigned(self, city: str) -> Sequence[tuple[str, str]]:
        """Devices and teams."""
        query = "select device, team_id from trackers where city = %s order by device"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return [(row[0], row[1]) for row in rows]

    def team_of(self, city: str, device: str) -> str | None:
        """The team of a device."""
        query = "select team_id from trackers where city = %s and device = %s"
        row: Any = self._conn.execute(query, (city, device)).fetchone()
        return str(row[0]) if row else None


class PostgresPositions:
    """A row a team: there is no trail to leave behind."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep(self, city: str, found: Whereabouts) -> bool:
        """Keep the newer of two."""
        fix = found.fix
        place = (fix.place.lat, fix.place.lon, fix.accuracy)
        times = (fix.at, found.received_at, fix.source)
        done = self._conn.execute(_KEEP_POSITION, (city, found.team_id, *place, *times))
        return done.rowcount == 1

    def all(self, city: str) -> Sequence[Whereabouts]:
        """Where teams may be."""
        query = (
            "select team_id, lat, lon, at, source, accuracy, received_at"
            " from positions where city = %s order by team_id"
        )
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return [
            Whereabouts(row[0], Fix(Place(row[1], row[2]), row[3], row[4], row[5]), row[6])
            for row in rows
        ]

    def forget(self, city: str, team: str) -> None:
        """Forget where the team is."""
        query = "delete from positions where city = %s and team_id = %s"
        self._conn.execute(query, (city, team))

    def forget_off_duty(self, now: datetime) -> Sequence[str]:
        """Forget every team whose shift is not under way; the cities that it concerns."""
        rows = self._conn.execute(_FORGET_OFF_DUTY, {"now": now, "grace": GRACE}).fetchall()
        return sorted({str(row[0]) for row in rows})


_KEEP_POSITION = """
insert into positions (city, team_id, lat, lon, accuracy, at, received_at, source)
values (%s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, team_id) do update
set lat = excluded.lat, lon = excluded.lon, accuracy = excluded.accuracy, at = excluded.at,
    received_at = excluded.received_at, source = excluded.source
where excluded.at > positions.at
"""

_FORGET_OFF_DUTY = """
delete from positions p where not exists (
    select from teams t where t.city = p.city and t.id = p.team_id
    and t.shift_opens <= %(now)s and %(now)s < t.shift_closes + %(grace)s
    and not exists (select from night_teams n where n.city = t.city and n.id = t.id)
    union all
    select from night_teams t where t.city = p.city and t.id = p.team_id
    and t.shift_opens <= %(now)s and %(now)s < t.shift_closes + %(grace)s
) returning city
"""
