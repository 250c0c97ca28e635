"""How a kiosk's camera sees a paper: its pose, the light, the lens, the sensor, the compression.

A picture is 1280 by 720 grey elements. `Fault` says what is wrong and how much of it.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from . import papers
from .payloads import between, pick

WIDTH, HEIGHT = 1280, 720
# The scene is drawn this much finer than the sensor sees it.
FINER = 2
FOCAL = 1100.0
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
cv2.setNumThreads(1)

CLASSES = [
    "clean", "small", "rotate", "perspective", "defocus", "motion", "lowlight", "glare", "jpeg", "lowcontrast",
    "shadow", "moire", "thermal", "dirt", "curved", "inverted", "combo", "large",
]  # fmt: skip
GRADES = ["easy", "medium", "hard"]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a picture, in modules where it is a length."""

    paper: str = "card"
    module: float = 4.0  # its width in elements of the picture
    turned: float = 0.0  # degrees in the plane of the picture
    tilted: float = 0.0  # degrees out of it
    defocus: float = 0.0  # radius of the blur
    motion: float = 0.0  # length of the blur
    noise: float = 0.0
    light: float = 1.0
    glare: float | None = None
    quality: int = 90  # of the camera's JPEG
    contrast: float = 1.0
    shadow: float = 0.0
    moire: float = 0.0
    fading: float = 0.0
    dirt: float = 0.0
    bend: float = 0.0
    inverted: bool = False
    sharpen: float = 0.0
    shift: tuple[float, float] = (0, 0)


def finely(module: float) -> int:
    """Elements of a paper's picture for each module, so that the camera never sees them."""
    return max(4, int(np.ceil(FINER * module * 1.1)))


def fault(rng, name: str, grade: int) -> Fault:
    """What is wrong in this class of pictures at this grade (0 to 2)."""
    usual = Fault(
        module=between(rng, 3.0, 4.5),
        turned=between(rng, -8, 8),
        tilted=between(rng, 0, 8),
        noise=between(rng, 0.004, 0.010),
        quality=int(between(rng, 85, 95)),
        sharpen=between(rng, 0, 0.6),
    )
    return FAULTS[name](rng, usual, lambda *ranges: between(rng, *ranges[grade]), lambda *values: values[grade])


def _clean(rng, usual, drawn, _of):
    return replace(usual, module=drawn((4.5, 6), (3.5, 4.5), (2.9, 3.5)))


def _small(rng, usual, drawn, _of):
    return replace(usual, module=drawn((2.6, 3.0), (2.25, 2.6), (1.9, 2.25)))


def _rotate(rng, usual, drawn, _of):
    return replace(usual, turned=between(rng, 0, 360), module=drawn((4, 5), (3, 4), (2.4, 3)))


def _perspective(rng, usual, drawn, _of):
    tilted = drawn((15, 25), (25, 38), (38, 52))
    return replace(usual, tilted=tilted, turned=between(rng, -30, 30), module=between(rng, 3.4, 4.8))


def _defocus(rng, usual, drawn, _of):
    return replace(usual, defocus=drawn((0.5, 0.7), (0.7, 0.95), (0.95, 1.3)), module=between(rng, 3, 4))


def _motion(rng, usual, drawn, _of):
    return replace(usual, motion=drawn((0.6, 1.0), (1.0, 1.4), (1.4, 1.9)), module=between(rng, 3, 4))


def _lowlight(rng, usual, drawn, _of):
    light = drawn((0.3, 0.45), (0.16, 0.3), (0.08, 0.16))
    noise = drawn((0.012, 0.02), (0.018, 0.028), (0.025, 0.035))
    return replace(usual, light=light, noise=noise, module=between(rng, 3, 4.2))


def _glare(rng, usual, _drawn, of):
    return replace(usual, glare=of(0.35, 0.7, 1.0), module=between(rng, 3.2, 4.5))


def _jpeg(rng, usual, drawn, _of):
    return replace(usual, quality=int(drawn((40, 55), (22, 40), (12, 22))), module=between(rng, 2.8, 3.8))


def _lowcontrast(rng, usual, drawn, _of):
    return replace(usual, contrast=drawn((0.3, 0.45), (0.18, 0.3), (0.09, 0.18)), noise=between(rng, 0.006, 0.012))


