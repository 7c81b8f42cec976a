"""Real routing servers, started from the programs in tools/ on a small real map."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.conftest import ROOT, missing
from tests.night import free_ports
from tests.waiting import eventually

TOOLS = ROOT / "tools"

# Ids below zero are a map editor's; neither engine reads them.
RENUMBER = """
import sys, osmium
FAR = 10**10
source, target = sys.argv[1:]
with osmium.SimpleWriter(target) as out:
    for thing in osmium.FileProcessor(source):
        if thing.is_node():
            out.add_node(thing.replace(id=thing.id + FAR))
        elif thing.is_way():
            nodes = [node.ref + FAR for node in thing.nodes]
            out.add_way(thing.replace(id=thing.id + FAR, nodes=nodes))
"""


def tool(path: str) -> Path:
    """A program that `.ci/run` installs."""
    found = TOOLS / path
    if not found.exists():
        missing(f"{path} in tools/ (see CONTRIBUTING.md)")
    return found


def usable_map(reference: Path, folder: Path) -> Path:
    """The centre of Portland with ids that both engines take."""
    tool("osmium")
    made = folder / "map.osm.pbf"
    source = reference / "data" / "portland_central.osm.pbf"
    paths = {**os.environ, "PYTHONPATH": str(TOOLS)}
    run(sys.executable, "-c", RENUMBER, str(source), str(made), env=paths)
    return made


def run(*command: str, env: dict[str, str] | None = None) -> str:
    """What the command prints; its complaints where it fails."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


@contextmanager
def osrm(streets: Path) -> Iterator[str]:
    """The address of an OSRM server."""
    programs = tool("osrm/bin/osrm-routed").parent
    network = str(streets).removesuffix(".osm.pbf") + ".osrm"
    profile = str(tool("osrm/share/profiles/car.lua"))
    run(str(programs / "osrm-extract"), "--threads", "1", "-p", profile, str(streets))
    run(str(programs / "osrm-partition"), "--threads", "1", network)
    run(str(programs / "osrm-customize"), "--threads", "1", network)
    port = free_ports()
    listen = ("--ip", "127.0.0.1", "--port", str(port), "--threads", "1", "--algorithm", "mld")
    with served((str(programs / "osrm-routed"), *listen, network)):
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(f"{url}/nearest/v1/driving/-122.67,45.52"))
        yield url


@contextmanager
def valhalla(streets: Path) -> Iterator[str]:
    """The address of a Valhalla server."""
    programs = tool("valhalla/bin/valhalla_service").parent
    folder = streets.parent
    port = free_ports()
    config = folder / "valhalla.json"
    config.write_text(json.dumps(_valhalla_settings(folder, port)))
    run(str(programs / "valhalla_build_tiles"), "-j", "1", "-c", str(config), str(streets))
    with served((str(programs / "valhalla_service"), str(config), "1")):
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(f"{url}/status"))
        yield url


def _valhalla_settings(folder: Path, port: int) -> dict[str, object]:
    """The usual settings, with files and sockets in the test's own folder."""
    script = str(tool("valhalla/valhalla_build_config.py"))
    settings = json.loads(run(sys.executable, script))
    tiles = str(folder / "tiles")
    settings["mjolnir"] |= {"tile_dir": tiles, "tile_extract": "", "admin": "", "timezone": ""}
    sockets = {name: f"ipc://{folder / name}" for name in ("loopback", "interrupt")}
    settings["httpd"]["service"] |= {"listen": f"tcp://127.0.0.1:{port}", **sockets}
    for part in ("loki", "thor", "odin"):
        settings[part]["service"]["proxy"] = f"ipc://{folder / part}"
    return dict(settings)


@contextmanager
def served(command: tuple[str, ...]) -> Iterator[None]:
    """Runs a server until the context ends."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            yield
        finally:
            running.kill()


def answers(url: str) -> bool:
    """Whether a server gives a good answer."""
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
