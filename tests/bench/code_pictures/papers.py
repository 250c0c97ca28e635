"""Papers with a code on them, as a picture of how much light each place throws back (0 to 1).

All lengths are in modules of the code; a module is `scale` picture elements wide.
"""

import functools

import cv2
import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont

from .payloads import FAMILY_NAMES, GIVEN_NAMES, STREETS, between, pick, words

FONTS = "/usr/share/fonts/truetype/dejavu/"


@functools.cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS + ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size)


def write(draw, at, text: str, ink: int, size: float, bold: bool = False) -> None:
    draw.text(at, text, fill=ink, font=font(max(6, int(size)), bold))


def code_of(rng, payload: str):
    """The modules of a code, its version and its level of correction. UTF-8 without an ECI, as cards have it."""
    level = pick(rng, ["L", "L", "M", "M"])
    code = segno.make_qr(payload, error=level, mode="byte", encoding="utf-8", boost_error=False, eci=False)
    return np.array([list(row) for row in code.matrix], np.uint8) & 1, code.version, level


def smooth_noise(rng, height: int, width: int, cell: int, strength: float):
    """Noise whose spots are about `cell` wide."""
    coarse = rng.normal(0, 1, (max(2, height // cell + 2), max(2, width // cell + 2))).astype(np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * strength


def guilloche(rng, height: int, width: int, millimetre: float):
    """The fine wavy lines behind a card's print."""
    coarse = max(1.0, millimetre / 9)  # nine elements for a millimetre show the lines
    rows, columns = int(height / coarse) + 1, int(width / coarse) + 1
    y = np.arange(rows, dtype=np.float32)[:, None] * (coarse / millimetre)
    x = np.arange(columns, dtype=np.float32)[None] * (coarse / millimetre)
    lines = np.zeros((rows, columns), np.float32)
    for _ in range(3):
        frequency, phase, wave = between(rng, 1.2, 2.2), between(rng, 0, 6), between(rng, 0.3, 0.9)
        lines += np.sin(6.28 * frequency * (y + 0.8 * np.sin(x * wave + phase)))
    return cv2.resize(lines / 3, (width, height), interpolation=cv2.INTER_LINEAR)


def paper(rng, kind: str, modules, scale: int, with_code=True, inverted=False, fading=0.0):
    """A paper of this kind and where the middle of its code is."""
    count = modules.shape[0]
    draw_paper = {"card": card, "phone": phone}.get(kind, slip)
    picture, middle, dark, bright = draw_paper(rng, count, scale, inverted)
    picture = picture.copy()
    if with_code:
        print_code(rng, picture, kind, modules, scale, middle, (dark, bright), inverted)
    if fading > 0:
        picture = fade(rng, picture, scale, fading)
    return np.clip(picture, 0, 1).astype(np.float32), middle


def card(rng, count: int, scale: int, _inverted):
    """An ID card: a module is about 0.27 mm on 85.6 mm by 54 mm."""
    mm = scale / between(rng, 0.25, 0.30)
    width, height = int(85.6 * mm), int(54 * mm)
    base = between(rng, 0.72, 0.88)
    picture = base + guilloche(rng, height, width, mm) * between(rng, 0.01, 0.035)
    picture = picture + smooth_noise(rng, height, width, max(4, int(6 * mm)), 0.02)
    side = count * scale
    middle = width - side // 2 - int(between(rng, 4, 7) * mm), side // 2 + int(between(rng, 3.5, 5) * mm)
    image = Image.fromarray(np.clip(picture * 255, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    ink = int(between(rng, 20, 70))
    write(draw, (18 * mm, 3 * mm), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", ink, 2 * mm, bold=True)
    write(draw, (24 * mm, 6 * mm), "Độc lập - Tự do - Hạnh phúc", ink, 1.8 * mm)
    write(draw, (26 * mm, 10 * mm), "CĂN CƯỚC CÔNG DÂN", ink, 3.2 * mm, bold=True)
    draw.rectangle((3 * mm, 18 * mm, 25 * mm, 47 * mm), fill=int(between(rng, 110, 190)))
    draw.ellipse((8 * mm, 22 * mm, 20 * mm, 36 * mm), fill=int(between(rng, 80, 200)))
    for line in range(8):
        text = words(rng, FAMILY_NAMES + GIVEN_NAMES + STREETS, 4)
        write(draw, (28 * mm, (19 + line * 4) * mm), text, ink, between(rng, 1.8, 2.6) * mm)
    return np.asarray(image, np.float32) / 255, middle, between(rng, 0.03, 0.12), None


def phone(rng, count: int, scale: int, inverted: bool):
    """An electronic card on a telephone's screen, light on dark in night mode."""
    width, height = int((count + 20) * scale), int((count + 44) * scale)
    ground = between(rng, 0.04, 0.12) if inverted else between(rng, 0.85, 1.0)
    image = Image.fromarray((np.full((height, width), ground, np.float32) * 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    ink = 220 if inverted else 30
    draw.rectangle((0, 0, width, 7 * scale), fill=int(between(rng, 60, 140)))
    write(draw, (4 * scale, 2 * scale), "VNeID  Căn cước điện tử", 250, 3 * scale, bold=True)
    write(draw, (10 * scale, 10 * scale), words(rng, FAMILY_NAMES + GIVEN_NAMES, 3), ink, 2.4 * scale)
    for line in range(3):
        text = words(rng, FAMILY_NAMES + GIVEN_NAMES + STREETS, 4)
        write(draw, (8 * scale, (count + 26 + line * 5) * scale), text, ink, 2.0 * scale)
    bright = between(rng, 0.03, 0.08) if inverted else between(rng, 0.9, 1.0)
    middle = width // 2, int((16 + count / 2) * scale)
    return np.asarray(image, np.float32) / 255, middle, 0.03, bright


def slip(rng, count: int, scale: int, _inverted):
    """A ticket or receipt of a thermal printer."""
    width, height = int((count + between(rng, 14, 26)) * scale), int((count + between(rng, 40, 60)) * scale)
    ground = np.full((height, width), between(rng, 0.86, 0.95), np.float32)
    image = Image.fromarray((ground * 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    write(draw, (4 * scale, 3 * scale), "UBND PHƯỜNG - PHIẾU HẸN", 40, 2.6 * scale, bold=True)
    number = f"{pick(rng, list('ABCD'))}{rng.integers(1, 999):03d}"
    write(draw, (10 * scale, 8 * scale), number, 25, 9 * scale, bold=True)
    for line in range(4):
        text = words(rng, FAMILY_NAMES + GIVEN_NAMES + STREETS, 5)
        write(draw, (4 * scale, (count + 28 + line * 4) * scale), text, 50, 2.2 * scale)
    middle = width // 2, int((22 + count / 2) * scale)
    return np.asarray(image, np.float32) / 255, middle, between(rng, 0.05, 0.15), None


def print_code(rng, picture, kind: str, modules, scale: int, middle, tones, inverted: bool) -> None:
    """Puts the code on the paper, with the spread of ink where it is printed."""
    (x, y), (dark, bright), count = middle, tones, modules.shape[0]
    quiet = int(between(rng, 2, 4)) if kind == "card" else 4
    side = count * scale
    ink = cv2.resize(modules, (side, side), interpolation=cv2.INTER_NEAREST).astype(np.float32)
    if kind != "phone":
        ink = cv2.GaussianBlur(ink, (0, 0), scale * between(rng, 0.06, 0.16))
        spread = between(rng, -0.08, 0.12)
        ink = np.clip((ink - 0.5 + spread) * 2.5 + 0.5, 0, 1)
    left, top, edge = x - side // 2, y - side // 2, quiet * scale
    zone = picture[top - edge : top + side + edge, left - edge : left + side + edge]
    if bright is not None:
        zone[:] = bright
    elif kind == "card" and rng.random() < 0.5:
        zone[:] = np.clip(zone + 0.1, 0, 0.95)
    place = picture[top : top + side, left : left + side]
    tone = between(rng, 0.85, 1.0) if inverted else dark
    place[:] = place * (1 - ink) + tone * ink


def fade(rng, picture, scale: int, fading: float):
    """An old thermal print: pale, with dead dots of the head, on paper that heat has darkened."""
    height, width = picture.shape
    pale = np.clip(1 - fading * (1 + smooth_noise(rng, height, width, max(8, 12 * scale), 0.25)), 0.02, 1)
    columns = np.ones(width, np.float32)
    for _ in range(int(rng.integers(0, 2 + int(6 * fading)))):
        at = int(rng.integers(width))
        columns[at : at + max(1, scale // 4)] *= between(rng, 0.2, 0.7)
    specks = 1 - (rng.random((height, width)) < 0.02 * fading) * between(rng, 0.3, 0.9)
    ground = 0.9
    picture = ground - (ground - picture) * pale * columns[None, :] * specks
    if rng.random() < 0.6:
        picture -= smooth_noise(rng, height, width, max(8, 20 * scale), 0.05 * fading)
    return picture


def rolled(rng, picture, bend: float):
    """A slip that keeps the curl of its roll."""
    height, width = picture.shape
    radius = width / (2 * np.sin(bend)) if bend > 0 else 1e9
    x = np.arange(width, dtype=np.float32) - width / 2
    angle = np.arcsin(np.clip(x / radius, -1, 1))
    source = angle * radius + width / 2
    sag = (1 - np.cos(angle)) * radius * between(rng, -0.5, 0.5)
    from_x = np.repeat(source[None].astype(np.float32), height, 0)
    from_y = np.arange(height, dtype=np.float32)[:, None] + sag[None].astype(np.float32)
    light = np.cos(angle + between(rng, -0.3, 0.3)).clip(0.3, 1)
    bent = cv2.remap(picture, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return bent * light[None].astype(np.float32)


def soiled(rng, where, picture, scale: int, count: int, middle, dirt: float):
    """Scratches and spots over the code; `where` is the randomness of their places."""
    picture, half = picture.copy(), count * scale / 2
    for _ in range(int(2 + 5 * dirt)):
        begin = where.uniform(-1, 1, 2) * half * 1.1 + middle
        if rng.random() < 0.5:
            end = begin + rng.normal(0, 1, 2) * half * 0.5
            tone, thick = between(rng, 0.2, 0.9), max(1, int(scale * between(rng, 0.3, 0.9)))
            cv2.line(picture, tuple(map(int, begin)), tuple(map(int, end)), tone, thick, cv2.LINE_AA)
        else:
            spot = picture.copy()
            axes = (
                int(scale * between(rng, 0.7, 1 + 1.8 * dirt)),
                int(scale * between(rng, 0.7, 1 + 1.5 * dirt)),
            )
            turned, tone = between(rng, 0, 180), between(rng, 0.1, 0.6)
            cv2.ellipse(spot, tuple(map(int, begin)), axes, turned, 0, 360, tone, -1, cv2.LINE_AA)
            thick = between(rng, 0.5, 1)
            picture = picture * (1 - thick) + spot * thick
    return picture
