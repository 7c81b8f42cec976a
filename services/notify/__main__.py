"""`python -m services.notify <role>`."""

from shared.process import command_line

command_line(
    "notify",
    {
        "migrate": "services.notify.main.migrate:migrate",
        "web": "services.notify.main.web:web",
        "worker": "services.notify.main.worker:worker",
        "relay": "services.notify.main.relay:relay",
        "dead-letters": "services.notify.main.worker:letters",
    },
)
