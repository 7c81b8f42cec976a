"""Members of staff and the rules for their passwords. The desk, pages and adapters use it."""

from dataclasses import dataclass
from datetime import datetime

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 100
INVITED, ACTIVE, DISABLED = "invited", "active", "disabled"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as others see him: no secret is in it."""

    id: str
    email: str
    name: str
    state: str
    has_password: bool
    has_totp: bool
    by_provider: bool
    made_at: datetime
    signed_in_at: datetime | None

    @property
    def shown(self) -> str:
        """A name for lists, whatever is known of him."""
        return self.name or self.email or "an invited person"


def tidy_email(text: str) -> str:
    """The form in which addresses are kept and compared."""
    return text.strip().lower()[:254]


def faults_of_password(password: str, email: str, name: str) -> list[str]:
    """What is wrong with a new password, in sentences; empty where nothing is."""
    if len(password) < SHORTEST_PASSWORD:
        return [f"Please choose at least {SHORTEST_PASSWORD} characters; a few words do well."]
    if len(password) > LONGEST_PASSWORD:
        return [f"Please choose at most {LONGEST_PASSWORD} characters."]
    plain = password.lower()
    for known in (email.partition("@")[0], name.lower(), "porchlight", "password"):
        plain = plain.replace(known, "") if len(known) > 2 else plain
    if len(set(plain)) < 5:
        return ["This would be guessed too easily. Please choose other words."]
    return []
