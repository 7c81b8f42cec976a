"""Which planner the settings ask for. Only processes that plan load it."""

from functools import partial

from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.replanner import SearchReplanner
from services.dispatch.adapters.search import Budget, SearchPlanner, check_twice
from services.dispatch.adapters.translation import Newest
from services.dispatch.main.travel import travel_of
from services.dispatch.settings import Settings
from services.dispatch.worker import Means


def means_of(settings: Settings) -> Means:
    """How this installation plans."""
    travel, asked = travel_of(settings), Newest()
    replanner = SearchReplanner.of_seconds(settings.plan_seconds, asked)
    if not settings.plan_seconds:
        return Means(replanner=replanner, travel=travel)
    search = SearchPlanner(Insertion(), Budget.of_seconds(settings.plan_seconds))
    return Means(search, search, replanner, partial(check_twice, asked=asked), travel)
