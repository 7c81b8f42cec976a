"""What every process of dispatch begins with. Only the modules beside it use it."""

import os

from services.dispatch.settings import Settings
from shared.logs import set_up_logs

SERVICE = "dispatch"


def settings_for(role: str) -> Settings:
    """The settings, with logs set up."""
    settings = Settings.read(os.environ)
    set_up_logs(f"{SERVICE}-{role}", settings.log_format)
    return settings
