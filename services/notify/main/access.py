"""Who may use which endpoint of notify: one row each, the first that fits holds."""

from shared.access import Door, Table, for_staff, public, sealed

READERS = "notifier dispatcher planner auditor"
ACTORS = "notifier dispatcher"

ACCESS: Table = (
    *public("healthz", "readyz", "static", "*.static", "entrance.enter"),
    *for_staff(Door.SOME_CITY, READERS, "outbox.outbox", "outbox.feed"),
    *for_staff(Door.SOME_CITY, READERS, "outbox.message", "outbox.html_part"),
    *for_staff(Door.SOME_CITY, "notifier dispatcher", "outbox.address", people=True),
    *for_staff(Door.SOME_CITY, READERS, "messages_api.list_messages", "messages_api.one_message"),
    *sealed("twilio_status.status", "sns.told"),
    *for_staff(Door.SOME_CITY, READERS, "providers_api.list_providers"),
    *for_staff(Door.CITY, READERS, "delivery.page", people=True),
    *for_staff(Door.CITY, "notifier dispatcher", "delivery.add", people=True),
    *for_staff(Door.CITY, "notifier dispatcher", "delivery.verify", people=True),
    *for_staff(Door.CITY, "notifier dispatcher", "delivery.remove", people=True),
    *for_staff(Door.CITY, "", "delivery.switch", "delivery.numbers", people=True),
    # --- what comes back ---
    *sealed("twilio_inbound.written", "leaving.left"),
    *public("leaving.ask"),
    *for_staff(Door.SOME_CITY, READERS, "inbox.first"),
    *for_staff(Door.CITY, READERS, "inbox.listed", "inbox.feed", "inbox.one", "inbox.thread"),
    *for_staff(Door.CITY, ACTORS, "inbox.*", people=True),
    *for_staff(Door.SOME_CITY, ACTORS, "as_host.write", people=True),
    *for_staff(Door.CITY, ACTORS, "as_host.api"),
    # --- staff pages ---
    *for_staff(Door.SOME_CITY, READERS, "frame.go", "frame.needs"),
    *for_staff(Door.SOME_CITY, READERS, "messages.listed", "messages.feed"),
    *for_staff(Door.CITY, READERS, "messages.thread", "messages.thread_feed"),
    *for_staff(Door.CITY, READERS, "failures.listed", "failures.feed"),
    *for_staff(Door.CITY, ACTORS, "failures.again", "failures.undo", people=True),
    *for_staff(Door.CITY, ACTORS, "failures.arrived", "failures.send_again", people=True),
    *for_staff(Door.CITY, READERS, "calls.listed"),
    *for_staff(Door.CITY, ACTORS, "calls.number", "calls.sheet", people=True),
    *for_staff(Door.CITY, ACTORS, "calls.close", "calls.reopen", people=True),
    *for_staff(Door.CITY, READERS, "opt_outs.listed", "opt_outs.history"),
    *for_staff(Door.CITY, ACTORS, "opt_outs.add", "opt_outs.reveal", people=True),
    *for_staff(Door.CITY, ACTORS, "opt_outs.take_back", people=True),
    *for_staff(Door.CITY, READERS, "broadcasts.listed", "broadcasts.one"),
    *for_staff(Door.CITY, READERS, "broadcasts.progress", "broadcasts.people"),
    *for_staff(Door.CITY, "", "broadcasts.settle_limit", people=True),
    *for_staff(Door.CITY, ACTORS, "broadcasts.*", people=True),
    *for_staff(Door.SOME_CITY, READERS, "voice.choose", "wording.choose"),
    *for_staff(Door.CITY, READERS, "voice.settings", "voice_api.show"),
    *for_staff(Door.CITY, "notifier", "voice.change", "voice_api.change"),
    *for_staff(Door.CITY, READERS, "wording.listed", "wording.one", "wording.html_part"),
    *for_staff(Door.CITY, "notifier", "wording.change"),
    *for_staff(Door.SOME_CITY, "auditor", "audit.listed", people=True),
    *for_staff(Door.EVERY_CITY, "auditor", "letters.listed", "letters.one"),
)
