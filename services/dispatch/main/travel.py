"""Which travel times the settings ask for. Only the modules beside it use it."""

import httpx

from services.dispatch.adapters.closed_streets import ClosedStreets
from services.dispatch.adapters.great_circle import GreatCircle
from services.dispatch.adapters.osrm import Osrm
from services.dispatch.adapters.rush_hours import RushHours, rush_hours
from services.dispatch.adapters.street_times import StreetTimes
from services.dispatch.adapters.valhalla import Valhalla
from services.dispatch.ports.planning import TravelTimes
from services.dispatch.settings import Settings
from shared.env import SettingsMissing

ANSWER_SECONDS = 3.0
NO_MAP = "Closed streets are not heeded: travel times are estimated without a map."


def travel_of(settings: Settings) -> TravelTimes:
    """Travel times as the settings have them, slower in rush hours."""
    try:
        hours = rush_hours(settings.rush_hours)
    except ValueError as fault:
        raise SettingsMissing(f"Porchlight cannot start: RUSH_HOURS: {fault}.") from fault
    usual = _usual_travel(settings)
    return RushHours(usual, hours) if hours else usual


def _usual_travel(settings: Settings) -> TravelTimes:
    """Travel times by the routing server that is named, else by the estimate."""
    streets = ClosedStreets(settings.closed_streets)
    client = httpx.Client(timeout=ANSWER_SECONDS)
    if settings.osrm_url:
        return StreetTimes(Osrm(settings.osrm_url, client), GreatCircle(), streets=streets)
    if settings.valhalla_url:
        return StreetTimes(Valhalla(settings.valhalla_url, client), GreatCircle(), streets=streets)
    return GreatCircle(note=NO_MAP if settings.closed_streets else "")
