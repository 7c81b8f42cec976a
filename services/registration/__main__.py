"""`python -m services.registration ROLE`: one role of registration, or one command."""

from shared.process import command_line

command_line(
    "registration",
    {
        "migrate": "services.registration.main.migrate:migrate",
        "web": "services.registration.main.web:web",
        "worker": "services.registration.main.worker:worker",
        "relay": "services.registration.main.relay:relay",
        "city": "services.registration.commands.cities:city",
        "areas": "services.registration.commands.areas:areas",
        "addresses": "services.registration.commands.addresses:addresses",
        "import": "services.registration.commands.sheets:import_parties",
        "export": "services.registration.commands.sheets:export_parties",
        "purge": "services.registration.commands.purging:purge",
        "dead-letters": "services.registration.main.worker:letters",
    },
)
