"""Makes pictures of codes as a kiosk's camera sees them, and a manifest that says what stands in them.

python -m code_pictures FOLDER --seed N [--per 12] [--without 200] [--sequences 40]

Leaves `pos/`, `neg/` and `video/` of PNG files and `manifest.jsonl`, one line for each picture. The
same seed gives the same pictures; fewer `--per` give a part of them.
"""

import argparse
import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from . import papers
from .camera import CLASSES, GRADES, fault, finely, photograph
from .payloads import (
    COMMUNES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    MIDDLE_NAMES,
    STREETS,
    between,
    chance,
    payload,
    person,
    words,
)

# A code of more elements does not fit into the picture.
MOST_ELEMENTS = 600
WITHOUT = ["card", "text", "barcode", "texture", "brokenqr"]
SEQUENCES = ["combo", "defocus", "motion", "lowlight", "glare", "small", "jpeg", "lowcontrast"]
FRAMES = 8


def main() -> None:
    parser = argparse.ArgumentParser(prog="code_pictures", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--per", type=int, default=12, help="pictures of each class and grade")
    parser.add_argument("--without", type=int, default=200, help="pictures without a code")
    parser.add_argument("--sequences", type=int, default=40, help=f"sequences of {FRAMES} frames")
    asked = parser.parse_args()
    for kind in ("pos", "neg", "video"):
        (asked.folder / kind).mkdir(parents=True, exist_ok=True)
    with_code = [
        (asked.folder, asked.seed, name, grade, number)
        for name in CLASSES
        for grade in range(len(GRADES))
        for number in range(asked.per)
    ]
    one_seed = [(asked.folder, asked.seed, number) for number in range(max(asked.without, asked.sequences))]
    with ProcessPoolExecutor(os.cpu_count()) as jobs:
        rows = list(jobs.map(one_with_code, with_code, chunksize=4))
        rows += jobs.map(one_without, one_seed[: asked.without], chunksize=4)
        for sequence in jobs.map(one_sequence, one_seed[: asked.sequences]):
            rows += sequence
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (asked.folder / "manifest.jsonl").write_text("".join(lines), encoding="utf-8")


def one_with_code(job) -> dict:
    folder, seed, name, grade, number = job
    rng = chance(seed, "pos", name, grade, number)
    wrong = fault(rng, name, grade)
    says = payload(rng, wrong.paper)
    modules, version, level = papers.code_of(rng, says)
    if name == "large":
        wrong = replace(wrong, module=min(wrong.module, MOST_ELEMENTS / modules.shape[0]))
    file = f"pos/{name}_{GRADES[grade]}_{number:03d}.png"
    save(folder / file, photograph(rng, wrong, modules))
    return row(file, "pos", name, GRADES[grade], says, wrong, version, level)


def one_without(job) -> dict:
    folder, seed, number = job
    rng = chance(seed, "neg", number)
    kind = WITHOUT[number % len(WITHOUT)]
    wrong = fault(rng, "combo" if number % 2 else "clean", int(rng.integers(3)))
    wrong = replace(wrong, module=between(rng, 2.5, 4.5), inverted=False)
    modules, _, _ = papers.code_of(rng, person(rng))
    scale, ready, with_code = finely(wrong.module), None, False
    match kind:
        case "card":
            wrong = replace(wrong, paper="card")
        case "text":
            ready = printed_text(rng, scale)
        case "barcode":
            ready = bars(rng, max(1, scale // 2), 150 * scale, 50 * scale)
        case "texture":
            ready = texture(rng, scale)
        case _:
            # The patterns of a code around modules of chance: nothing that could be read.
            wrong, with_code = replace(wrong, paper="card"), True
            modules = scrambled(rng, modules)
    file = f"neg/{kind}_{number:03d}.png"
    save(folder / file, photograph(rng, wrong, modules, with_code=with_code, ready=ready))
    return {"file": file, "kind": "neg", "cls": kind, "grade": "neg", "payload": None}


def one_sequence(job) -> list[dict]:
    """A paper in somebody's hand: one pose that trembles; focus, movement and noise of their own each time."""
    folder, seed, number = job
    rng = chance(seed, "video", number)
    name = SEQUENCES[number % len(SEQUENCES)]
    first = fault(rng, name, 2)
    says = payload(rng, first.paper)
    modules, version, level = papers.code_of(rng, says)
    (folder / f"video/{number:03d}").mkdir(parents=True, exist_ok=True)
    rows, x, y = [], 0.0, 0.0
    for frame in range(FRAMES):
        now = chance(seed, "vf", number, frame)
        x, y = x + now.normal(0, 2.5), y + now.normal(0, 2.5)
        wrong = replace(
            first,
            shift=(x, y),
            turned=first.turned + now.normal(0, 0.6),
            tilted=first.tilted + now.normal(0, 0.8),
            module=first.module * (1 + now.normal(0, 0.006)),
            defocus=first.defocus * between(now, 0.85, 1.1),
            motion=first.motion * between(now, 0.5, 1.2),
        )
        scale = finely(wrong.module)
        drawn = chance(seed, "vt", number)
        ready = papers.paper(drawn, wrong.paper, modules, scale, True, wrong.inverted, wrong.fading)
        file = f"video/{number:03d}/{frame}.png"
        save(folder / file, photograph(now, wrong, modules, place=chance(seed, "vp", number), ready=ready))
        rows.append({"seq": number, **row(file, "video", name, "hard", says, wrong, version, level)})
    return rows


def row(file, kind, name, grade, says, wrong, version, level) -> dict:
    return {
        "file": file, "kind": kind, "cls": name, "grade": grade, "payload": says, "version": version, "ecc": level,
        "module_px": round(wrong.module, 2), "doc": wrong.paper,
    }  # fmt: skip


def save(file: Path, picture) -> None:
    if not cv2.imwrite(str(file), picture, [cv2.IMWRITE_PNG_COMPRESSION, 1]):
        raise OSError(f"could not write {file}")


def printed_text(rng, scale: int):
    width, height = 110 * scale, 80 * scale
    image = Image.new("L", (width, height), int(between(rng, 210, 250)))
    draw = ImageDraw.Draw(image)
    for line in range(24):
        text = words(rng, FAMILY_NAMES + MIDDLE_NAMES + GIVEN_NAMES + STREETS + COMMUNES, 12)
        ink, size, bold = int(between(rng, 0, 60)), between(rng, 1.6, 2.8) * scale, rng.random() < 0.3
        papers.write(draw, (3 * scale, (2 + 3.2 * line) * scale), text, ink, size, bold)
    return np.asarray(image, np.float32) / 255, (width // 2, height // 2)


def bars(rng, scale: int, width: int, height: int):
    """A code of bars."""
    sheet, x = np.full((height, width), 0.92, np.float32), 10 * scale
    while x < width - 10 * scale:
        bar = int(rng.integers(1, 4)) * scale
        sheet[scale * 4 : height - scale * 8, x : x + bar] = 0.06
        x += bar + int(rng.integers(1, 4)) * scale
    return sheet, (width // 2, height // 2)


def texture(rng, scale: int):
    """A chessboard, chance, or rings that look like the corners of a code."""
    width, height = 100 * scale, 80 * scale
    y, x = np.mgrid[0:height, 0:width]
    kind = int(rng.integers(3))
    board = ((x // (2 * scale) + y // (2 * scale)) % 2).astype(np.float32)
    spots = (rng.random((height // scale + 1, width // scale + 1)) < 0.5).astype(np.float32)
    spots = spots.repeat(scale, 0).repeat(scale, 1)[:height, :width]
    far = np.hypot((x % (9 * scale)) - 4.5 * scale, (y % (9 * scale)) - 4.5 * scale)
    rings = (far % (2 * scale) < scale).astype(np.float32)
    return [board, spots, rings][kind] * 0.8 + 0.1, (width // 2, height // 2)


def scrambled(rng, modules):
    keep = np.zeros_like(modules, bool)
    keep[:9, :9] = keep[:9, -8:] = keep[-8:, :9] = True
    keep[6, :] = keep[:, 6] = True
    return np.where(keep, modules, (rng.random(modules.shape) < 0.5).astype(np.uint8))


if __name__ == "__main__":
    main()
