"""Which planner the settings ask for. Only processes that plan load it."""

from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.replanner import SearchReplanner
from services.dispatch.adapters.search import Budget, SearchPlanner, check_twice
from services.dispatch.main.travel import travel_of
from services.dispatch.settings import Settings
from services.dispatch.worker import Means


def means_of(settings: Settings) -> Means:
    """How this installation plans."""
    travel, replanner = travel_of(settings), SearchReplanner.of_seconds(settings.plan_seconds)
    if not settings.plan_seconds:
        return Means(replanner=replanner, travel=travel)
    search = SearchPlanner(Insertion(), Budget.of_seconds(settings.plan_seconds))
    return Means(search, search, replanner, check_twice, travel)
