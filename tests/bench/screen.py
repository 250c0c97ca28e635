"""A display without a screen whose pixels can be watched from outside, at no cost to the program
being watched: Xvfb keeps its frame buffer in a file, which is mapped and looked at."""

import mmap
import os
import struct
import subprocess
import tempfile
import time
from pathlib import Path

BETWEEN_LOOKS_S = 0.0005


class Screen:
    """An X display of one size; a context manager."""

    def __init__(self, width: int, height: int):
        self.width, self.height = width, height

    def __enter__(self) -> "Screen":
        self._folder = tempfile.TemporaryDirectory(prefix="motcua-bench-")
        ready, tell = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(tell), "-screen", "0", f"{self.width}x{self.height}x24"]
            + ["-fbdir", self._folder.name, "-nolisten", "tcp", "-noreset"],
            pass_fds=[tell], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(tell)
        with os.fdopen(ready) as answer:
            self.display = ":" + answer.readline().strip()
        with open(Path(self._folder.name) / "Xvfb_screen0", "rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        # The file is an XWD dump: a header of big-endian words, a colour table, the pixels.
        header = struct.unpack(">25I", self._map[:100])
        self._line = header[12]
        self._pixels = header[0] + header[19] * 12
        return self

    def __exit__(self, *_) -> None:
        self._server.terminate()
        self._server.wait(timeout=10)
        self._map.close()
        self._folder.cleanup()

    def pixel(self, x: int, y: int) -> bytes:
        at = self._pixels + y * self._line + x * 4
        return self._map[at : at + 3]

    def look(self, points) -> dict:
        return {point: self.pixel(*point) for point in points}

    def shows(self, picture: dict) -> bool:
        return all(self.pixel(*point) == colour for point, colour in picture.items())

    def wait_for(self, picture: dict, seconds: float) -> bool:
        """Looks until every point of `picture` has its colour."""
        end = time.perf_counter() + seconds
        while not self.shows(picture):
            if time.perf_counter() > end:
                return False
            time.sleep(BETWEEN_LOOKS_S)
        return True

    def settled(self, points, still_seconds: float, seconds: float) -> dict:
        """The picture at these points once it has not changed for a while."""
        end = time.perf_counter() + seconds
        last, since = self.look(points), time.perf_counter()
        while time.perf_counter() - since < still_seconds and time.perf_counter() < end:
            time.sleep(0.05)
            now = self.look(points)
            if now != last:
                last, since = now, time.perf_counter()
        return last
