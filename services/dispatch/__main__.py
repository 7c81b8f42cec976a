"""`python -m services.dispatch ROLE`."""

from shared.process import command_line

command_line(
    "dispatch",
    {
        "migrate": "services.dispatch.main.migrate:migrate",
        "web": "services.dispatch.main.web:web",
        "worker": "services.dispatch.main.worker:worker",
        "planner": "services.dispatch.main.planner:planner",
        "relay": "services.dispatch.main.relay:relay",
        "roster": "services.dispatch.commands.roster:roster",
        "plan": "services.dispatch.commands.plan:plan",
        "streets": "services.dispatch.commands.streets:streets",
        "policy": "services.dispatch.commands.policy:policy",
        "edit": "services.dispatch.commands.edit:edit",
        "draft": "services.dispatch.commands.draft:draft",
        "team-links": "services.dispatch.commands.team_links:team_links",
        "staff": "services.dispatch.commands.staff:staff",
        "dead-letters": "services.dispatch.main.worker:letters",
    },
)
