"""USB devices on the far side of the kernel's dummy host controller: a thermal printer that
answers, and a code reader that types.

gadgets.py printer FILE    plays the printer until it is killed; what was printed goes to FILE
gadgets.py type TEXT       types TEXT and Enter as a keyboard wedge would
"""

import os
import select
import subprocess
import sys
import time

GADGETS = "/sys/kernel/config/usb_gadget"
# A boot keyboard: eight bytes a report (Device Class Definition for HID 1.11, appendix B.1).
KEYBOARD = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395057501050819012905"
    "91029501750391039506750815002565050719002965810000c0".replace("810000c0", "8100c0")
)
DIGIT_KEYS = {str(digit): 0x1E + (digit - 1) % 10 for digit in range(10)}
ENTER = 0x28


def write(path, data):
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def gadget(name, vendor, product, called, function, settings, controller):
    """Makes a gadget of one function and plugs it in."""
    folder = f"{GADGETS}/{name}"
    for part in ("strings/0x409", "configs/c.1/strings/0x409", f"functions/{function}"):
        os.makedirs(f"{folder}/{part}", exist_ok=True)
    write(f"{folder}/idVendor", vendor)
    write(f"{folder}/idProduct", product)
    write(f"{folder}/strings/0x409/manufacturer", "rig")
    write(f"{folder}/strings/0x409/product", called)
    write(f"{folder}/strings/0x409/serialnumber", "0001")
    for key, value in settings.items():
        write(f"{folder}/functions/{function}/{key}", value)
    os.symlink(f"{folder}/functions/{function}", f"{folder}/configs/c.1/{function}")
    write(f"{folder}/UDC", f"dummy_udc.{controller}")


def plug_in():
    """Printer and keyboard."""
    subprocess.run(["modprobe", "dummy_hcd", "num=2"], check=True)
    subprocess.run(["modprobe", "libcomposite"], check=True)
    subprocess.run(["mount", "-t", "configfs", "none", "/sys/kernel/config"], check=False)
    pnp = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;"
    gadget("printer", "0x04b8", "0x0e15", "TM-T20", "printer.0", {"pnp_string": pnp}, 0)
    keys = {"protocol": "1", "subclass": "1", "report_length": "8", "report_desc": KEYBOARD}
    gadget("wedge", "0x05e0", "0x1200", "Wedge", "hid.0", keys, 1)


class Printer:
    """Enough of an Epson to say that all is well: real-time status, sensor status, ASB."""

    WELL = {1: 0x16, 2: 0x12, 3: 0x12, 4: 0x12}

    def __init__(self, line, paper):
        self.line, self.paper, self.behind = line, paper, b""

    def hear(self, data):
        """Keeps what came and answers the questions in it, in the order they stand."""
        self.paper.write(data)
        self.paper.flush()
        seen = self.behind + data
        at = 0
        while at < len(seen):
            if seen[at : at + 2] == b"\x10\x04" and at + 2 < len(seen):
                self.say(bytes([self.WELL.get(seen[at + 2], 0x12)]))
                at += 3
            elif seen[at : at + 2] == b"\x1dr" and at + 2 < len(seen):
                self.say(b"\x00")
                at += 3
            elif seen[at : at + 3] == b"\x1d(H" and at + 9 <= len(seen):
                if seen[at + 5 : at + 7] == b"\x30\x30":
                    self.say(b"\x37\x22" + seen[at + 7 : at + 11] + b"\x00")
                at += 5 + int.from_bytes(seen[at + 3 : at + 5], "little")
            elif len(seen) - at < 11:
                break  # a question may go on in the next piece
            else:
                at += 1
        self.behind = seen[at:]

    def say(self, answer):
        select.select([], [self.line], [], 5)
        os.write(self.line, answer)


def play_printer(path):
    line = os.open("/dev/g_printer0", os.O_RDWR | os.O_NONBLOCK)
    with open(path, "wb") as paper:
        printer = Printer(line, paper)
        while True:
            select.select([line], [], [])
            try:
                printer.hear(os.read(line, 8192))
            except BlockingIOError:
                pass


def type_text(text):
    keyboard = os.open("/dev/hidg0", os.O_RDWR | os.O_NONBLOCK)
    for key in [DIGIT_KEYS[sign] for sign in text] + [ENTER]:
        for report in (bytes((0, 0, key, 0, 0, 0, 0, 0)), bytes(8)):
            send(keyboard, report)


def send(keyboard, report):
    """The host takes a report when it asks for one."""
    for _ in range(500):
        try:
            os.write(keyboard, report)
            return
        except BlockingIOError:
            time.sleep(0.01)
    raise SystemExit("nobody reads the keyboard")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["plug-in"]:
            plug_in()
        case ["printer", file]:
            play_printer(file)
        case ["type", digits]:
            type_text(digits)
        case _:
            raise SystemExit(__doc__)
