"""What a thermal printer does with the bytes it is given: buffer, paper, sensors, answers.

Written from the command reference, standard library only, sharing nothing with the driver. It
knows no line; usb_printer.py and printer_line.py put one around it.
"""

import json
from pathlib import Path

DLE, EOT, ENQ, DC4, ESC, GS = 0x10, 0x04, 0x05, 0x14, 0x1B, 0x1D
CUTS = (b"\x1dV", b"\x1bi", b"\x1bm")
CLEAR = bytes([DLE, DC4, 8, 1, 3, 20, 1, 6, 2, 8])

# name: bits of DLE EOT 1 to 4, and whether it stops printing
CONDITIONS = {
    "paper-low": ((0x00, 0x00, 0x00, 0x0C), False),
    "paper-out": ((0x08, 0x20, 0x00, 0x6C), True),
    "cover": ((0x08, 0x04, 0x00, 0x00), True),
    "jam": ((0x08, 0x40, 0x04, 0x00), True),
    "knife": ((0x08, 0x40, 0x08, 0x00), True),
    "hot": ((0x08, 0x40, 0x40, 0x00), True),
}


class Fault:
    """`NAME[@BYTES][:SECONDS]`: what happens, after how many bytes, for how long."""

    def __init__(self, text: str) -> None:
        text, _, seconds = text.partition(":")
        self.name, _, after = text.partition("@")
        self.after = int(after or 0)
        self.seconds = float(seconds) if seconds else None


