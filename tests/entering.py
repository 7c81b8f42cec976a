"""Signs a test's browser in at a service that takes passes, as dispatch would."""

from flask.testing import FlaskClient

from shared import passes
from shared.actor import Actor
from shared.grants import Grant

KEY = "the-key-of-a-tests-browser"


def sign_in(
    client: FlaskClient, service: str, secret: str, *roles: str, name: str = "Kim", id_: str = "1"
) -> None:
    """Give the browser a pass with roles such as 'dispatcher@pasadena'."""
    for cookie, value in cookies_of(service, secret, *roles, name=name, id_=id_).items():
        client.set_cookie(cookie, value)


def cookies_of(
    service: str, secret: str, *roles: str, name: str = "Kim", id_: str = "1"
) -> dict[str, str]:
    """The cookies of a browser with such a pass."""
    parts = (text.partition("@") for text in roles)
    actor = Actor(id_, name, grants=frozenset(Grant(city, role) for role, _, city in parts))
    text = passes.issue(secret, actor, service, passes.lock_of(KEY))
    return {f"porchlight_{service}_key": KEY, passes.cookie_of(service): text}
