"""What the team's page costs a slow phone: `python -m benchmarks.team_page`.

A real installation with its sample city; a real browser, its network throttled and its processor
slowed to a quarter. Useful is when the next stop can be read; live is when the server has answered.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import httpx
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from local.stack import Stack
from shared.tokens import issue

SWITCHES = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking")
PHONE = {"width": 412, "height": 839}
SLOWER = 4
KEPT = "caches.open('porchlight-team').then(c => c.match('/team')).then(Boolean)"


@dataclass(frozen=True)
class Network:
    """Bytes a second and milliseconds of delay, as browsers' tools define them."""

    name: str
    down: float
    up: float
    delay: float


NETWORKS = (
    Network("slow 4G (1.6 Mbit/s, 150 ms)", 1.6e6 / 8, 750e3 / 8, 150),
    Network("3G (1.6 Mbit/s, 560 ms)", 1.44e6 / 8, 675e3 / 8, 560),
    Network("slow 3G (400 kbit/s, 2000 ms)", 400e3 / 8, 400e3 / 8, 2000),
)


@dataclass
class Visit:
    """One opening of the page."""

    useful: float = 0.0
    live: float = 0.0
    requests: int = 0
    size: int = 0
    at_useful: int = 0
    finished: list[tuple[float, int]] = field(default_factory=list)


def watch(context: BrowserContext, page: Page, network: Network) -> tuple[CDPSession, Visit]:
    """Slow the page down and count what it loads."""
    session, visit = context.new_cdp_session(page), Visit()
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": network.delay,
            "downloadThroughput": network.down,
            "uploadThroughput": network.up,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.on(
        "Network.loadingFinished",
        lambda event: visit.finished.append((time.monotonic(), int(event["encodedDataLength"]))),
    )
    return session, visit


def open_page(page: Page, address: str, visit: Visit) -> Visit:
    """Open the address and take the times."""
    began = time.monotonic()
    page.goto(address, wait_until="commit", timeout=120_000)
    page.wait_for_selector("#next .name", timeout=120_000)
    visit.useful = time.monotonic() - began
    page.wait_for_selector("#status[data-mode=live]", timeout=120_000)
    visit.live = time.monotonic() - began
    visit.requests = len(visit.finished)
    visit.size = sum(size for _, size in visit.finished)
    visit.at_useful = sum(size for at, size in visit.finished if at <= began + visit.useful)
    return visit


def first_and_second(browser: Browser, link: str, network: Network) -> tuple[Visit, Visit]:
    """A phone's first opening of its link, and opening the page again later."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)  # type: ignore[arg-type]  # both are known
    page = context.new_page()
    _, visit = watch(context, page, network)
    first = open_page(page, link, visit)
    deadline = time.monotonic() + 120
    while not page.evaluate(KEPT) and time.monotonic() < deadline:
        time.sleep(0.1)
    page.close()
    page = context.new_page()
    _, visit = watch(context, page, network)
    second = open_page(page, link.partition("/t/")[0] + "/team", visit)
    context.close()
    return first, second


@contextmanager
def installation() -> Iterator[tuple[str, str]]:
    """An installation with its sample city planned; a team's link and the address of dispatch."""
    own = ("REDIS_URL", "SMTP_URL")
    clean = {k: v for k, v in os.environ.items() if k not in own and "DATABASE_URL" not in k}
    folder = Path(tempfile.mkdtemp())
    with Stack(folder / "data", 23_000, empty=False, environment=clean) as stack:
        base = stack.env["DISPATCH_URL"]
        _await_plan(base, stack.env)
        words = ("team-links", "--city", "pasadena", "--team", "patrol-1")
        done = subprocess.run(
            [sys.executable, "-m", "services.dispatch", *words],
            env={**clean, **stack.env},
            capture_output=True,
            text=True,
            check=True,
        )
        yield done.stdout.split()[-1], base


def _await_plan(base: str, env: Mapping[str, str]) -> None:
    token = issue(env["SECRET_KEY"], "auditor", "pasadena", 1)
    deadline = time.monotonic() + 120
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token}"}) as client:
        while time.monotonic() < deadline:
            answer = client.get("/api/v1/cities/pasadena/board")
            if answer.status_code == 200 and answer.json()["planned"] > 5:
                return
            time.sleep(0.5)
    raise SystemExit("The sample city was not planned in time.")


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Openings; medians are printed.")
def main(rounds: int) -> None:
    """Print the table."""
    place = os.environ.get("BROWSER_PATH") or "/usr/bin/chromium"
    with installation() as (link, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=list(SWITCHES))
        click.echo(
            f"{'network':<32}{'opening':<9}{'useful':>9}{'live':>9}{'requests':>10}{'KB':>8}"
        )
        for network in NETWORKS:
            visits = [first_and_second(browser, link, network) for _ in range(rounds)]
            for number, name in enumerate(("first", "again")):
                seen = [visit[number] for visit in visits]
                useful = statistics.median(visit.useful for visit in seen)
                live = statistics.median(visit.live for visit in seen)
                requests = statistics.median(visit.requests for visit in seen)
                size = statistics.median(visit.size for visit in seen) / 1000
                click.echo(
                    f"{network.name:<32}{name:<9}{useful:>8.2f}s{live:>8.2f}s"
                    f"{requests:>10.0f}{size:>8.1f}"
                )
        browser.close()


if __name__ == "__main__":
    main()