class Printer:
    def __init__(self, folder: Path, buffer: int = 4096) -> None:
        self.folder, self.size = folder, buffer
        self.conditions: set[str] = set()
        self.arriving = b""
        self.buffer = b""
        self.strip = b""
        self.fed = False
        self.papers = 0
        self.taken = 0
        self.asked_for_changes = False
        self.answers = b""
        self.moments: dict[str, str] = {}

    # The line's side.

    def room(self) -> int:
        """Bytes that would be taken now; a working printer never lets the line wait here."""
        return self.size - len(self.buffer) if self.stops() else self.size

    def take(self, data: bytes) -> None:
        self.taken += len(data)
        at = 0
        while at < len(data):
            if not self.arriving:
                # Only DLE begins what is obeyed on arrival.
                next_one = data.find(DLE, at)
                end = len(data) if next_one < 0 else next_one
                self.buffer += data[at:end]
                at = end
            self.arriving += data[at : at + 1]
            self.obey_at_once()
            at += 1
        self.work()

    def answer(self, most: int | None = None) -> bytes:
        """Takes what waits to be sent."""
        if most is None:
            most = len(self.answers)
        piece, self.answers = self.answers[:most], self.answers[most:]
        return piece

    def set(self, name: str, on: bool) -> None:
        """Changes what the sensors see."""
        before = self.status()
        (self.conditions.add if on else self.conditions.discard)(name)
        if self.asked_for_changes and self.status() != before:
            self.tell()
        self.work()

    def when(self, moment: str, name: str) -> None:
        """Has the sensors see something right before the next `cut`, or right behind the `proof`
        that a ticket was printed."""
        self.moments[moment] = name

    def switch_off(self) -> None:
        """Forgets all but the paper that hangs out."""
        self.arriving = self.buffer = self.answers = b""
        self.asked_for_changes = False

    def class_status(self) -> int:
        """GET_PORT_STATUS of the USB printer class: paper empty, selected, no error."""
        paper_out = "paper-out" in self.conditions
        return 0x20 * paper_out | 0x10 * (not self.stops()) | 0x08 * (not self.stops())

    def report(self) -> str:
        return json.dumps({"taken": self.taken, "papers": self.papers, "hanging": len(self.strip)})

    # Sensors.

    def stops(self) -> bool:
        return any(CONDITIONS[name][1] for name in self.conditions)

    def status(self) -> list[int]:
        bits = [CONDITIONS[name][0] for name in self.conditions]
        joined = [0, 0, 0, 0]
        for four in bits:
            joined = [a | b for a, b in zip(joined, four)]
        return joined

    def tell(self) -> None:
        """The four bytes of an automatic status."""
        _, offline, error, paper = self.status()
        first = 0x14 | 0x08 * self.stops() | (0x20 if offline & 0x04 else 0)
        ends = (0x03 if paper & 0x0C else 0) | (0x0C if paper & 0x60 else 0)
        self.answers += bytes([first, error, ends, 0x0F])

    # Commands obeyed on arrival, wherever they stand.

    def obey_at_once(self) -> None:
        begun = self.arriving
        if not begun:
            return
        if len(begun) == 3 and begun[:2] == bytes([DLE, EOT]):
            kind = begun[2]
            if 1 <= kind <= 4:
                fixed = 0x16 if kind == 1 else 0x12
                self.answers += bytes([fixed | self.status()[kind - 1]])
            self.arriving = b""
        elif len(begun) == 3 and begun[:2] == bytes([DLE, ENQ]):
            self.arriving = b""
        elif begun == CLEAR:
            self.arriving = self.buffer = b""
            self.answers += b"\x37\x25\x00"
        elif not (CLEAR.startswith(begun) or begun in (bytes([DLE, EOT]), bytes([DLE, ENQ]))):
            last = begun[-1:] if begun[-1] == DLE and len(begun) > 1 else b""
            self.buffer += begun[: len(begun) - len(last)]
            self.arriving = last

    # Commands that wait in line.

    def work(self) -> None:
        while not self.stops():
            length = command_length(self.buffer)
            if length is None:
                return
            if self.buffer[:2] in CUTS and "cut" in self.moments:
                self.set(self.moments.pop("cut"), True)
                return
            command, self.buffer = self.buffer[:length], self.buffer[length:]
            self.do(command)

    def do(self, command: bytes) -> None:
        self.strip += command
        head = command[:2]
        if head == b"\x1dr":
            paper = self.status()[3]
            self.answers += bytes([(0x03 if paper & 0x0C else 0) | (0x0C if paper & 0x60 else 0)])
        elif head == b"\x1d(" and command[2:7] == b"H\x06\x0000":
            self.answers += b"\x37\x22" + command[7:11] + b"\x00"
            if "proof" in self.moments:
                self.set(self.moments.pop("proof"), True)
        elif head == b"\x1da":
            self.asked_for_changes = command[2] != 0
            if self.asked_for_changes:
                self.tell()
        elif head in (b"\x1bJ", b"\x1bd", b"\x1dv") or command == b"\n":
            self.fed = True
        elif head in CUTS:
            self.cut()

    def cut(self) -> None:
        """Each strip that fell is a file: 1.bin, 2.bin ..."""
        if self.fed:
            self.papers += 1
            (self.folder / f"{self.papers}.bin").write_bytes(self.strip)
        self.strip, self.fed = b"", False


def command_length(data: bytes) -> int | None:
    """Bytes of the first command, or None while it is not whole."""
    if not data:
        return None
    if data[0] == GS and len(data) >= 2:
        wanted = length_of_group(data)
    elif data[0] == ESC and len(data) >= 2:
        wanted = 2 if data[1:2] in (b"@", b"i", b"m") else 3
    elif data[0] in (GS, ESC):
        wanted = None
    else:
        wanted = 1
    return wanted if wanted is not None and len(data) >= wanted else None


def length_of_group(data: bytes) -> int | None:
    second = data[1:2]
    if second == b"v":
        if len(data) < 8:
            return None
        return 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")
    if second == b"(":
        return 5 + int.from_bytes(data[3:5], "little") if len(data) >= 5 else None
    if second == b"V":
        return (4 if data[2] in (65, 66) else 3) if len(data) >= 3 else None
    return {b"L": 4, b"P": 4, b"W": 4}.get(second, 3)
