"""Who may use which endpoint of notify: one row each, the first that fits holds."""

from shared.access import Door, Table, for_staff, public, sealed

READERS = "notifier dispatcher planner auditor"

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
    *for_staff(Door.CITY, "", "delivery.switch", people=True),
    *for_staff(Door.SOME_CITY, "auditor", "audit.listed", people=True),
    *for_staff(Door.EVERY_CITY, "auditor", "letters.listed", "letters.one"),
)
