"""Measures motcua: `scripts/bench [name…]`, all benches without a name.

Prints a table and appends one JSON line per figure to target/bench.jsonl. A bench that cannot be
run is named as missing and fails the call; a target that is not met is shown, not hidden.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import codes
import kiosk
import programs
import uploads
from figure import Missing, table

ROOT = Path(__file__).resolve().parents[2]

# What must be there; every other cargo example called *_bench is a bench too.
BENCHES = {
    "start": ("kiosk's cold start to the first painted page, against Chromium", kiosk.start),
    "memory": ("kiosk's memory at the home page, against Chromium", kiosk.memory),
    "lab": ("touch to printer, submit to received, on the lab", programs.lab),
    "workers": ("a page, a call and a restart through a device worker", programs.workers),
    "codes": ("codes read from pictures, on the development set and on a fresh one", codes.measure),
    "queue": ("tickets and calls per CPU-second", programs.example("queue_bench")),
    "intake": ("verified uploads per CPU-second, against @tus/server", uploads.measure),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        epilog="benches: " + "; ".join(f"{name}: {what}" for name, (what, _) in BENCHES.items()),
    )
    parser.add_argument("name", nargs="*", help="which benches to run; all without a name")
    parser.add_argument("--rounds", type=int, default=9, help="how often each start is measured")
    arguments = parser.parse_args()
    benches = programs.examples(ROOT) | BENCHES
    if unknown := [name for name in arguments.name if name not in benches]:
        parser.error(f"no bench is called {', '.join(unknown)}; there are {', '.join(benches)}")

    commit = git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")
    figures, missing = [], []
    for name in arguments.name or benches:
        what, measure = benches[name]
        print(f"\n== {name}: {what}", file=sys.stderr)
        try:
            measured = measure(ROOT, arguments.rounds)
        except Missing as reason:
            missing.append(f"{name}: {reason}")
            continue
        figures += measured
        keep(measured, f"scripts/bench {name}", commit)

    if figures:
        print(table(figures))
    for reason in missing:
        print(f"missing   {reason}")
    return 1 if missing else 0


def keep(figures, command: str, commit: str) -> None:
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    with open(target / "bench.jsonl", "a", encoding="utf-8") as lines:
        for figure in figures:
            line = {**figure.as_dict(), "command": command, "commit": commit}
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def git(*arguments: str) -> str:
    result = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=30)
    return result.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
