"""What the search found, in words a planner can pass on: ways in, what can be promised."""

from services.dispatch.adapters.drafting import Drafted
from services.dispatch.domain.drafts import Content, LeftOut, draft_figures
from services.dispatch.domain.plan import Plan
from services.dispatch.planner.forecast import Forecast
from services.dispatch.planner.reasons import Reason, WayIn


def content_of(drafted: Drafted, made: Plan) -> Content:
    """A draft as it is kept; `made` is the plan that publishing it would store."""
    return Content(
        drafted.draft,
        draft_figures(drafted.framed, drafted.problem, drafted.draft, drafted.plan.score.points),
        made.made_under,
        tuple(_left_out(drafted, made)),
        drafted.times.note,
    )


def _left_out(drafted: Drafted, made: Plan) -> list[LeftOut]:
    told = {**drafted.framed.evening.told, **made.told}
    ways = {reason.party: reason for reason in drafted.reasons()}
    found = []
    for party in drafted.framed.evening.parties:
        state = told.get(party.id)
        if state is None or state.scheduled:
            continue
        reason = ways.get(party.id)
        words = ways_in(drafted, reason) if reason and reason.ways else ""
        said = (state.reason, state.detail, words)
        found.append(LeftOut(party.id, party.code, party.address, *said))
    return found


def ways_in(drafted: Drafted, reason: Reason) -> str:
    """How a party could be visited after all."""
    names = {team.id: team.name for team in drafted.framed.evening.teams}
    only = "Only " if len(reason.able) == 1 else ""
    ways = reason.ways[:2]
    if only or len({way.team for way in ways}) == 1:
        means = " or ".join(_means(drafted, way) for way in ways)
        return f"{only}{names[ways[0].team]} could come, {means}."
    each = "; or ".join(f"{names[way.team]} could come, {_means(drafted, way)}" for way in ways)
    return f"{each}."


def _means(drafted: Drafted, way: WayIn) -> str:
    if way.drops:
        return "by dropping " + " and ".join(_place(drafted, visit) for visit in way.drops)
    if way.earlier:
        return f"by starting {way.earlier // 60} minutes earlier"
    if way.later:
        return f"by ending {way.later // 60} minutes later"
    return "by driving further than the visit is worth"


def _place(drafted: Drafted, visit: str) -> str:
    party = drafted.question.party_of[visit].id
    return next(known.address for known in drafted.framed.evening.parties if known.id == party)


def forecast_line(found: Forecast) -> str:
    """What can be promised, in one sentence."""
    now = found.now
    gains = [other.visits - now.visits for other in found.others if other.teams == now.teams + 1]
    adds = f"; one more team adds {gains[0]}" if gains else ""
    teams = "this team" if now.teams == 1 else f"these {now.teams} teams"
    return f"With {teams} you can promise {now.visits} visits{adds}."
