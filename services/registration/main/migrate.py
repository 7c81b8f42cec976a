"""The `migrate` role of registration."""

from pathlib import Path

from services.registration.main.parts import settings_for
from shared import migrations

FOLDER = Path(__file__).parent.parent / "migrations"


def migrate() -> None:
    """Bring the database to the newest version."""
    migrations.migrate(settings_for("migrate").database_url, FOLDER)
