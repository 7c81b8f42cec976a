"""Alembic's entry; `shared.db.migrate` runs it."""

from shared import migrations_env

migrations_env.run()
