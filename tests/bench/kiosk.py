"""The kiosk against Chromium in kiosk mode on an equal page, on the same display in the same
sitting, turn by turn: so load and clock speed meet both."""

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import programs
from figure import Figure, Missing, against_peer
from process import Program
from screen import Screen

WIDTH, HEIGHT = 1080, 1920
# Where both pages have their head, greeting and foot. The tiles are left out: they tell what works,
# which changes while devices and center are found.
POINTS = [
    (x, y) for x in range(40, WIDTH, 100) for y in (*range(20, 176, 26), *range(250, 460, 30), *range(1780, 1910, 20))
]
PATIENCE_S = 40
# Any Ed25519 key will do, as nothing is sent here: that of RFC 8032, 7.1, test 1.
RECEIPT_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
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
                screen.settled(POINTS, still_seconds=1, seconds=PATIENCE_S)
                time.sleep(SETTLING_S)
                if program.has_ended():
                    raise Missing(f"{name} ended before it was measured")
                held[name] = program.pss_mb()
    return [against_peer("kiosk memory (PSS)", held["ours"], "MB", MOST_OF_PEER_MEMORY, PEER, held["peer"])]


@contextmanager
def stage(root: Path):
    """A display, a center for the kiosk to be the kiosk of, and for each of the two a way to start."""
    chromium = shutil.which("chromium")
    if chromium is None or shutil.which("Xvfb") is None:
        raise Missing("chromium and Xvfb are needed (scripts/setup)")
    center = programs.build(root, "center") / "center"
    binary = programs.build(root, "kiosk", "--package", "device-worker") / "kiosk"
    with Screen(WIDTH, HEIGHT) as screen, tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        # No session bus: both would look for desktop services that a kiosk has not.
        environment = {key: value for key, value in os.environ.items() if key != "DBUS_SESSION_BUS_ADDRESS"}
        environment |= {"DISPLAY": screen.display, "SLINT_BACKEND": "winit-software", "HOME": folder}
        environment.pop("WAYLAND_DISPLAY", None)
        log = open(Path(folder) / "log", "w+", encoding="utf-8")
        told = open(Path(folder) / "center.log", "w+", encoding="utf-8")
        served = [str(center), "--config", center_settings(root, folder)]
        with log, told, Program(served, environment, told) as hall:
            address = (hall.first_line(told) or "").partition("listening on ")[2]
            if not address:
                raise Missing("the center did not start")
            ours = [str(binary), "--config", kiosk_settings(folder, address)]
            peer = chromium_command(chromium, folder, root / "tests/bench/home.html")
            yield (
                screen,
                lambda: Program(ours, environment, log),
                lambda: Program(peer, environment, log),
            )


def center_settings(root: Path, folder: str) -> str:
    """The example a center begins with, on a free port and with its data out of the way."""
    text = (root / "config/center.example.toml").read_text(encoding="utf-8")
    text = re.sub(r'(?m)^listen = ".*"$', 'listen = "127.0.0.1:0"', text)
    text = re.sub(r'(?m)^data_dir = ".*"$', f'data_dir = "{folder}/center"', text)
    return written(folder, "center.toml", text)


def kiosk_settings(folder: str, center: str) -> str:
    """A machine's own file: no devices and no province, a window of the display's size (no window
    manager is there to stretch it)."""
    keys = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True, timeout=10).stdout
    public = keys.partition("# public key: ")[2].split()[0]
    return written(
        folder,
        "kiosk.toml",
        f"""
        kiosk.id = "bench"
        center.url = "{center}/"
        province.url = "http://127.0.0.1:9/"
        province.sealing_key = "{public}"
        province.receipt_keys = ["{RECEIPT_KEY}"]
        storage.folder = "{folder}/kiosk"
        screen.full_screen = false
        """,
    )


def written(folder: str, name: str, text: str) -> str:
    file = Path(folder) / name
    file.write_text(text, encoding="utf-8")
    return str(file)


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
    empty = screen.look(POINTS)
    seen = []
    for _ in range(2):
        with run() as program:
            deadline = time.monotonic() + PATIENCE_S
            while screen.look(POINTS) == empty and time.monotonic() < deadline:
                time.sleep(0.05)
            seen.append(screen.settled(POINTS, still_seconds=2, seconds=PATIENCE_S))
            if program.has_ended():
                raise Missing("a program ended before it showed its page")
        clear(screen, empty)
    first, second = seen
    picture = {p: c for p, c in first.items() if second[p] == c and empty[p] != c}
    if len(picture) < len(first) / 2:
        raise Missing(f"only {len(picture)} of {len(first)} points come to rest")
    return picture


def time_start(screen: Screen, run, picture: dict) -> tuple[float, float]:
    empty = screen.look(POINTS)
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
