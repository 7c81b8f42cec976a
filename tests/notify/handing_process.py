"""A process that hands over to a Twilio at the address it is given, until it is killed."""

import sys
import time
from datetime import timedelta
from functools import partial

from services.notify.adapters.mail import Sender
from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.shifts import open_shift
from services.notify.adapters.twilio import Twilio
from services.notify.adapters.watch import ProviderWatch
from services.notify.domain.codes import CodeMaker
from services.notify.domain.messages import Claimant
from services.notify.handlers.handing_over import hand_over, settle_stranded
from services.notify.ports.handing import Office
from services.notify.ports.senders import Senders
from shared.clock import SystemClock
from shared.db import open_pool
from shared.ids import new_id
from tests.notify.peers import account_at

CLOCK = SystemClock()


def run(database: str, provider: str) -> None:
    with open_pool(database, name="dying") as pool:
        listed = timedelta(seconds=1)
        twilio = Twilio(account_at(provider), CLOCK, timeout=2, at_once=1, listed_within=listed)
        outbox = Sandbox(pool, CLOCK, Sender("nno@example.org"), None)
        senders = Senders(twilio, outbox, outbox=outbox)
        opened = partial(open_shift, pool, CLOCK)
        office = Office(
            opened,
            senders,
            Claimant("dying", new_id()),
            ProviderWatch(CLOCK),
            CodeMaker("a secret"),
        )
        while True:
            settle_stranded(office)
            if not hand_over("bulk", office, most=3):
                time.sleep(0.05)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
