"""A transaction of the roster on PostgreSQL. Composition roots and the roster's edges use it."""

from services.dispatch.adapters.contacts import Contacts
from services.dispatch.adapters.postgres_ledger import PostgresBoards
from services.dispatch.adapters.postgres_plans import PostgresDirtyCities
from services.dispatch.adapters.postgres_rosters import PostgresRosters
from services.dispatch.adapters.postgres_staffing import PostgresStaffing
from services.dispatch.rostering import Desk
from shared.work import Work


def roster_desk(work: Work, actor: str, name: str) -> Desk:
    """The roster's ports within a transaction, for somebody who acts in it."""
    conn = work.conn
    stores = (PostgresRosters(conn), PostgresDirtyCities(conn), PostgresBoards(conn))
    return Desk(*stores, PostgresStaffing(conn), work, Contacts(), work.now, actor, name)
