"""Reads settings from the environment and complains about everything missing at once.

Only the settings modules and the composition roots use it.
"""

import math
from collections.abc import Mapping


class SettingsMissing(SystemExit):
    """Ends the process with one sentence that names every variable that is wrong or missing."""


class Env:
    """A look into the environment that collects complaints until `check` raises them together."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._complaints: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """The variable's value; `default` where it is unset or empty; a complaint without one."""
        value = self._values.get(name, "").strip()
        if value:
            return value
        if default is None:
            self._complaints.append(f"{name} is not set")
            return ""
        return default

    def whole(self, name: str, default: int) -> int:
        """The variable as a whole number."""
        value = self.text(name, str(default))
        if value.lstrip("-").isdigit():
            return int(value)
        self._complaints.append(f"{name} must be a whole number, not {value!r}")
        return default

    def seconds(self, name: str, default: float) -> float:
        """The variable as a number of seconds, zero or more."""
        value = self.text(name, str(default))
        try:
            found = float(value)
        except ValueError:
            found = math.nan
        if 0 <= found < math.inf:
            return found
        self._complaints.append(f"{name} must be a number of seconds, not {value!r}")
        return default

    def refuse(self, complaint: str) -> None:
        """Complain about what the reader itself has found."""
        self._complaints.append(complaint)

    def check(self) -> None:
        """Raise `SettingsMissing` with all complaints, if there are any."""
        if self._complaints:
            raise SettingsMissing(
                "Porchlight cannot start: " + "; ".join(self._complaints) + ". See .env.example."
            )
