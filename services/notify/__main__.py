"""`python -m services.notify <role>`."""

from services.notify import main
from shared.process import command_line

command_line(
    main.SERVICE,
    {
        "migrate": main.migrations,
        "web": main.web,
        "worker": main.worker,
        "relay": main.relay,
    },
    main.commands(),
)