def _shadow(rng, usual, drawn, _of):
    shadow = drawn((0.4, 0.6), (0.6, 0.75), (0.75, 0.9))
    return replace(usual, shadow=shadow, paper=pick(rng, ["card", "receipt", "card"]))


def _moire(rng, usual, drawn, _of):
    moire = drawn((0.08, 0.18), (0.18, 0.32), (0.32, 0.5))
    return replace(usual, paper="phone", moire=moire, module=between(rng, 3, 6), turned=between(rng, -15, 15))


def _thermal(rng, usual, drawn, _of):
    paper = pick(rng, ["ticket", "receipt"])
    return replace(
        usual, paper=paper, fading=drawn((0.35, 0.55), (0.55, 0.72), (0.72, 0.86)), module=between(rng, 3, 5)
    )


def _dirt(rng, usual, _drawn, of):
    return replace(usual, dirt=of(0.3, 0.6, 1.0), module=between(rng, 3.2, 5))


def _curved(rng, usual, drawn, _of):
    paper = pick(rng, ["receipt", "ticket", "receipt"])
    return replace(usual, paper=paper, bend=drawn((0.3, 0.5), (0.5, 0.75), (0.75, 1.0)), module=between(rng, 3.2, 5))


def _inverted(rng, usual, drawn, _of):
    module = drawn((4, 6), (3.2, 4), (2.6, 3.2))
    return replace(usual, paper="phone", inverted=True, module=module, moire=between(rng, 0, 0.08))


def _large(rng, usual, drawn, _of):
    """Held close to the lens."""
    paper = pick(rng, ["phone", "phone", "receipt"])
    module = drawn((7, 9), (9, 12), (12, 15))
    turned, tilted = between(rng, -20, 20), between(rng, 0, 20)
    moire = between(rng, 0, 0.15) if paper == "phone" else 0.0
    return replace(usual, paper=paper, module=module, turned=turned, tilted=tilted, moire=moire)


def _combo(rng, usual, _drawn, of):
    """A little of everything, as in life."""
    much = of(0.6, 0.85, 1.1)
    return replace(
        usual,
        module=between(rng, 2.6, 3.8),
        turned=between(rng, -25, 25),
        tilted=between(rng, 5, 28) * much,
        defocus=between(rng, 0.2, 0.55) * much,
        motion=at_times(rng, 0.3, 0.9) * much,
        light=between(rng, 0.35, 0.8),
        noise=between(rng, 0.01, 0.018),
        shadow=at_times(rng, 0.2, 0.6) * much,
        quality=int(between(rng, 55, 85)),
        glare=(0.4 * much if rng.random() < 0.5 else None),
        contrast=between(rng, 0.5, 0.9),
        paper=pick(rng, ["card", "card", "card", "receipt"]),
    )


def at_times(rng, low: float, high: float) -> float:
    """Half of the time between these, else nothing."""
    return between(rng, low, high) if rng.random() < 0.5 else 0.0


FAULTS = {name: globals()[f"_{name}"] for name in CLASSES}


def photograph(rng, wrong: Fault, modules, place=None, with_code=True, ready=None):
    """The camera's picture of a paper with this code. `place` is the randomness of the pose, where several
    frames share one; `ready` a paper that was drawn before."""
    place = place if place is not None else rng
    scale = finely(wrong.module)
    sheet, middle = ready or papers.paper(
        rng, wrong.paper, modules, scale, with_code, wrong.inverted, wrong.fading
    )
    count = modules.shape[0]
    if wrong.bend > 0:
        sheet = papers.rolled(rng, sheet, wrong.bend)
    if wrong.dirt > 0:
        sheet = papers.soiled(rng, place, sheet, scale, count, middle, wrong.dirt)
    to_scene, (x, y) = pose(place, wrong, count, scale, middle)
    picture = in_scene(rng, sheet, to_scene)
    half = count * wrong.module / 2
    picture = lit(rng, picture, wrong, (x, y), half)
    picture = through_lens(rng, picture, wrong)
    return from_sensor(rng, picture, wrong)


