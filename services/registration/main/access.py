"""Who may use which endpoint of registration. Only what is for staff stands behind the gate."""

from shared.access import Door, Table, for_staff, own, public

ACCESS: Table = (
    *public("healthz", "readyz", "static", "*.static", "entrance.enter", "open-data.*"),
    # Hosts: the form is for everybody, a party's page asks for its private link.
    *own("pages.*", "party.*"),
    # Programs: the views look at the token themselves, for their answers are described.
    *own("parties.*", "api-docs.*"),
    *for_staff(Door.CITY, "planner dispatcher notifier", "replies.listed"),
    *for_staff(Door.CITY, "planner dispatcher", "staff_read.reveal", people=True),
    *for_staff(Door.CITY, "planner dispatcher auditor", "staff_read.*", people=True),
    *for_staff(Door.CITY, "planner", "staff.*", people=True),
    *for_staff(Door.CITY, "planner dispatcher auditor", "held.listed", people=True),
    *for_staff(Door.CITY, "planner", "held.*", people=True),
    *for_staff(Door.CITY, "planner", "imports.*", "exports.*", people=True),
    # What everybody may see and ask for.
    *public("public.*", "programmes.*"),
    *for_staff(Door.CITY, "planner", "settings.*", "retention.*", "requests.*", people=True),
    *for_staff(Door.CITY, "planner", "staff_places.*", people=True),
    *for_staff(Door.SOME_CITY, "auditor", "audit.listed", people=True),
    *for_staff(Door.EVERY_CITY, "auditor", "letters.listed", "letters.one"),
)
