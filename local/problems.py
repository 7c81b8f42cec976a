"""The one error that a user may see: a sentence that says what to do."""


class Problem(Exception):
    """Printed as it is, without a stack trace; the command then ends with code 2."""
