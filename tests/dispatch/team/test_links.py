"""Links for one team and shift: they open one page, end, can be ended, and are told to nobody."""

import logging
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
import structlog
from click.testing import CliRunner

from services.dispatch.adapters.team_tokens import TeamTokens
from services.dispatch.commands.team_links import team_links
from services.dispatch.domain.shift_links import GRACE
from services.dispatch.field_desk import FieldDesk
from services.dispatch.fieldwork.links import LinkEnded
from shared.db import Pool
from shared.tokens import issue
from tests.dispatch.signing import SECRET
from tests.dispatch.team.conftest import SHIFT, WatchClock

LINKS = "/api/v1/cities/pasadena/team-links"


def test_a_link_sets_a_cookie_that_scripts_cannot_read_and_leads_to_the_page(
    client: httpx.Client, link: str
) -> None:
    answer = client.get(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/team?opened=1")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/team" in cookie
    assert answer.headers["cache-control"] == "no-store"
    page = client.get("/team")
    assert page.status_code == 200
    assert "Patrol 1" in page.text
    assert link.removeprefix("/t/") not in page.text


def test_two_phones_of_a_team_may_open_one_link(client: httpx.Client, link: str) -> None:
    secrets = {client.get(link).cookies["team"] for _ in range(2)}
    assert len(secrets) == 2
    (found,) = client.get(LINKS).json()["links"]
    assert found["phones"] == 2


def test_the_database_holds_neither_tokens_nor_cookies(
    client: httpx.Client, link: str, pool: Pool
) -> None:
    cookie = client.get(link).cookies["team"]
    with pool.connection() as conn:
        rows = conn.execute("select l::text || p::text from team_links l, team_phones p").fetchall()
    assert rows
    for text in (link.removeprefix("/t/"), cookie):
        assert all(text not in str(row) for row in rows)


@pytest.mark.parametrize("path", ["/t/guess", "/t/" + TeamTokens("other" * 8, "").token("0" * 32)])
def test_a_token_that_is_not_ours_opens_nothing(client: httpx.Client, path: str, link: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert client.head(path).status_code == 404
    assert "ask dispatch for a new one" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_revoked_link_ends_every_phone_at_once(
    client: httpx.Client, phone: httpx.Client, link: str
) -> None:
    assert phone.get("/team/state").status_code == 200
    (found,) = client.get(LINKS).json()["links"]
    assert client.delete(f"{LINKS}/{found['id']}").status_code == 204
    assert phone.get("/team/state").status_code == 410
    assert phone.post("/team/taps", json={}).status_code == 410
    assert phone.get("/team").status_code == 410
    assert client.get(link).status_code == 410
    assert client.get(LINKS).json()["links"] == []
    (kept,) = client.get(LINKS, params={"all": "1"}).json()["links"]
    assert kept["revoked_at"]
    assert client.delete(f"{LINKS}/nothing").status_code == 404


def test_a_link_ends_with_its_shift_and_a_grace(
    phone: httpx.Client, desk: FieldDesk, watch: WatchClock, link: str
) -> None:
    watch.ahead = SHIFT.closes + GRACE - timedelta(minutes=1) - desk.clock.now()
    assert phone.get("/team/state").json()["on_duty"] is False
    watch.ahead += timedelta(minutes=2)
    assert phone.get("/team/state").status_code == 410
    with pytest.raises(LinkEnded):
        desk.open_link(link.removeprefix("/t/"))


def test_a_link_that_holds_is_given_again_unless_it_is_renewed(client: httpx.Client) -> None:
    first = client.post(LINKS).json()["links"]
    assert [each["team_id"] for each in first] == ["t1", "t2"]
    again = client.post(LINKS, json={"teams": ["t1"]}).json()["links"]
    assert again == first[:1]
    renewed = client.post(LINKS, json={"teams": ["t1"], "renew": True}).json()["links"]
    assert renewed[0]["id"] != first[0]["id"]
    assert client.get(first[0]["url"].removeprefix("http://127.0.0.1")).status_code == 410


@pytest.mark.parametrize(
    ("body", "status"),
    [({"teams": ["t9"]}, 422), ({"teams": "t1"}, 422), ([], 422), ({"renew": 1}, 422)],
)
def test_wishes_that_make_no_sense_are_refused_by_field(
    client: httpx.Client, body: object, status: int
) -> None:
    answer = client.post(LINKS, json=body)
    assert answer.status_code == status
    assert answer.json()["errors"]["teams"]


def test_an_unknown_city_is_a_problem(client: httpx.Client) -> None:
    everywhere = {"Authorization": f"Bearer {issue(SECRET, 'planner', '*', 1)}"}
    for method in ("GET", "POST"):
        path = "/api/v1/cities/nowhere/team-links"
        answer = client.request(method, path, headers=everywhere)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_no_token_and_no_cookie_is_ever_logged(
    client: httpx.Client, link: str, desk: FieldDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    keeper = Keeper()
    logging.getLogger().addHandler(keeper)
    with structlog.testing.capture_logs() as logged:
        cookie = client.get(link).cookies["team"]
        monkeypatch.setattr(FieldDesk, "open_link", _broken)
        assert client.get(link).status_code == 500
    logging.getLogger().removeHandler(keeper)
    said = f"{logged}"
    assert "a request failed" in said
    # The server of these tests logs addresses; the one that the product runs has no access log.
    ours = [line for line in lines if "HTTP/1.1" not in line]
    for text in (link.removeprefix("/t/"), cookie):
        assert text not in said
        assert all(text not in line for line in ours)


def _broken(*_: object) -> None:
    raise RuntimeError("something broke")


def test_the_sheet_shows_a_code_for_each_team_and_makes_and_ends_links(
    client: httpx.Client,
) -> None:
    assert client.get("/pasadena/team-links").text.count("<svg") == 0
    assert client.post("/pasadena/team-links").status_code == 303
    sheet = client.get("/pasadena/team-links").text
    assert sheet.count("<svg") == 2
    assert " style=" not in sheet
    assert "sin aplicación" in sheet
    (link, _) = client.get(LINKS).json()["links"]
    client.post("/pasadena/team-links", data={"team": link["team_id"], "revoke": link["id"]})
    assert client.get("/pasadena/team-links").text.count("<svg") == 1
    everywhere = {"Authorization": f"Bearer {issue(SECRET, 'planner', '*', 1)}"}
    assert client.get("/nowhere/team-links", headers=everywhere).status_code == 404


@pytest.fixture
def run(
    url: str, desk: FieldDesk, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Runs the command on the test's database."""
    given = {"DISPATCH_DATABASE_URL": url, "REDIS_URL": "redis://", "SECRET_KEY": "k" * 32}
    for name, value in {**given, "DISPATCH_URL": "https://dispatch.example.org/"}.items():
        monkeypatch.setenv(name, value)

    def command(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(team_links, list(words))
        return done.exit_code, done.output

    return command


def test_the_command_prints_links_and_writes_a_sheet(
    run: Callable[..., tuple[int, str]], client: httpx.Client, tmp_path: object
) -> None:
    sheet = f"{tmp_path}/sheet.svg"
    code, said = run("--city", "pasadena", "--svg", sheet, "--qr", "--team", "t1")
    assert code == 0, said
    assert "Patrol 1" in said
    assert "█" in said or "▀" in said
    address = said.split("https://dispatch.example.org")[1].split()[0]
    assert client.get(address).status_code == 303
    with open(sheet, encoding="utf-8") as file:
        assert file.read().count("<svg") == 2
    code, said = run("--city", "nowhere")
    assert (code, "There is no city 'nowhere'." in said) == (1, True)
