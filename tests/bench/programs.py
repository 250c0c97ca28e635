"""Benches that are programs of their own and print one JSON line per figure: name, value, unit,
target, met, and where there is one peer and peer_value."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
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
    binary = build(root, "lab", "--package", "device-worker") / "lab"
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        token = [str(root / "hardware/signing-token/tests/make-token.sh"), f"{folder}/token"]
        if subprocess.run(token, timeout=120).returncode != 0:
            raise Missing("the software token could not be made")
        # libsane and the token's module look for their files when they are loaded.
        places = {"SOFTHSM2_CONF": f"{folder}/token/softhsm2.conf", "SANE_CONFIG_DIR": f"{folder}/sane"}
        lines = run(root, [str(binary), "bench", "--data", folder], {**os.environ, **places})
    return [Figure.from_dict(line) for line in lines]


def workers(root: Path, _rounds: int) -> list[Figure]:
    """The workers' program and the bench beside it, over SANE's own test scanner."""
    folder = build(root, "device-worker", "--bins", "--example", "workers_bench")
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as sane:
        Path(sane, "dll.conf").write_text("test\n", encoding="utf-8")
        shutil.copy(root / "hardware/document-scanner/tests/sane/test.conf", sane)
        command = [str(folder / "examples" / "workers_bench")]
        return [Figure.from_dict(line) for line in run(root, command, {**os.environ, "SANE_CONFIG_DIR": sane})]


def example(name: str):
    """The bench that is a cargo example of whichever package has it."""

    def measure(root: Path, _rounds: int) -> list[Figure]:
        return [Figure.from_dict(line) for line in lines_of_example(root, name)]

    return measure


def lines_of_example(root: Path, name: str, environment: dict | None = None) -> list[dict]:
    package = package_of_example(root, name)
    program = build(root, package, "--example", name) / "examples" / name
    return run(root, [str(program)], {**os.environ, **(environment or {})})


def examples(root: Path) -> dict:
    """All cargo examples called *_bench, as benches by the name without that end."""
    names = [name for name in packages_of_examples(root) if name.endswith("_bench")]
    return {name.removesuffix("_bench"): (f"the example {name}", example(name)) for name in names}


def package_of_example(root: Path, name: str) -> str:
    package = packages_of_examples(root).get(name)
    if package is None:
        raise Missing(f"no crate has an example {name}")
    return package


def packages_of_examples(root: Path) -> dict[str, str]:
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline"]
    metadata = json.loads(subprocess.run(command, cwd=root, capture_output=True, check=True, timeout=60).stdout)
    return {
        target["name"]: package["name"]
        for package in metadata["packages"]
        for target in package["targets"]
        if "example" in target["kind"]
    }


def run(root: Path, command: list[str], environment: dict | None = None) -> list[dict]:
    """The lines that are JSON objects; everything else the program says is passed on."""
    name = Path(command[0]).name
    try:
        result = subprocess.run(
            command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, timeout=RUN_S
        )
    except subprocess.TimeoutExpired:
        raise Missing(f"{name} did not end in {RUN_S} s") from None
    lines = result.stdout.splitlines()
    figures = [json.loads(line) for line in lines if line.startswith("{")]
    for line in lines:
        if not line.startswith("{"):
            print(line, file=sys.stderr)
    if result.returncode != 0 or not figures:
        raise Missing(f"{name} ended with {result.returncode} and {len(figures)} figures")
    return figures
