"""What several of notify's processes are made of. Only the modules beside it use it."""

import os

from services.notify.settings import Settings
from shared.clock import SystemClock
from shared.logs import set_up_logs

SERVICE = "notify"
CLOCK = SystemClock()


def settings_for(role: str) -> Settings:
    """The settings, with logs set up."""
    settings = Settings.read(os.environ)
    set_up_logs(f"{SERVICE}-{role}", settings.log_format)
    return settings
