"""The `migrate` role of dispatch."""

from pathlib import Path

from services.dispatch.main.parts import settings_for
from shared import migrations

FOLDER = Path(__file__).parent.parent / "migrations"


def migrate() -> None:
    """Bring the database to this version."""
    migrations.migrate(settings_for("migrate").database_url, FOLDER)
