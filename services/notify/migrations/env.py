"""Alembic's environment for notify's database."""

from shared.migrations_env import run

run()
