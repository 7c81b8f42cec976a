"""The verbs of a planner, handed on to dispatch as they are; `cli.py` adds them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from local import running, settings

VERBS = {
    "policy": (
        "Whom a city's plans favour: show and change its policies.",
        {
            "show": "Show the policies with their effect on the plan that holds.",
            "set": "Change policies: NAME=VALUE, NAME.KEY=VALUE.",
            "history": "Import from CSV when blocks were last visited.",
        },
    ),
    "edit": (
        "Decisions by hand that every plan keeps.",
        {
            "list": "List the edits, with those that can no longer hold and why.",
            "pin": "Have a party visited: PARTY [--team T] [--from 18:30] [--to 19:00].",
            "forbid": "Have a party not visited: PARTY [--team T].",
            "lock": "Have a team visit parties in this order: TEAM PARTY... [--only].",
            "withdraw": "Take an edit back: ID.",
        },
    ),
    "draft": (
        "Drafts of a city's plan by name; `plan --save NAME` makes one.",
        {
            "list": "List the drafts, the newest first.",
            "show": "Show a draft, its policies, and why parties are left out: NAME.",
            "compare": "Show two drafts side by side: NAME NAME (current: the plan that holds).",
            "finalize": "Let a draft become the plan that holds: NAME.",
            "rebase": "Have a draft made anew on the present city: NAME.",
            "drop": "Forget a draft: NAME.",
            "check": "Check a plan made by hand: FILE (CSV: team,party).",
        },
    ),
}


def _group(name: str) -> click.Group:
    summary, verbs = VERBS[name]
    group = click.Group(name, help=summary)
    for verb, words in verbs.items():
        group.add_command(_passed_on(name, verb, words))
    return group


def _passed_on(name: str, verb: str, words: str) -> click.Command:
    @click.command(verb, help=words, context_settings={"ignore_unknown_options": True})
    @click.option("--city", required=True, help="Short name of the city.")
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    @click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=settings.default_data,
        show_default="<checkout>/.porchlight",
        help="Folder that holds everything.",
    )
    def act(city: str, arguments: tuple[str, ...], data: Path) -> None:
        asked = (name, verb, "--city", city, *arguments)
        running.become("dispatch", asked, running.environment(data, os.environ))

    return act


PLANNING_VERBS = tuple(_group(name) for name in VERBS)
