"""Signs a test's browser in at a service that takes passes, as dispatch would."""

from flask.testing import FlaskClient

from shared import passes
from shared.actor import Actor
from shared.grants import Grant

KEY = "the key of a test's browser"


def sign_in(client: FlaskClient, service: str, secret: str, *roles: str, name: str = "Kim") -> None:
    """Give the browser a pass with roles such as 'dispatcher@pasadena'."""
    parts = (text.partition("@") for text in roles)
    actor = Actor("1", name, grants=frozenset(Grant(city, role) for role, _, city in parts))
    text = passes.issue(secret, actor, service, passes.lock_of(KEY))
    client.set_cookie(f"porchlight_{service}_key", KEY)
    client.set_cookie(passes.cookie_of(service), text)
