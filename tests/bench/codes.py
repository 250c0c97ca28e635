"""Reading codes from pictures: on the set that the reader was developed with, and on one nobody has seen.

The pictures are drawn by `code_pictures`. The development set is kept between runs.
"""

import dataclasses
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import programs
from figure import Figure, Missing

DEVELOPMENT_SEED = 20261121
INSTALL_S, DRAW_S = 900, 3600


def measure(root: Path, _rounds: int) -> list[Figure]:
    target = Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
    python = tools(root, target / "bench-tools")
    folder = target / "code-pictures"
    fresh_seed = secrets.randbelow(1_000_000_000)
    figures = of_set(root, python, folder / development_name(root), DEVELOPMENT_SEED, "development set")
    fresh = folder / str(fresh_seed)
    try:
        figures += of_set(root, python, fresh, fresh_seed, f"fresh seed {fresh_seed}")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return figures


def of_set(root: Path, python: Path, folder: Path, seed: int, name: str) -> list[Figure]:
    if not (folder / "manifest.jsonl").exists():
        print(f"drawing the {name}, minutes of work", file=sys.stderr)
        command = [str(python), "-m", "code_pictures", str(folder), "--seed", str(seed)]
        if subprocess.run(command, cwd=root / "tests/bench", timeout=DRAW_S).returncode != 0:
            raise Missing("the pictures could not be drawn")
    lines = programs.lines_of_example(root, "codes_bench", {"MOTCUA_QR_SET": str(folder)})
    return [dataclasses.replace(figure, name=f"{figure.name}, {name}") for figure in map(Figure.from_dict, lines)]


def development_name(root: Path) -> str:
    """Changes with what draws the pictures, so that no old ones are measured."""
    drawing = sorted((root / "tests/bench/code_pictures").glob("*.py"))
    text = b"".join(file.read_bytes() for file in [*drawing, root / "tests/bench/requirements.txt"])
    return f"{DEVELOPMENT_SEED}-{hashlib.sha256(text).hexdigest()[:8]}"


def tools(root: Path, folder: Path) -> Path:
    """A Python with what the drawing needs."""
    wanted = root / "tests/bench/requirements.txt"
    python, made_from = folder / "bin/python", folder / "made-from"
    if not made_from.exists() or made_from.read_text(encoding="utf-8") != wanted.read_text(encoding="utf-8"):
        venv.create(folder, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(wanted)]
        if subprocess.run(install, timeout=INSTALL_S).returncode != 0:
            raise Missing("what draws the pictures could not be installed")
        shutil.copy(wanted, made_from)
    return python
