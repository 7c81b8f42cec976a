"""Hands text messages to Twilio, or to anything that speaks as it does. Fulfils `SmsSender`.

Twilio has no key against doubles. What it may have without our knowing it is found in its own list
of messages, by address, words and time.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from services.notify.adapters.batches import hand_in
from services.notify.adapters.twilio_codes import judge
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Unsure
from services.notify.ports.senders import Sought, Text
from shared.clock import Clock

NAME = "twilio"
LISTED_WITHIN = timedelta(seconds=60)
"""What Twilio has taken is surely on its list after so long."""
_SKEW = timedelta(seconds=5)
_ASKING_SECONDS = 5.0
_LONGEST_VALID = 36_000
_HUNG_UP = "Twilio broke off before it said whether it has the message"


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """How Twilio is reached. `repr` shows no secret.

    `user` and `password` are the account and its token, or an API key and its secret. `senders`
    are numbers, or the one id (MG…) of a messaging service, which then chooses the number.
    """

    base_url: str
    account: str
    user: str
    password: str
    senders: tuple[str, ...]
    callback_url: str

    def __repr__(self) -> str:
        return f"TwilioAccount({self.account} at {self.base_url})"

    @property
    def messages_url(self) -> str:
        """Where messages are posted and listed."""
        return f"{self.base_url.rstrip('/')}/2010-04-01/Accounts/{self.account}/Messages.json"


class Twilio:
    """Fulfils `SmsSender`; sends up to `at_once` messages at the same time."""

    name = NAME

    def __init__(
        self,
        account: TwilioAccount,
        clock: Clock,
        timeout: float = 8.0,
        at_once: int = 8,
        listed_within: timedelta = LISTED_WITHIN,
    ) -> None:
        self._account = account
        self._clock = clock
        self._listed_within = listed_within
        self._pool = ThreadPoolExecutor(at_once, NAME) if at_once > 1 else None
        self._http = httpx.Client(
            auth=(account.user, account.password),
            timeout=httpx.Timeout(timeout, connect=4.0),
            limits=httpx.Limits(max_connections=4 * at_once, keepalive_expiry=4.0),
        )

    def send_texts(self, texts: Sequence[Text]) -> Sequence[Outcome]:
        return hand_in(texts, self._send, self._pool)

    def known(self, sought: Sequence[Sought]) -> Mapping[str, Outcome] | None:
        found: dict[str, Outcome] = {}
        until = time.monotonic() + _ASKING_SECONDS
        for one in sought:
            if time.monotonic() > until:
                break
            try:
                outcome = self._look_for(one)
            except (httpx.HTTPError, ValueError, KeyError, TypeError):
                break
            if outcome:
                found[one.id] = outcome
        return found

    def _send(self, text: Text) -> Outcome:
        try:
            answer = self._http.post(self._account.messages_url, data=self._form(text))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Deferred(f"Twilio cannot be reached: {type(error).__name__}")
        except httpx.HTTPError:
            return Unsure(_HUNG_UP)
        if not answer.is_success:
            return judge(answer)
        try:
            return Accepted(str(answer.json()["sid"]))
        except (ValueError, KeyError, TypeError):
            return Unsure("Twilio's answer could not be read")

    def _form(self, text: Text) -> dict[str, str]:
        sender = text.sender or self._account.senders[0]
        form = {"To": text.to, "Body": text.body}
        form["MessagingServiceSid" if sender.startswith("MG") else "From"] = sender
        if self._account.callback_url:
            form["StatusCallback"] = f"{self._account.callback_url}?message={quote(text.id)}"
        if text.until:
            seconds = int((text.until - self._clock.now()).total_seconds())
            form["ValidityPeriod"] = str(min(max(seconds, 1), _LONGEST_VALID))
        return form

    def _look_for(self, one: Sought) -> Outcome | None:
        # Its filter by day would miss what it has not sent on to a carrier yet.
        query = {"To": one.to, "PageSize": "100"}
        answer = self._http.get(self._account.messages_url, params=query).raise_for_status()
        for message in answer.json()["messages"]:
            if _is_it(message, one):
                return Accepted(str(message["sid"]))
        if self._clock.now() - one.since < self._listed_within:
            return None
        return Deferred("Twilio never had it")


def _is_it(message: dict[str, Any], one: Sought) -> bool:
    if message["to"] != one.to or str(message["body"]).strip() != one.body.strip():
        return False
    if str(message.get("direction", "")).startswith("inbound"):
        return False
    return _made(message) >= one.since - _SKEW


def _made(message: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(str(message["date_created"])).astimezone(UTC)
