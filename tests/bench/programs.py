"""Benches that are programs of their own and print one JSON line per figure: name, value, unit,
target, met, and where there is one peer and peer_value."""

import json
import os
import subprocess
import sys
from pathlib import Path

from figure import Figure, Missing

BUILD_S, RUN_S = 3600, 1200


def build(root: Path, package: str, *which: str) -> Path:
    """Builds a package for release and tells where its programs are."""
    command = ["cargo", "build", "--release", "--locked", "--package", package, *which]
    if subprocess.run(command, cwd=root, timeout=BUILD_S).returncode != 0:
        raise Missing(f"{package} does not build")
    return Path(os.environ.get("CARGO_TARGET_DIR", root / "target")) / "release"


def lab(root: Path, _rounds: int) -> list[Figure]:
    """Starts everything on this machine, plays touches, reads the clocks."""
    return run(root, [str(build(root, "lab") / "lab"), "bench"])


def example(name: str):
    """The bench that is a cargo example of whichever package has it."""

    def measure(root: Path, _rounds: int) -> list[Figure]:
        package = package_of_example(root, name)
        return run(root, [str(build(root, package, "--example", name) / "examples" / name)])

    return measure


def package_of_example(root: Path, name: str) -> str:
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=root, capture_output=True, check=True, timeout=60).stdout)
    for package in metadata["packages"]:
        for target in package["targets"]:
            if target["name"] == name and "example" in target["kind"]:
                return package["name"]
    raise Missing(f"no crate has an example {name}")


def run(root: Path, command: list[str]) -> list[Figure]:
    try:
        result = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, timeout=RUN_S)
    except subprocess.TimeoutExpired:
        raise Missing(f"{Path(command[0]).name} did not end in {RUN_S} s") from None
    figures = [figure for line in result.stdout.splitlines() if (figure := read(line))]
    if result.returncode != 0 or not figures:
        raise Missing(f"{Path(command[0]).name} ended with {result.returncode} and {len(figures)} figures")
    return figures


def read(line: str) -> Figure | None:
    """A figure if the line is one; everything else a program says is passed on."""
    if not line.startswith("{"):
        print(line, file=sys.stderr)
        return None
    try:
        return Figure.from_dict(json.loads(line))
    except (ValueError, TypeError) as fault:
        raise Missing(f"not a figure ({fault}): {line}") from None
