"""Every template: to whom, by which purpose, and the names that its words may use. Pure."""

from dataclasses import dataclass

from services.notify.domain.messages import HOST, TEAM


@dataclass(frozen=True, slots=True)
class Entry:
    """One template; `title` and `when` are for the people who word it."""

    name: str
    title: str
    when: str
    audience: str = HOST


CATALOGUE: tuple[Entry, ...] = (
    Entry("received", "Confirmation", "A party was registered."),
    Entry("link", "Private link", "A host asked for the private link once more."),
    Entry("confirm", "Please confirm", "Seven days before, one day before and on the day."),
    Entry("window", "Planned time", "A visit is planned."),
    Entry("window_changed", "New time", "The visit comes earlier or later than said."),
    Entry("somebody_else", "Somebody else comes", "Other visitors come than were said."),
    Entry("on_the_way", "On the way", "The team has left the stop before."),
    Entry("not_coming", "Cannot come", "A planned visit falls through."),
    Entry("skipped", "Left out", "A team on its route has to leave the party out."),
    Entry("held", "Visits held", "Visits are held for the moment."),
    Entry("resumed", "Visits go on", "Visits go on after a hold."),
    Entry("called_off", "Evening called off", "The evening ends early."),
    Entry("new_date", "New date", "The evening was put off to another date."),
    Entry("thanks", "Thank you", "The morning after."),
    Entry("team_route", "Team: your route", "Some hours before the shift.", TEAM),
    Entry("team_changed", "Team: route changed", "Stops were added, dropped or moved.", TEAM),
    Entry(
        "team_next", "Team: next stop", "The team has left a stop, where the city wants it.", TEAM
    ),
)
TEMPLATES: tuple[str, ...] = tuple(entry.name for entry in CATALOGUE)
TITLES = {entry.name: entry.title for entry in CATALOGUE}
TEAM_TEMPLATES = frozenset(entry.name for entry in CATALOGUE if entry.audience == TEAM)
