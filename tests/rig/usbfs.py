"""The device file of a simulated USB printer: what usbfs answers, one ioctl at a time."""

import errno
import struct
import sys

from gi.repository import GLib, UMockdev

from printer_brain import CONDITIONS, Fault, Printer

# Requests of usbfs, as <linux/usbdevice_fs.h> numbers them on 64 bits.
CLEAR_HALT = 0x80045515
SUBMIT_URB, DISCARD_URB = 0x8038550A, 0x550B
REAP_URB, REAP_URB_NO_DELAY = 0x4008550C, 0x4008550D
CLAIM, RELEASE, DISCONNECT_CLAIM = 0x8004550F, 0x80045510, 0x8108551B
GET_CAPABILITIES, GET_DRIVER, DRIVER_IOCTL = 0x8004551A, 0x41045508, 0xC0105512
SET_CONFIGURATION, SET_INTERFACE, RESET = 0x80045505, 0x80085504, 0x5514

CONTROL, BULK = 2, 3
URB = struct.Struct("<BBxxiIxxxxQii")
URB_BYTES, STATUS_AT, LENGTH_AT, BUFFER_AT = 56, 4, 28, 16
SHORT = 37


class Usbfs(UMockdev.IoctlBase):
    """The device file: takes ioctls, gives and takes URBs."""

    def __init__(self, printer: Printer, faults: list[str]) -> None:
        super().__init__()
        self.printer = printer
        self.faults: list[Fault] = []
        self.waiting = []  # (urb, buffer, length) to and from the device
        self.reading = []
        self.done = []
        self.halted = self.gone = False
        self.bound = False
        for fault in faults:
            self.add_fault(fault)

    # Faults.

    def add_fault(self, text: str) -> None:
        fault = Fault(text)
        if fault.name == "bound":
            self.bound = True
        self.faults.append(fault)
        self.notice()

    def mend(self) -> None:
        self.faults.clear()
        self.halted = False
        for name in list(self.printer.conditions):
            self.printer.set(name, False)
        self.carry()

    def has(self, name: str) -> bool:
        return any(f.name == name and f.after <= self.printer.taken for f in self.faults)

    def until_next(self) -> int | None:
        """Bytes until something happens; a transfer is not taken past that."""
        ahead = [f.after - self.printer.taken for f in self.faults]
        return min((bytes for bytes in ahead if bytes > 0), default=None)

    def notice(self) -> None:
        """Lets faults that are due begin."""
        for fault in [f for f in self.faults if f.after <= self.printer.taken]:
            if fault.name in CONDITIONS:
                self.faults.remove(fault)
                self.printer.set(fault.name, True)
            elif fault.name == "unplug":
                self.faults.remove(fault)
                self.unplugged()
            elif fault.seconds is not None:
                # After the time the fault is gone and what waited goes on.
                GLib.timeout_add(int(fault.seconds * 1000), self.over, fault)
                fault.seconds = None

    def over(self, fault: Fault) -> bool:
        if fault in self.faults:
            self.faults.remove(fault)
        self.carry()
        return False

    def unplugged(self) -> None:
        self.gone = True
        for urb, _, _ in self.waiting + self.reading:
            self.finish(urb, -errno.ESHUTDOWN, 0)
        self.waiting, self.reading = [], []
        self.printer.switch_off()
        GLib.idle_add(self.on_unplug)

    def on_unplug(self) -> bool:
        """Set by whoever owns the plug."""
        return False

    # Transfers.

    def finish(self, urb, status: int, length: int) -> None:
        urb.update(STATUS_AT, struct.pack("<i", status))
        urb.update(LENGTH_AT, struct.pack("<i", length))
        self.done.append(urb)

    def submit(self, urb) -> int:
        kind, endpoint, _, _, _, length, _ = URB.unpack(content(urb)[: URB.size])
        buffer = urb.resolve(BUFFER_AT, length) if length else None
        if kind == CONTROL:
            self.control(urb, buffer)
        elif endpoint & 0x80:
            self.reading.append((urb, buffer, length))
        elif kind == BULK:
            self.waiting.append((urb, content(buffer) if buffer else b"", 0))
        else:
            return errno.EINVAL
        self.carry()
        return 0

    def control(self, urb, buffer) -> None:
        kind, request = content(buffer)[:2]
        if (kind, request) == (0xA1, 1):
            buffer.update(8, bytes([self.printer.class_status()]))
            self.finish(urb, 0, 1)
        else:
            self.finish(urb, -errno.EPIPE, 0)

    def carry(self) -> None:
        """Moves what can be moved, in both directions."""
        while self.waiting and not self.halted and not self.gone and not self.has("stall"):
            urb, data, taken = self.waiting.pop(0)
            if self.has("pipe") or self.has("pipes"):
                # Half of it was taken, and nobody is told that it was.
                self.printer.take(data[taken : (taken + len(data)) // 2])
                self.faults = [fault for fault in self.faults if fault.name != "pipe"]
                self.halted = True
                self.finish(urb, -errno.EPIPE, 0)
                break
            most = min(filter(None, [self.printer.room(), self.until_next()]), default=0)
            if self.printer.room() <= 0:
                most = 0
            if self.has("short"):
                most = min(most, SHORT)
            piece = data[taken : taken + most]
            self.printer.take(piece)
            taken += len(piece)
            self.notice()
            if self.gone:
                self.finish(urb, -errno.ESHUTDOWN, taken)
            elif taken == len(data) or self.has("short"):
                self.finish(urb, 0, taken)
            else:
                self.waiting.insert(0, (urb, data, taken))
                if not piece:
                    break
        while self.reading and self.printer.answers and not self.has("mute"):
            urb, buffer, length = self.reading.pop(0)
            piece = self.printer.answer(length)
            buffer.update(0, piece)
            self.finish(urb, 0, len(piece))

    def discard(self) -> None:
        """The oldest transfer to the device, else from it, is taken back; what it took counts.
        libusb has one on its way at a time in either direction."""
        queue = self.waiting or self.reading
        if queue:
            urb, _, moved = queue.pop(0)
            self.finish(urb, -errno.ENOENT, moved if queue is self.waiting else 0)

    # Requests.

    def do_handle_ioctl(self, client) -> bool:
        request = client.get_request() & 0xFFFFFFFF
        error, result = self.handle(request, client.get_arg())
        client.complete(-1 if error else result, error)
        return True

    def handle(self, request: int, arg) -> tuple[int, int]:
        if request in (REAP_URB, REAP_URB_NO_DELAY):
            if not self.done:
                return (errno.ENODEV if self.gone else errno.EAGAIN), 0
            arg.resolve(0, 8).set_ptr(0, self.done.pop(0))
            return 0, 0
        if self.gone:
            return errno.ENODEV, 0
        if request == SUBMIT_URB:
            return self.submit(arg.resolve(0, URB_BYTES)), 0
        if request == DISCARD_URB:
            self.discard()
        elif request == CLEAR_HALT:
            self.halted = False
        elif request == GET_CAPABILITIES:
            arg.resolve(0, 4).update(0, struct.pack("<I", 0))
        elif request == GET_DRIVER:
            if not self.bound:
                return errno.ENODATA, 0
            arg.resolve(0, 260).update(4, b"usblp\0")
        elif request in (CLAIM, DISCONNECT_CLAIM):
            if self.has("claimed") or (self.bound and request == CLAIM):
                return errno.EBUSY, 0
            self.bound = False
        elif request == DRIVER_IOCTL:
            self.bound = any(fault.name == "bound" for fault in self.faults)
            return 0, 1
        elif request not in (RELEASE, SET_CONFIGURATION, SET_INTERFACE, RESET):
            print(f"usb_printer: no such request {request:#x}", file=sys.stderr)
            return errno.ENOTTY, 0
        return 0, 0


def content(data) -> bytes:
    """The bytes of a piece of the program's memory."""
    piece = data.retrieve()
    return bytes(piece[0] if isinstance(piece, tuple) else piece)
