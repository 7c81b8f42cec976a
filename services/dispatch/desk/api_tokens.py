"""Makes, finds and revokes API tokens. The pages for administrators and the gate use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.dispatch.adapters.factors import fingerprint, new_secret
from services.dispatch.adapters.postgres_sessions import ApiToken, ApiTokens
from services.dispatch.desk.people import checked
from shared.audit import record
from shared.clock import Clock
from shared.db import Pool
from shared.failures import Refused
from shared.grants import EVERYWHERE, Grant, Grants, administers
from shared.ids import new_id
from shared.tokens import SCOPES

PREFIX = "plt_"
LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class TokenBook:
    """All API tokens; `mine` are the roles of who asks."""

    pool: Pool
    clock: Clock

    def make(
        self, name: str, grant: Grant, scopes: Sequence[str], days: int, mine: Grants, me: str
    ) -> str:
        """A new token's text, told this once; raises `Refused`."""
        checked({grant}, mine)
        name = " ".join(name.split())[:100]
        wanted = [scope for scope in SCOPES if scope in scopes]
        faults = {
            "name": [] if name else ["Please give it a name, such as what uses it."],
            "scopes": [] if wanted else ["Please choose what it may do."],
            "days": [] if 1 <= days <= LONGEST_DAYS else [f"Please choose 1 to {LONGEST_DAYS}."],
        }
        if any(faults.values()):
            raise Refused("Please check the form.", {k: v for k, v in faults.items() if v})
        now, text = self.clock.now(), PREFIX + new_secret()
        ends = now + timedelta(days=days)
        token = ApiToken(new_id(), name, grant.city, grant.role, wanted, me, now, ends, None, None)
        with self.pool.connection() as conn:
            ApiTokens(conn).add(token, fingerprint(text))
            words = f"{name}: {grant.role}, {', '.join(wanted)}, {days} days"
            record(conn, "token made", words, city=_place(grant))
        return text

    def find(self, text: str) -> ApiToken | None:
        """The token of this text, while it is good."""
        with self.pool.connection() as conn:
            return ApiTokens(conn).find(fingerprint(text), self.clock.now())

    def listed(self, mine: Grants) -> list[ApiToken]:
        """The tokens of the cities that the asker administers."""
        with self.pool.connection() as conn:
            return [t for t in ApiTokens(conn).all() if administers(mine, t.city)]

    def revoke(self, id_: str, mine: Grants) -> None:
        """It opens nothing any more; raises `Refused` where it is not the asker's to revoke."""
        with self.pool.connection() as conn:
            token = ApiTokens(conn).one(id_)
            if token is None or not administers(mine, token.city):
                raise Refused("There is no such token among those that you manage.")
            ApiTokens(conn).revoke(id_, self.clock.now())
            record(conn, "token revoked", token.name, city=_place(Grant(token.city, token.role)))


def _place(grant: Grant) -> str:
    return "" if grant.city == EVERYWHERE else grant.city
