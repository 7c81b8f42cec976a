"""Reads the parts [public] and [retention] of a city's file. Only `city_file.py` uses it."""

from services.registration.domain.keeping import GROUPS, MOST_DAYS, PublicRules, Retention
from services.registration.domain.toml_table import Table


def read_public(top: Table) -> PublicRules:
    """What everybody may see."""
    if not top.has("public"):
        return PublicRules()
    table = top.table("public")
    table.only("page", "open_data")
    return PublicRules(_switch(table, "page"), _switch(table, "open_data"))


def read_retention(top: Table) -> Retention:
    """How many days after the evening what is removed."""
    if not top.has("retention"):
        return Retention()
    table = top.table("retention")
    table.only(*GROUPS)
    return Retention(
        **{name: table.whole(name, 1, MOST_DAYS) for name in GROUPS if table.has(name)}
    )


def _switch(table: Table, name: str) -> bool:
    return table.value(name, bool) if table.has(name) else False
