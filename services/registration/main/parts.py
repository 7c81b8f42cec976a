"""What every process of registration begins with. Only the modules beside it use it."""

import os

from services.registration.settings import Settings
from shared.logs import set_up_logs

SERVICE = "registration"


def settings_for(process: str) -> Settings:
    """The settings, with logs set up."""
    settings = Settings.read(os.environ)
    set_up_logs(f"{SERVICE}-{process}", settings.log_format)
    return settings
