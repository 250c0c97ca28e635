"""USB devices on the far side of the kernel's dummy host controllers: a thermal printer, whose brain
is printer_brain.py, a code reader that types, and one at a serial line.
"""

import fcntl
import os
import queue
import subprocess
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from printer_brain import Printer
from printer_line import TICK_S, Machine

GADGETS = Path("/sys/kernel/config/usb_gadget")
PRINTER_LINE, KEYBOARD_LINE = "/dev/g_printer0", "/dev/hidg0"
# _IOWR('g', 0x22, unsigned char) of <linux/usb/g_printer.h>: what GET_PORT_STATUS answers.
SET_PRINTER_STATUS = 0xC0016722
# A boot keyboard without lights: eight bytes a report (Device Class Definition for HID 1.11,
# appendix B.1).
KEYBOARD = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395067508150025650507190029658100c0"
)
KEYS = {str(digit): 0x1E + (digit - 1) % 10 for digit in range(10)} | {"\n": 0x28}


def write(path: Path, data: str | bytes) -> None:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


class Gadget:
    """A USB device of one function."""

    def __init__(self, name: str, called: str, numbers: tuple[str, str], controller: int) -> None:
        self.folder, self.controller = GADGETS / name, controller
        for part in ("strings/0x409", "configs/c.1/strings/0x409"):
            (self.folder / part).mkdir(parents=True)
        for key, value in zip(("idVendor", "idProduct"), numbers):
            write(self.folder / key, value)
        for key, value in (("manufacturer", "rig"), ("product", called), ("serialnumber", "0001")):
            write(self.folder / "strings/0x409" / key, value)

    def give(self, function: str, settings: dict[str, str | bytes]) -> None:
        folder = self.folder / "functions" / function
        folder.mkdir()
        for key, value in settings.items():
            write(folder / key, value)
        (self.folder / "configs/c.1" / function).symlink_to(folder)

    def take(self, function: str) -> None:
        (self.folder / "configs/c.1" / function).unlink()
        (self.folder / "functions" / function).rmdir()

    def plug_in(self) -> None:
        write(self.folder / "UDC", f"dummy_udc.{self.controller}")

    def pull(self) -> None:
        write(self.folder / "UDC", "\n")


class PrinterLine:
    """The device's end of the cable, as printer_line.py wants a line."""

    FUNCTION = "printer.0"
    # As few bytes under way as the kernel allows, so that a stopped printer is felt soon.
    SETTINGS = {"pnp_string": "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;", "q_len": "1"}

    def __init__(self, gadget: Gadget) -> None:
        self.gadget, self.line, self.unsent, self.class_status = gadget, -1, b"", -1
        self.mend()

    def read(self, most: int) -> bytes:
        # The kernel's poll does not tell of the rest of a transfer that was read in part.
        try:
            data = os.read(self.line, most) if self.line >= 0 else b""
        except (BlockingIOError, OSError):
            data = b""
        if not data:
            time.sleep(TICK_S)
        return data

    def write(self, data: bytes) -> None:
        self.unsent += data
        if self.unsent and self.line >= 0:
            try:
                self.unsent = self.unsent[os.write(self.line, self.unsent) :]
            except (BlockingIOError, OSError):
                pass  # nobody has fetched what was said before

    def tell(self, status: int) -> None:
        if self.line >= 0 and status != self.class_status:
            fcntl.ioctl(self.line, SET_PRINTER_STATUS, status)
            self.class_status = status

    def cut(self) -> None:
        os.close(self.line)
        self.line, self.unsent = -1, b""
        self.gadget.pull()
        # Linux 6.1 mixes up its lists when a printer's function is used for a second plugging.
        self.gadget.take(self.FUNCTION)

    def mend(self) -> None:
        if self.line < 0:
            self.gadget.give(self.FUNCTION, self.SETTINGS)
            self.gadget.plug_in()
            self.line, self.class_status = opened(PRINTER_LINE), -1


class UsbPrinter(Machine):
    """The printer, at work on a thread of its own. Of printer_line.py's faults `hangup` pulls the
    plug and `mend` puts it back."""

    def __init__(self, papers: Path) -> None:
        gadget = Gadget("printer", "TM-T20", ("0x04b8", "0x0e15"), 0)
        super().__init__(PrinterLine(gadget), Printer(papers), 0, [])
        threading.Thread(target=self.run, daemon=True).start()

    def notice(self) -> None:
        super().notice()
        self.line.tell(self.printer.class_status())

    def tell(self, line: str) -> str:
        """Has the machine's thread do what a control line says."""
        answer: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.work.append(lambda: answer.put(self.control(line)))
        return answer.get(timeout=30)


class Wedge:
    """A code reader in keyboard mode."""

    PATH = Path("/dev/input/by-id/usb-rig_Wedge_0001-event-kbd")

    def __init__(self) -> None:
        self.gadget = Gadget("wedge", "Wedge", ("0x05e0", "0x1200"), 1)
        settings = {"protocol": "1", "subclass": "1", "report_length": "8", "report_desc": KEYBOARD}
        self.gadget.give("hid.0", settings)
        self.put_back()

    def put_back(self) -> None:
        self.gadget.plug_in()
        wait_for(self.PATH.exists, f"{self.PATH} does not come")

    def send(self, text: str) -> None:
        line = opened(KEYBOARD_LINE)
        try:
            for key in text:
                for report in (bytes((0, 0, KEYS[key], 0, 0, 0, 0, 0)), bytes(8)):
                    self.press(line, report)
        finally:
            os.close(line)

    @staticmethod
    def press(line: int, report: bytes) -> None:
        """The host takes a report when it asks for one."""

        def sent() -> bool:
            try:
                return os.write(line, report) == len(report)
            except BlockingIOError:
                return False

        wait_for(sent, "nobody reads the keyboard")


class Gun:
    """A code reader at a serial line of its own (CDC-ACM)."""

    PATH = Path("/dev/serial/by-id/usb-rig_Gun_0001-if00")

    def __init__(self) -> None:
        self.gadget = Gadget("gun", "Gun", ("0x0c2e", "0x0901"), 2)
        self.gadget.give("acm.0", {})
        self.put_back()

    def put_back(self) -> None:
        self.gadget.plug_in()
        wait_for(self.PATH.exists, f"{self.PATH} does not come")

    def send(self, text: str) -> None:
        line = opened("/dev/ttyGS0")
        tty.setraw(line)
        os.write(line, text.encode())
        os.close(line)


def opened(line: str) -> int:
    """A gadget's line is there once the host has made the device's acquaintance."""
    file = -1

    def open_it() -> bool:
        nonlocal file
        try:
            file = os.open(line, os.O_RDWR | os.O_NONBLOCK)
        except OSError:
            return False
        return True

    wait_for(open_it, f"{line} does not come")
    return file


def wait_for(what: Callable[[], bool], else_say: str) -> None:
    until = time.monotonic() + 60
    while not what():
        if time.monotonic() > until:
            raise TimeoutError(else_say)
        time.sleep(TICK_S)


def make_usb() -> None:
    """Three host controllers without wires, with nothing plugged in."""
    subprocess.run(["modprobe", "dummy_hcd", "num=3"], check=True)
    subprocess.run(["modprobe", "libcomposite"], check=True)
    subprocess.run(["mount", "-t", "configfs", "none", "/sys/kernel/config"], check=True)
