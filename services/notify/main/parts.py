"""What several of notify's processes are made of. Only the modules beside it use it."""

import os

from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.smtp import Smtp
from services.notify.ports import Senders
from services.notify.settings import Settings
from shared.clock import SystemClock
from shared.db import Pool
from shared.logs import set_up_logs

SERVICE = "notify"
CLOCK = SystemClock()


def settings_for(role: str) -> Settings:
    """The settings, with logs set up."""
    settings = Settings.read(os.environ)
    set_up_logs(f"{SERVICE}-{role}", settings.log_format)
    return settings


def make_senders(settings: Settings, pool: Pool) -> Senders:
    """The provider of each channel: the outbox, and SMTP for e-mail where it is configured."""
    sandbox = Sandbox(pool, CLOCK, settings.mail_sender, settings.outbox_dir)
    if settings.mail_server is None:
        return Senders(sandbox, sandbox)
    return Senders(sandbox, Smtp(settings.mail_server, settings.mail_sender, CLOCK))
