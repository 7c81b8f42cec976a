"""Which planner and which travel times the settings ask for. Only the modules beside it use it."""

import httpx

from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.insertion import Insertion
from services.dispatch.adapters.osrm import Osrm
from services.dispatch.adapters.replanner import SearchReplanner
from services.dispatch.adapters.search import Budget, SearchPlanner, check_twice
from services.dispatch.adapters.street_times import StreetTimes
from services.dispatch.adapters.valhalla import Valhalla
from services.dispatch.ports import TravelTimes
from services.dispatch.settings import Settings
from services.dispatch.worker import Means

ANSWER_SECONDS = 3.0


def means_of(settings: Settings) -> Means:
    """How this installation plans."""
    travel = travel_of(settings)
    if not settings.plan_seconds:
        return Means(travel=travel)
    search = SearchPlanner(Insertion(), Budget.of_seconds(settings.plan_seconds))
    replanner = SearchReplanner.of_seconds(settings.plan_seconds)
    return Means(search, search, replanner, check_twice, travel)


def travel_of(settings: Settings) -> TravelTimes:
    """Travel times by the routing server that is named, else by the estimate."""
    estimate = GreatCircle()
    client = httpx.Client(timeout=ANSWER_SECONDS)
    if settings.osrm_url:
        return StreetTimes(Osrm(settings.osrm_url, client), estimate)
    if settings.valhalla_url:
        return StreetTimes(Valhalla(settings.valhalla_url, client), estimate)
    return estimate
