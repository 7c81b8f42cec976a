"""Brings a service's database to its newest shape. Main modules and tests use it."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config


def migrate(url: str, folder: Path) -> None:
    """Run the migrations in `folder` that the database lacks; raises `OperationalError`."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    command.upgrade(config, "head")
