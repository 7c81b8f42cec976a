"""What is wrong with a request, field by field, as sentences that can be translated later.

Anything in this service may raise or read them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by


@dataclass(frozen=True, slots=True)
class Complaint:
    """One sentence about one field; `text` is a template that `values` fill in."""

    field: str
    text: str
    values: Mapping[str, object] = made_by(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The sentence, its template translated first."""
        return translate(self.text).format(**self.values) if self.values else translate(self.text)


class Rejected(ValueError):
    """A request that breaks a rule; holds every complaint, not only the first."""

    def __init__(self, *complaints: Complaint) -> None:
        super().__init__("; ".join(f"{c.field}: {c.said()}" for c in complaints))
        self.complaints = complaints

    def by_field(self, translate: Callable[[str], str] = str) -> dict[str, list[str]]:
        """The sentences under their fields' names."""
        found: dict[str, list[str]] = {}
        for complaint in self.complaints:
            found.setdefault(complaint.field, []).append(complaint.said(translate))
        return found
