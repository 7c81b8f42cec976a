"""Structured logs, and the correlation id that goes with every line. Edges and mains use it.

Never log a telephone number, an e-mail address or a private link.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from shared.ids import new_id


def set_up_logs(process: str, style: str = "console") -> None:
    """Write one line per event to standard output: for people (`console`) or for programs."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            sort_keys=False,
            # The other formatters write down local variables, passwords among them.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for chatty in ("celery.worker.strategy", "celery.app.trace", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def log() -> structlog.stdlib.BoundLogger:
    """The logger."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger()
    return logger


def correlation() -> str:
    """The correlation id of what is being worked on; a new one where there is none."""
    found = structlog.contextvars.get_contextvars().get("correlation")
    return found if isinstance(found, str) else new_id()


@contextmanager
def correlated(identity: str) -> Iterator[None]:
    """Within this block every log line and every fact carries `identity`."""
    with structlog.contextvars.bound_contextvars(correlation=identity):
        yield
