"""What every service's Alembic environment runs. Only `migrations/env.py` files import it."""

from alembic import context
from sqlalchemy import create_engine, pool, text


def run() -> None:
    """Run the migrations on the address given in the configuration's attributes, one at a time."""
    url: str = context.config.attributes["url"]
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=pool.NullPool
    )
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            connection.execute(text("select pg_advisory_xact_lock(7077)"))
            context.run_migrations()
    engine.dispose()
