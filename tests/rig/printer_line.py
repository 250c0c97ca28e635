#!/usr/bin/env python3
"""A receipt printer at a serial line or in the network, for programs that know no better.

    printer_line.py tcp|pty [--baud 115200] [--fault FAULT]… [--folder DIR]

prints one line of JSON, {"device": "127.0.0.1:PORT" or "/dev/pts/N", "control": PORT}, and works
until its standard input ends. Strips that were cut off are DIR/1.bin, 2.bin …; the control port
takes lines: set NAME, unset NAME, when MOMENT NAME, fault FAULT, mend, report (see usb_printer.py).

A FAULT is NAME[@BYTES][:SECONDS]: from when so many bytes were taken, for so long. Names are what
the sensors see (paper-out, paper-low, cover, jam, knife, hot) and

    stall     nothing is taken        mute      no answer comes
    reset     tcp: the connection is torn down with RST
    hangup    pty: the device's end is closed; it comes back at the next `mend`
"""

import argparse
import json
import os
import pty
import select
import socket
import struct
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from printer_brain import CONDITIONS, Fault, Printer
from rig_control import serve

TICK_S = 0.005


class Tcp:
    """One host at a time, as printers do."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.host: socket.socket | None = None
        self.device = "127.0.0.1:%d" % self.listener.getsockname()[1]

    def read(self, most: int) -> bytes:
        if self.host is None:
            if not select.select([self.listener], [], [], TICK_S)[0]:
                return b""
            self.host, _ = self.listener.accept()
            self.host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not select.select([self.host], [], [], TICK_S)[0]:
            return b""
        try:
            data = self.host.recv(most)
        except ConnectionError:
            data = b""
        if not data:
            self.host.close()
            self.host = None
        return data

    def write(self, data: bytes) -> None:
        try:
            if self.host and data:
                self.host.sendall(data)
        except ConnectionError:
            pass  # the next read sees it

    def cut(self) -> None:
        """No farewell: whatever was under way is lost on both sides."""
        if self.host:
            self.host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.host.close()
            self.host = None

    def mend(self) -> None:
        pass


class Pty:
    """A serial line without wires, found under a name that stays when it comes back."""

    def __init__(self, link: Path) -> None:
        self.link, self.device = link, str(link)
        self.ours = self.theirs = -1
        self.mend()

    def read(self, most: int) -> bytes:
        if self.ours < 0 or not select.select([self.ours], [], [], TICK_S)[0]:
            return b""
        return os.read(self.ours, most)

    def write(self, data: bytes) -> None:
        if self.ours >= 0 and data:
            os.write(self.ours, data)

    def cut(self) -> None:
        os.close(self.ours)
        os.close(self.theirs)
        self.ours = self.theirs = -1
        self.link.unlink()

    def mend(self) -> None:
        if self.ours < 0:
            self.ours, self.theirs = pty.openpty()
            tty.setraw(self.theirs)
            self.link.symlink_to(os.ttyname(self.theirs))


class Machine:
    def __init__(self, line: Tcp | Pty, printer: Printer, baud: int, faults: list[str]) -> None:
        self.line, self.printer, self.baud = line, printer, baud
        self.faults = [Fault(fault) for fault in faults]
        self.work: list[Callable[[], None]] = []
        self.free_at = 0.0

    def run(self) -> None:
        while True:
            while self.work:
                self.work.pop(0)()
            self.notice()
            if not self.has("mute"):
                self.line.write(self.printer.answer())
            most = self.most()
            if most <= 0 or self.has("stall"):
                time.sleep(TICK_S)
                continue
            data = self.line.read(most)
            if data:
                self.pace(len(data))
                self.printer.take(data)

    def has(self, name: str) -> bool:
        return any(f.name == name and f.after <= self.printer.taken for f in self.faults)

    def most(self) -> int:
        """Bytes taken at once: never past the next fault, a hundredth of a second of a slow line."""
        ahead = [f.after - self.printer.taken for f in self.faults if f.after > self.printer.taken]
        most = min([self.printer.room(), *ahead])
        return min(most, self.baud // 1000 + 1) if self.baud else most

    def notice(self) -> None:
        for fault in [f for f in self.faults if f.after <= self.printer.taken]:
            if fault.name in CONDITIONS:
                self.faults.remove(fault)
                self.printer.set(fault.name, True)
            elif fault.name in ("reset", "hangup"):
                self.faults.remove(fault)
                self.line.cut()
                self.printer.switch_off()
            elif fault.seconds is not None:
                threading.Timer(fault.seconds, self.work.append, [lambda fault=fault: self.over(fault)]).start()
                fault.seconds = None

    def over(self, fault: Fault) -> None:
        if fault in self.faults:
            self.faults.remove(fault)

    def pace(self, count: int) -> None:
        """Ten bits a byte, reckoned from when the line was last free."""
        if self.baud:
            now = time.monotonic()
            self.free_at = (self.free_at if now - self.free_at < 0.02 else now) + 10 * count / self.baud
            time.sleep(max(0.0, self.free_at - time.monotonic()))

    def control(self, line: str) -> str:
        verb, _, word = line.partition(" ")
        if verb in ("set", "unset"):
            self.printer.set(word, verb == "set")
        elif verb == "fault":
            self.faults.append(Fault(word))
        elif verb == "when":
            self.printer.when(*word.split())
        elif verb == "mend":
            self.faults.clear()
            self.line.mend()
            for name in list(self.printer.conditions):
                self.printer.set(name, False)
        elif verb != "report":
            return f"no such line: {line}"
        return self.printer.report()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("line", choices=["tcp", "pty"])
    parser.add_argument("--fault", action="append", default=[], metavar="FAULT")
    parser.add_argument("--folder", type=Path, help="where cut strips go; a temporary one by default")
    parser.add_argument("--baud", type=int, default=0, help="speed of the line; none by default")
    parser.add_argument("--buffer", type=int, default=4096, help="bytes a stopped printer still takes")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="printer-line-"))
    line = Tcp() if given.line == "tcp" else Pty(folder / "printer")
    machine = Machine(line, Printer(folder, given.buffer), given.baud, given.fault)
    control = serve(machine.control, machine.work.append)
    threading.Thread(target=machine.run, daemon=True).start()
    print(json.dumps({"device": line.device, "control": control}), flush=True)
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
