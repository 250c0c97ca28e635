#!/usr/bin/env python3
"""Reads ESC/POS as a printer would and shows what stands on the paper.

Written from the command reference, on its own: it shares no code with the
driver and none with the simulator, so that all three must agree.

    escpos_read.py IN.bin OUT-PREFIX [--dots 576] [--dpi 203]

writes OUT-PREFIX-1.png, OUT-PREFIX-2.png ... one picture for each cut through fed paper, and
prints one line of JSON: {"tickets": [[width, height], ...], "unknown": "hex"}.
"""

import argparse
import json
import sys
from pathlib import Path

from PIL import Image

DLE, ESC, GS = 0x10, 0x1B, 0x1D


class Paper:
    """A roll on which a head of `dots` marks rows."""

    def __init__(self, dots: int) -> None:
        self.dots = dots
        self.margin = 0
        self.rows: list[list[int]] = []
        self.tickets: list[Image.Image] = []

    def feed(self, rows: int) -> None:
        self.rows.extend([[] for _ in range(rows)])

    def mark(self, row: bytes, scale: int) -> None:
        bits = [byte >> bit & 1 for byte in row for bit in range(7, -1, -1)]
        across = 2 if scale & 1 else 1
        down = 2 if scale & 2 else 1
        black = [
            self.margin + x * across + step
            for x, bit in enumerate(bits)
            if bit
            for step in range(across)
        ]
        self.rows.extend([black] * down)

    def cut(self) -> None:
        if not self.rows:
            return
        picture = Image.new("1", (self.dots, max(1, len(self.rows))), 1)
        dots = picture.load()
        for y, row in enumerate(self.rows):
            for x in row:
                if x < self.dots:
                    dots[x, y] = 0
        self.tickets.append(picture)
        self.rows = []


class Reader:
    """Walks over the bytes, one command after the other."""

    def __init__(self, data: bytes, paper: Paper, dpi: int) -> None:
        self.data, self.at = data, 0
        self.paper, self.dpi = paper, dpi
        self.unit = 2 * dpi
        self.unknown = bytearray()

    def take(self, count: int = 1) -> bytes:
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            raise EOFError
        self.at += count
        return piece

    def run(self) -> None:
        try:
            while self.at < len(self.data):
                self.command()
        except EOFError:
            self.unknown += b"..."

    def command(self) -> None:
        first = self.take()[0]
        if first == DLE:
            self.at_once()
        elif first == ESC:
            self.escape()
        elif first == GS:
            self.group()
        elif first == 0x0A:
            self.paper.feed(self.dpi // 6)
        elif first != 0x00:
            self.unknown.append(first)

    def at_once(self) -> None:
        second = self.take()[0]
        if second in (0x04, 0x05):
            self.take()
        elif second == 0x14 and self.take()[0] == 8:
            self.take(7)
        else:
            self.unknown += bytes([DLE, second])

    def escape(self) -> None:
        second = self.take()
        if second == b"@":
            self.unit = 2 * self.dpi
            self.paper.margin = 0
        elif second == b"J":
            self.paper.feed(self.take()[0] * self.dpi // self.unit)
        elif second == b"d":
            self.paper.feed(self.take()[0] * self.dpi // 6)
        elif second in (b"i", b"m"):
            self.paper.cut()
        else:
            self.unknown += bytes([ESC]) + second

    def group(self) -> None:
        second = self.take()
        if second == b"v":
            self.raster()
        elif second == b"V":
            if self.take()[0] in (65, 66):
                self.take()
            self.paper.cut()
        elif second == b"L":
            self.paper.margin = int.from_bytes(self.take(2), "little")
        elif second == b"P":
            self.unit = self.take(2)[1] or 2 * self.dpi
        elif second in (b"a", b"r"):
            self.take()
        elif second == b"(":
            self.function()
        else:
            self.unknown += bytes([GS]) + second

    def function(self) -> None:
        """A command that tells its length; of these only the request for a process ID is known."""
        name = self.take()
        parameters = self.take(int.from_bytes(self.take(2), "little"))
        if name != b"H" or parameters[:2] != b"00" or len(parameters) != 6:
            self.unknown += bytes([GS]) + b"(" + name

    def raster(self) -> None:
        kind, scale = self.take(2)
        width = int.from_bytes(self.take(2), "little")
        height = int.from_bytes(self.take(2), "little")
        if kind != 0x30 or scale & 0xCF > 3:
            self.unknown += bytes([GS, 0x76, kind, scale])
        for _ in range(height):
            self.paper.mark(self.take(width), scale)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("input", type=Path)
    arguments.add_argument("output")
    arguments.add_argument("--dots", type=int, default=576)
    arguments.add_argument("--dpi", type=int, default=203)
    given = arguments.parse_args()
    paper = Paper(given.dots)
    reader = Reader(given.input.read_bytes(), paper, given.dpi)
    reader.run()
    for number, ticket in enumerate(paper.tickets, start=1):
        ticket.save(f"{given.output}-{number}.png")
    sizes = [ticket.size for ticket in paper.tickets]
    print(json.dumps({"tickets": sizes, "unknown": reader.unknown.hex()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
