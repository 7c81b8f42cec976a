"""What the planner refuses, and the one way in which it does so."""


class InvalidProblem(ValueError):
    """A planning problem that contradicts itself; the message names the party or the team."""
