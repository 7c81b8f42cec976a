"""The providers that the settings name, in their order. Only the modules beside it use it."""

from dataclasses import replace

from services.notify.adapters.aws import Ses, Sns
from services.notify.adapters.leaving import LeaveLinks
from services.notify.adapters.mail import Sender
from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.smtp import Smtp
from services.notify.adapters.twilio import Twilio
from services.notify.domain.pace import Pace
from services.notify.main.parts import CLOCK
from services.notify.ports.senders import EmailSender, Senders, SmsSender
from services.notify.settings import Settings
from shared.db import Pool


def make_senders(settings: Settings, pool: Pool) -> Senders:
    """The providers of each channel; where none is named, the outbox."""
    outbox = Sandbox(pool, CLOCK, settings.mail_sender, settings.outbox_dir)
    sms = [_sms(name, settings, outbox) for name in settings.sms_providers] or [outbox]
    email = [_email(name, settings, outbox) for name in settings.email_providers] or [outbox]
    return Senders(sms[0], email[0], tuple(sms[1:]), tuple(email[1:]), outbox)


def make_paces(settings: Settings) -> tuple[Pace, ...]:
    """How fast each provider takes messages."""
    twilio = settings.twilio.senders if settings.twilio else ("",)
    return (
        Pace("twilio", twilio, settings.sms_rate),
        Pace("sns", settings.sns_senders or ("",), settings.sms_rate),
        Pace("ses", ("",), settings.email_rate, texts=False),
        Pace("smtp", ("",), settings.email_rate, texts=False),
    )


def _sms(name: str, settings: Settings, outbox: Sandbox) -> SmsSender:
    if name == "twilio" and settings.twilio:
        return Twilio(settings.twilio, CLOCK)
    if name == "sns" and settings.aws:
        return Sns(settings.aws)
    return outbox


def _email(name: str, settings: Settings, outbox: Sandbox) -> EmailSender:
    if name == "smtp" and settings.mail_server:
        return Smtp(settings.mail_server, _sender(settings), CLOCK)
    if name == "ses" and settings.aws:
        return Ses(settings.aws, _sender(settings), CLOCK)
    return outbox


def _sender(settings: Settings) -> Sender:
    links = LeaveLinks(settings.secret, settings.url)
    return replace(settings.mail_sender, leave_url=links.unsubscribe_url)
