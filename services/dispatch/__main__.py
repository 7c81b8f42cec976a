"""`python -m services.dispatch ROLE`."""

from services.dispatch.main import run

run()
