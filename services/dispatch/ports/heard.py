"""Ports: what dispatch hears and who there is. Adapters implement them, handlers use them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.dispatch.domain.evening import City, Party, Team
from services.dispatch.domain.replies import Reply
from services.dispatch.domain.roster.staffing import Staffed
from services.dispatch.domain.roster.values import Change, Roster


@dataclass(frozen=True, slots=True)
class Message:
    """What became of one message to a host; `fault` is empty where it was sent."""

    id: str
    party_id: str
    template: str
    channel: str
    fault: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HeardParty:
    """A party as a fact told of it; `correlation` is of the request behind the fact."""

    party: Party
    revision: int
    correlation: str


class Ledger(Protocol):
    """What dispatch has heard; a lower revision never replaces a higher one."""

    def keep_city(self, city: City, teams: Sequence[Team], revision: int) -> bool:
        """Keep a city's settings and hear of its file's teams; whether they were news."""
        ...

    def keep_parties(self, city: str, heard: Sequence[HeardParty]) -> int:
        """Keep parties as they now are; how many were news."""
        ...

    def keep_messages(self, city: str, messages: Collection[Message]) -> int:
        """Keep what became of messages; how many were news."""
        ...


class Forgetting(Protocol):
    """Removes personal data of parties, by groups of data."""

    def walk_ups(self, city: str, group: str, until: datetime) -> list[str]:
        """Parties of evenings until then that registration does not know, not yet forgotten."""
        ...

    def forget_blocks(self, city: str, parties: list[str]) -> None:
        """Keep when blocks were visited, not which house; before the parties change."""
        ...

    def empty_walk_ups(self, city: str, groups: Mapping[str, frozenset[str]]) -> None:
        """Take out of parties what registration cannot say anew."""
        ...

    def forget(self, city: str, groups: Mapping[str, frozenset[str]]) -> None:
        """Remove everything else, and say in the audit log how much."""
        ...


class Replies(Protocol):
    """What hosts wrote, and whether it acted or was seen."""

    def keep(self, city: str, reply: Reply, revision: int) -> bool:
        """Keep what is newer than what is known; whether it was."""
        ...

    def acted(self, city: str, reply: str, refusal: str) -> None:
        """It acted by itself, unless there is a refusal."""
        ...


class Rosters(Protocol):
    """Who and what there is in each city, with every change of it."""

    def read(self, city: str) -> tuple[City, Roster] | None:
        """The city and its roster; None while the city is unknown."""
        ...

    def hold(self, city: str) -> tuple[City, Roster] | None:
        """As `read`, and nobody else may change the roster until the transaction ends."""
        ...

    def keep(self, city: City, roster: Roster, change: Change) -> bool:
        """Store what `change` has led to; whether the teams that planning reads differ."""
        ...

    def changes(self, city: str, *, after: int = 0, most: int = 20) -> Sequence[Change]:
        """The changes after a version, the newest first."""
        ...

    def change(self, city: str, version: int) -> Change | None:
        """One change."""
        ...


class Staffing(Protocol):
    """Who is in which team, and what was said of it."""

    def now(self, city: str) -> tuple[Roster, Sequence[Team]]:
        """The roster, and the teams as they are tonight."""
        ...

    def said(self, city: str) -> Mapping[str, Staffed]:
        """What was last said, by team."""
        ...

    def keep(self, city: str, team: Staffed) -> int:
        """Remember what is said now; its revision."""
        ...
