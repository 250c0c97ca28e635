"""The kiosk against Chromium in kiosk mode on an equal page, on the same display in the same
sitting, turn by turn: so load and clock speed meet both."""

import os
import shutil
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import programs
from figure import Figure, Missing, against_peer
from process import Program
from screen import Screen

WIDTH, HEIGHT = 1080, 1920
PATIENCE_S = 40
SETTLING_S = 6
PEER = "Chromium --kiosk, equal page"
MOST_OF_PEER_TIME, MOST_OF_PEER_CPU, MOST_OF_PEER_MEMORY = 0.15, 0.08, 0.12


def start(root: Path, rounds: int) -> list[Figure]:
    with stage(root) as (screen, ours, peer):
        pictures = {name: learn(screen, run) for name, run in (("ours", ours), ("peer", peer))}
        taken = {"ours": [], "peer": []}
        for _ in range(rounds):
            for name, run in (("ours", ours), ("peer", peer)):
                taken[name].append(time_start(screen, run, pictures[name]))
    ours_ms, ours_cpu = (statistics.median(column) for column in zip(*taken["ours"]))
    peer_ms, peer_cpu = (statistics.median(column) for column in zip(*taken["peer"]))
    return [
        against_peer("kiosk start to first page", ours_ms, "ms", MOST_OF_PEER_TIME, PEER, peer_ms),
        against_peer("kiosk CPU to first page", ours_cpu, "ms", MOST_OF_PEER_CPU, PEER, peer_cpu),
    ]


def memory(root: Path, _rounds: int) -> list[Figure]:
    with stage(root) as (screen, ours, peer):
        held = {}
        for name, run in (("ours", ours), ("peer", peer)):
            with run() as program:
                screen.settled(still_seconds=1, seconds=PATIENCE_S)
                time.sleep(SETTLING_S)
                if program.has_ended():
                    raise Missing(f"{name} ended before it was measured")
                held[name] = program.pss_mb()
    return [against_peer("kiosk memory (PSS)", held["ours"], "MB", MOST_OF_PEER_MEMORY, PEER, held["peer"])]


@contextmanager
def stage(root: Path):
    """A display, and for each of the two a way to start it."""
    chromium = shutil.which("chromium")
    if chromium is None or shutil.which("Xvfb") is None:
        raise Missing("chromium and Xvfb are needed (scripts/setup)")
    binary = programs.build(root, "kiosk") / "kiosk"
    with Screen(WIDTH, HEIGHT) as screen, tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        # No session bus: both would look for desktop services that a kiosk has not.
        environment = {key: value for key, value in os.environ.items() if key != "DBUS_SESSION_BUS_ADDRESS"}
        environment |= {"DISPLAY": screen.display, "SLINT_BACKEND": "winit-software", "HOME": folder}
        environment.pop("WAYLAND_DISPLAY", None)
        with open(Path(folder) / "log", "w", encoding="utf-8") as log:
            ours = [str(binary), "--data", f"{folder}/kiosk"]
            peer = chromium_command(chromium, folder, root / "tests/bench/home.html")
            yield (
                screen,
                lambda: Program(ours, environment, log),
                lambda: Program(peer, environment, log),
            )


def chromium_command(chromium: str, folder: str, page: Path) -> list[str]:
    # The offer to translate would cover a corner of the page and cost memory.
    settings = Path(folder) / "profile" / "Default" / "Preferences"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"translate": {"enabled": false}}', encoding="utf-8")
    return [
        chromium, "--kiosk", "--no-sandbox", "--no-first-run", "--disable-gpu", "--password-store=basic",
        "--disable-background-networking", "--disable-component-update",
        "--window-position=0,0", f"--window-size={WIDTH},{HEIGHT}", f"--user-data-dir={folder}/profile",
        page.as_uri(),
    ]  # fmt: skip


def learn(screen: Screen, run) -> dict:
    """What the program shows once it has come to rest, seen twice; a first run also warms caches.
    Points that differ from run to run or look like the empty display say nothing and are left out."""
    empty = screen.look(screen.grid())
    seen = []
    for _ in range(2):
        with run() as program:
            deadline = time.monotonic() + PATIENCE_S
            while screen.look(screen.grid()) == empty and time.monotonic() < deadline:
                time.sleep(0.05)
            seen.append(screen.settled(still_seconds=2, seconds=PATIENCE_S))
            if program.has_ended():
                raise Missing("a program ended before it showed its page")
        clear(screen, empty)
    first, second = seen
    picture = {p: c for p, c in first.items() if second[p] == c and empty[p] != c}
    if len(picture) < len(first) / 2:
        raise Missing(f"only {len(picture)} of {len(first)} points come to rest")
    return picture


def time_start(screen: Screen, run, picture: dict) -> tuple[float, float]:
    empty = screen.look(screen.grid())
    began = time.perf_counter()
    with run() as program:
        if not screen.wait_for(picture, PATIENCE_S):
            raise Missing("the first page did not appear")
        taken = (time.perf_counter() - began) * 1000
        result = taken, program.cpu_ms()
        time.sleep(0.5)
    clear(screen, empty)
    return result


def clear(screen: Screen, empty: dict) -> None:
    if not screen.wait_for(empty, 10):
        raise Missing("the display did not become empty again")
    time.sleep(0.3)
