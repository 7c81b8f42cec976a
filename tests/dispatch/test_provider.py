"""Signing in by OpenID Connect, with a certified provider that nobody here wrote."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from local.ports import any_free
from services.dispatch.adapters.postgres_staff import Staff
from services.dispatch.desk.people import in_words
from shared.db import Pool
from shared.env import SettingsMissing
from shared.web import make_app
from tests.conftest import ROOT, missing
from tests.dispatch.signing import SECRET, guard, person, settings_of

FOLDER = ROOT / "tools" / "oidc"
BACK = "http://localhost/sign-in/provider/back"
PEOPLE = {
    "kim": {
        "name": "Kim Lee",
        "email": "kim@example.org",
        "email_verified": True,
        "groups": ["dispatch"],
    },
    "ana": {"name": "Ana Ruiz", "email": "ana@example.org", "email_verified": True, "groups": []},
    "eve": {"name": "Eve", "email": "ana@example.org", "email_verified": False, "groups": []},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a running provider."""
    node = shutil.which("node")
    if not node or not (FOLDER / "node_modules" / "oidc-provider").is_dir():
        missing("an OpenID Connect provider: see .ci/run")
    script, port = Path(__file__).with_name("oidc_provider.mjs"), any_free()
    command = [node, str(script), str(FOLDER), str(port), BACK, json.dumps(PEOPLE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        while b"ready" not in (line := running.stdout.readline()):
            assert line, "the provider did not start"
        yield f"http://127.0.0.1:{port}"
        running.kill()


def app_of(pool: Pool, redis_url: str, issuer: str) -> Flask:
    made = make_app("services.dispatch", secret=SECRET, pool=pool, redis_url=redis_url, expects=())
    guard(
        made,
        pool,
        redis_url,
        DISPATCH_URL="http://localhost",
        OIDC_ISSUER=issuer,
        OIDC_CLIENT_ID="porchlight",
        OIDC_CLIENT_SECRET="a secret",
        OIDC_ROLES="dispatch=dispatcher@pasadena dispatch=planner@dallas",
        OIDC_NAME="Pasadena ID",
    )
    return made


@pytest.fixture
def app(pool: Pool, redis_url: str, issuer: str) -> Flask:
    return app_of(pool, redis_url, issuer)


def at_provider(client: FlaskClient, who: str) -> str:
    """Sign in at the provider as a person would; where it sends the browser back to."""
    away = client.get("/sign-in/provider?next=/account").headers["Location"]
    assert "code_challenge_method=S256" in away
    with httpx.Client() as browser:
        answer = browser.get(away)
        for _ in range(12):
            if answer.is_redirect:
                further = urljoin(str(answer.url), answer.headers["Location"])
                if further.startswith(BACK):
                    return further
                answer = browser.get(further)
                continue
            action = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)
            assert action, answer.text
            assert prompt, answer.text
            form = {"prompt": prompt[1], "login": who, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), action[1]), data=form)
    raise AssertionError("the provider did not send the browser back")


def come_back(client: FlaskClient, who: str) -> TestResponse:
    return client.get(at_provider(client, who).removeprefix("http://localhost"))


def roles(pool: Pool, email: str) -> str:
    with pool.connection() as conn:
        found = Staff(conn).by_email(email)
        return in_words(Staff(conn).grants(found.id)) if found else ""


def test_a_group_of_the_provider_gives_an_account_with_its_roles(app: Flask, pool: Pool) -> None:
    client = app.test_client()
    assert "Sign in with Pasadena ID" in client.get("/sign-in").text
    answer = come_back(client, "kim")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Kim Lee" in client.get("/account").text
    assert roles(pool, "kim@example.org") == "dispatcher in pasadena, planner in dallas"
    assert come_back(app.test_client(), "kim").status_code == 303


def test_roles_that_the_provider_no_longer_gives_are_gone_and_local_ones_stay(
    app: Flask, pool: Pool
) -> None:
    staff_id = person(pool, "auditor@pasadena", email="ana@example.org")
    with pool.connection() as conn:
        Staff(conn).set_grants(staff_id, [], "provider")
    assert come_back(app.test_client(), "ana").status_code == 303
    assert roles(pool, "ana@example.org") == "auditor in pasadena"


def test_a_person_without_a_role_is_not_let_in(app: Flask, pool: Pool) -> None:
    answer = come_back(app.test_client(), "ana")
    assert answer.status_code == 403
    assert "no role in Porchlight" in answer.text


def test_an_address_that_the_provider_did_not_check_opens_nobody_elses_account(
    app: Flask, pool: Pool
) -> None:
    person(pool, "administrator@*", email="ana@example.org")
    assert come_back(app.test_client(), "eve").status_code == 403


def test_a_disabled_account_stays_shut(app: Flask, pool: Pool) -> None:
    staff_id = person(pool, "dispatcher@pasadena", email="kim@example.org")
    with pool.connection() as conn:
        Staff(conn).set_state(staff_id, "disabled")
    assert come_back(app.test_client(), "kim").status_code == 403


def test_the_way_back_is_good_only_for_the_browser_that_left_and_once(app: Flask) -> None:
    client, other = app.test_client(), app.test_client()
    back = at_provider(client, "kim").removeprefix("http://localhost")
    at_provider(other, "kim")
    assert other.get(back).status_code == 403
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 403


@pytest.mark.parametrize("spoilt", ["nonce", "code_verifier"])
def test_nonce_and_verifier_are_checked(app: Flask, spoilt: str) -> None:
    client = app.test_client()
    back = at_provider(client, "kim").removeprefix("http://localhost")
    with client.session_transaction() as session:
        name = next(key for key in session if key.startswith("_state_"))
        session[name]["data"][spoilt] = "another" * 8
        session.modified = True
    assert client.get(back).status_code == 403


def test_a_provider_that_does_not_answer_is_said_so(pool: Pool, redis_url: str) -> None:
    client = app_of(pool, redis_url, f"http://127.0.0.1:{any_free()}").test_client()
    answer = client.get("/sign-in/provider")
    assert answer.status_code == 502
    assert "did not work" in answer.text


def test_half_a_configuration_is_refused() -> None:
    with pytest.raises(SettingsMissing, match="belong together"):
        settings_of("redis://127.0.0.1", OIDC_ISSUER="https://id.example.org")
    with pytest.raises(SettingsMissing, match="OIDC_ROLES must be like group=role@city"):
        settings_of("redis://127.0.0.1", OIDC_ROLES="dispatch=dispatcher")
