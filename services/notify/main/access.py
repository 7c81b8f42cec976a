"""Who may use which endpoint of notify: one row each, the first that fits holds."""

from shared.access import Door, Table, for_staff, public

READERS = "notifier dispatcher planner auditor"

ACCESS: Table = (
    *public("healthz", "readyz", "static", "*.static", "entrance.enter"),
    *for_staff(Door.SOME_CITY, READERS, "outbox.outbox", "outbox.feed"),
    *for_staff(Door.SOME_CITY, READERS, "outbox.message", "outbox.html_part"),
    *for_staff(Door.SOME_CITY, "notifier dispatcher", "outbox.address", people=True),
    *for_staff(Door.SOME_CITY, READERS, "messages_api.list_messages", "messages_api.one_message"),
    *for_staff(Door.SOME_CITY, READERS, "voice.choose", "wording.choose"),
    *for_staff(Door.CITY, READERS, "voice.settings", "voice_api.show"),
    *for_staff(Door.CITY, "notifier", "voice.change", "voice_api.change"),
    *for_staff(Door.CITY, READERS, "wording.listed", "wording.one", "wording.html_part"),
    *for_staff(Door.CITY, "notifier", "wording.change"),
    *for_staff(Door.SOME_CITY, "auditor", "audit.listed", people=True),
    *for_staff(Door.EVERY_CITY, "auditor", "letters.listed", "letters.one"),
)
