"""`python -m services.registration ROLE`: one role of registration, or one command."""

import os

from services.registration import main
from services.registration.commands.cities import city
from services.registration.commands.sheets import export_parties, import_parties
from shared import dead_letters_cli
from shared.process import command_line

command_line(
    main.SERVICE,
    {"migrate": main.migrate, "web": main.web, "worker": main.worker, "relay": main.relay},
    (
        city,
        import_parties,
        export_parties,
        dead_letters_cli.commands(
            main.SERVICE,
            lambda: os.environ.get("REGISTRATION_DATABASE_URL", ""),
            main.make_inbox,
        ),
    ),
)
