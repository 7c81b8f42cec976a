"""Serves a web application by gunicorn. Only composition roots use it."""

from collections.abc import Callable, Mapping
from typing import Any

from gunicorn.app.base import BaseApplication


class _Server(BaseApplication):
    def __init__(self, make: Callable[[], Any], options: Mapping[str, Any]) -> None:
        self._make = make
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return self._make()


def serve(make: Callable[[], Any], *, bind: str, port: int, threads: int, workers: int) -> None:
    """Serve the application on `bind:port` until told to stop; a clean stop takes up to 3 s."""
    options = {
        "bind": f"{bind}:{port}",
        "worker_class": "gthread",
        "workers": workers,
        "threads": threads,
        "graceful_timeout": 3,
        "keepalive": 30,
        "accesslog": None,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    _Server(make, options).run()
