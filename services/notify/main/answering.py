"""What the web process needs for texts that come in, and for staff's answers to them."""

from flask import Flask

from services.notify.adapters.consent import PostgresLedger
from services.notify.adapters.leaving import LEFT, LeaveLinks, Leaver, Letterhead, letterhead
from services.notify.adapters.reading import Reading
from services.notify.adapters.reply_words import TemplateReplies
from services.notify.answer_ports import LedgerEntry
from services.notify.desk.inbox import Inbox
from services.notify.desk.receiving import Reception
from services.notify.main.parts import CLOCK
from services.notify.pages.as_host import Pretence, as_host_pages
from services.notify.pages.inbox import inbox_pages
from services.notify.pages.leaving import leaving_pages
from services.notify.settings import Settings
from services.notify.webhooks.guard import Guard
from services.notify.webhooks.twilio_inbound import twilio_inbound_webhook
from shared.db import Pool
from shared.work import begin

ONE_CLICK = "unsubscribed by the link in an e-mail"


def add_answers(app: Flask, settings: Settings, pool: Pool, reading: Reading) -> None:
    """Register the webhook, the inbox, the unsubscribe page and the try-out."""
    words = TemplateReplies()
    reception = Reception(pool, CLOCK, words)
    tokens = settings.twilio_tokens
    app.register_blueprint(
        twilio_inbound_webhook(tokens, settings.url, Guard(), reception.take, CLOCK)
    )
    app.register_blueprint(inbox_pages(Inbox(pool, CLOCK, words), reading))
    app.register_blueprint(as_host_pages(Pretence(pool, CLOCK, reading, reception.take)))

    def leave(leaver: Leaver, head: Letterhead) -> None:
        with begin(pool, CLOCK) as work:
            for purpose in LEFT:
                where = (head.city, "email", leaver.address, purpose)
                entry = LedgerEntry(*where, True, ONE_CLICK, "link")
                PostgresLedger(work.conn).opt_out(entry, work.now)

    links = LeaveLinks(settings.secret, settings.url)
    app.register_blueprint(leaving_pages(links, lambda leaver: letterhead(pool, leaver), leave))