def pose(rng, wrong: Fault, count: int, scale: int, middle):
    """How the paper's elements come to lie before the camera, and where the code's middle is then."""
    tilt = np.deg2rad(wrong.tilted) * (1 if rng.random() < 0.5 else -1)
    towards, turn = between(rng, 0, 2 * np.pi), np.deg2rad(wrong.turned)
    tilting, _ = cv2.Rodrigues(np.array([np.cos(towards), np.sin(towards), 0]) * tilt)
    turning = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    rotation = tilting @ turning
    reach = count * wrong.module * 0.75
    x = between(rng, reach + 20, WIDTH - reach - 20) if WIDTH > 2 * reach + 60 else WIDTH / 2
    y = between(rng, reach + 10, HEIGHT - reach - 10) if HEIGHT > 2 * reach + 40 else HEIGHT / 2
    if wrong.paper == "card" and wrong.module < 4.2:
        # A card held to a kiosk is roughly centred; its code is in its upper right.
        x = WIDTH / 2 + between(rng, 0.0, 0.2) * WIDTH
        y = HEIGHT / 2 - between(rng, -0.05, 0.2) * HEIGHT
        y = min(max(y, reach + 10), HEIGHT - reach - 10)
    x, y = x + wrong.shift[0], y + wrong.shift[1]
    lens = np.array([[FOCAL, 0, x], [0, FOCAL, y], [0, 0, 1]])
    in_space = np.column_stack([rotation[:, 0], rotation[:, 1], [0, 0, FOCAL / wrong.module]])
    in_modules = np.array([[1 / scale, 0, -middle[0] / scale], [0, 1 / scale, -middle[1] / scale], [0, 0, 1]])
    return np.diag([FINER, FINER, 1.0]) @ (lens @ in_space @ in_modules), (x, y)


def in_scene(rng, sheet, to_scene):
    """The paper before its background, finer than the sensor and then as the sensor sees it."""
    fine = (WIDTH * FINER, HEIGHT * FINER)
    elements = (sheet * 255 + 0.5).astype(np.uint8)
    picture = cv2.warpPerspective(
        elements, to_scene, fine, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0
    )
    where = cv2.warpPerspective(np.full(sheet.shape, 255, np.uint8), to_scene, fine, flags=cv2.INTER_LINEAR)
    coarse = lambda fine: cv2.resize(fine, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255  # noqa: E731
    picture, where = coarse(picture), coarse(where)
    return picture + background(rng) * (1 - where)


def background(rng):
    kind = int(rng.integers(4))
    ground = between(rng, 0.15, 0.7) + papers.smooth_noise(rng, HEIGHT, WIDTH, 240, 0.06)
    if kind == 0:  # wood
        grain = COLUMNS * between(rng, 0.001, 0.01) + papers.smooth_noise(rng, HEIGHT, WIDTH, 120, 2)
        ground += 0.05 * np.sin(grain * 6 + ROWS * between(rng, 0.02, 0.12))
    elif kind == 1:  # cloth
        ground += rng.standard_normal((HEIGHT, WIDTH), dtype=np.float32) * np.float32(0.03)
    elif kind == 2:  # things lying about
        for _ in range(12):
            corners = rng.integers(0, [WIDTH, HEIGHT], (2, 2))
            begin, end = (tuple(map(int, corner)) for corner in corners)
            cv2.rectangle(ground, begin, end, between(rng, 0.1, 0.9), int(rng.integers(1, 12)))
    return np.clip(ground, 0, 1).astype(np.float32)


def lit(rng, picture, wrong: Fault, middle, half: float):
    """Contrast, shadow, a screen's stripes, reflections."""
    x, y = middle
    if wrong.contrast < 1:
        picture = between(rng, 0.45, 0.6) + (picture - 0.5) * wrong.contrast
    if wrong.shadow > 0:
        angle = between(rng, 0, 6.28)
        across = (COLUMNS - x) * np.cos(angle) + (ROWS - y) * np.sin(angle) + between(rng, -0.4, 0.4) * (2 * half)
        edge = 1 - wrong.shadow / (1 + np.exp(-across / between(rng, 2, 30)))
        picture = picture * edge * (1 - 0.3 * wrong.shadow * np.clip(ROWS / HEIGHT, 0, 1))
    else:
        much = between(rng, 0, 0.25)
        side = COLUMNS / WIDTH if rng.random() < 0.5 else 1 - COLUMNS / WIDTH
        picture = picture * (1 - much * np.clip(side, 0, 1))
    if wrong.moire > 0:
        picture = picture * (1 - wrong.moire * (0.5 + 0.5 * stripes(rng, picture)) * 1.4)
        picture = picture + 0.06 * papers.smooth_noise(rng, HEIGHT, WIDTH, 300, 1).clip(0, 2)
    return reflecting(rng, picture, wrong.glare, middle, half) if wrong.glare else picture


def stripes(rng, like):
    """What the raster of a telephone's screen and that of the camera make of each other."""
    waves = np.zeros_like(like)
    for number in range(3):
        if number:
            period = pick(rng, [between(rng, 2.1, 3.2), between(rng, 5, 14), between(rng, 14, 60)])
        else:
            period = between(rng, 5, 12)
        angle = between(rng, 0, 3.14)
        along = (COLUMNS * np.cos(angle) + ROWS * np.sin(angle)) / period
        waves += np.cos(2 * np.pi * along + between(rng, 0, 6) + 0.002 * (COLUMNS - ROWS)) / 3
    return waves


def reflecting(rng, picture, glare: float, middle, half: float):
    """Lamps mirrored in a laminated card."""
    for _ in range(1 + int(rng.random() < 0.4)):
        x = middle[0] + rng.uniform(-1, 1) * half * 1.1
        y = middle[1] + rng.uniform(-1, 1) * half * 1.1
        angle = between(rng, 0, 3.14)
        long = half * between(rng, 0.25, 0.6) * (0.5 + 0.6 * glare)
        short = half * between(rng, 0.1, 0.3) * (0.5 + 0.6 * glare)
        along = ((COLUMNS - x) * np.cos(angle) + (ROWS - y) * np.sin(angle)) / long
        across = (-(COLUMNS - x) * np.sin(angle) + (ROWS - y) * np.cos(angle)) / short
        far = np.sqrt(along * along + across * across)
        lamp = between(rng, 0.5, 1.1) * (0.4 + 0.6 * glare)
        lamp = lamp * np.exp(-(np.maximum(far - 0.5, 0) ** 2) * between(rng, 1.2, 3))
        picture = picture + lamp + 0.12 * glare * np.exp(-far * 0.35)
    return picture


def through_lens(rng, picture, wrong: Fault):
    if wrong.defocus > 0:
        picture = cv2.filter2D(picture, -1, disc(wrong.defocus * wrong.module))
    else:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.55)  # no lens is perfect
    if wrong.motion > 0:
        picture = cv2.filter2D(picture, -1, line(wrong.motion * wrong.module, between(rng, 0, 3.14)))
    return picture


