"""Alembic's environment of registration."""

from shared.migrations_env import run

run()