def disc(radius: float):
    """What a point becomes out of focus."""
    side = int(np.ceil(radius)) * 2 + 3
    y, x = np.mgrid[0:side, 0:side]
    inside = np.clip(radius + 0.5 - np.hypot(x - side // 2, y - side // 2), 0, 1).astype(np.float32)
    return inside / inside.sum()


def line(length: float, angle: float):
    """What a point becomes when the hand moves."""
    side = (int(np.ceil(length)) + 5) | 1
    trace, middle = np.zeros((side * 4, side * 4), np.float32), side * 2
    x, y = np.cos(angle) * length * 2, np.sin(angle) * length * 2
    begin, end = (int(middle - x), int(middle - y)), (int(middle + x), int(middle + y))
    cv2.line(trace, begin, end, 1.0, 4, cv2.LINE_AA)
    trace = cv2.resize(trace, (side, side), interpolation=cv2.INTER_AREA)
    return trace / trace.sum()


def from_sensor(rng, picture, wrong: Fault):
    """Light becomes numbers: noise, gain, gamma, sharpening, MJPEG."""
    picture = np.clip(picture, 0, 1.0) * wrong.light
    grain = np.sqrt(wrong.noise**2 + wrong.noise * 0.02 * np.clip(picture, 0, 1))
    grain = rng.standard_normal(picture.shape, dtype=np.float32) * grain
    picture = picture + grain * (0.7 if wrong.light < 1 else 1)
    if wrong.light < 1:
        picture = picture * min(3.0, 0.55 / wrong.light) if rng.random() < 0.7 else picture
    picture = np.clip(picture, 0, 1) ** (1 / between(rng, 1.0, 1.35))
    if wrong.sharpen > 0:
        picture = picture + wrong.sharpen * (picture - cv2.GaussianBlur(picture, (0, 0), 1.2))
    elements = np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8)
    _, compressed = cv2.imencode(".jpg", elements, [cv2.IMWRITE_JPEG_QUALITY, wrong.quality])
    return cv2.imdecode(compressed, cv2.IMREAD_GRAYSCALE)
