#!/usr/bin/python3
"""A receipt printer at a USB that does not exist, for programs that use libusb.

    umockdev-wrapper usb_printer.py [--fault FAULT]… [--folder DIR] -- PROGRAM [WORD…]

runs PROGRAM so that libusb in it finds the printer: umockdev stands between libusb and the kernel
and hands over what would be ioctls of usbfs. A dynamic model, not a recording. Strips that were cut
off are DIR/1.bin, 2.bin …; while PROGRAM runs, the port in its MOTCUA_RIG takes lines:

    set NAME | unset NAME        what the sensors see: paper-out, paper-low, cover, jam, knife, hot
    when cut NAME | when proof NAME   the sensors see it right before the next cut, right behind
                                 the answer that proves a ticket
    fault FAULT | mend           what the line does, see below
    unplug | plug                the device leaves, or comes back under another number
    report                       a line of JSON: bytes taken, papers, bytes of the hanging strip

A FAULT is NAME[@BYTES][:SECONDS]: from when so many bytes were taken, for so long. Names are those
of the sensors and

    stall     nothing is taken        short     each transfer takes 37 bytes
    pipe      the transfer is halted in its middle, once; pipes: again and again
    unplug    it is pulled            mute      no answer comes
    bound     usblp holds it          claimed   another program holds it
    no-serial, second                 it has no serial number; a second one stands beside it

Needs Debian's umockdev, gir1.2-umockdev-1.0 and python3-gi, hence the system's Python.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import GLib  # noqa: E402

from printer_brain import Fault, Printer  # noqa: E402
from rig_control import serve  # noqa: E402
from usb_device import Plug  # noqa: E402
from usbfs import Usbfs  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", action="append", default=[], metavar="FAULT")
    parser.add_argument("--folder", type=Path, help="where cut strips go; a temporary one by default")
    parser.add_argument("--buffer", type=int, default=4096, help="bytes a stopped printer still takes")
    parser.add_argument("program", nargs="+")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="usb-printer-"))

    names = {Fault(fault).name for fault in given.fault}
    plug = Plug(serial=None if "no-serial" in names else "0001")
    if "second" in names:
        plug.add_second()
    device = Usbfs(Printer(folder, given.buffer), given.fault)
    device.on_unplug = plug.pull
    plug.put_in(device)

    def control(line: str) -> str:
        verb, _, word = line.partition(" ")
        if verb in ("set", "unset"):
            device.printer.set(word, verb == "set")
            device.carry()
        elif verb == "fault":
            device.add_fault(word)
        elif verb == "when":
            device.printer.when(*word.split())
        elif verb == "mend":
            device.mend()
        elif verb == "unplug":
            device.unplugged()
        elif verb == "plug":
            device.gone = False
            device.done.clear()
            plug.put_in(device)
        elif verb != "report":
            return f"no such line: {line}"
        return device.printer.report()

    port = serve(control, lambda work: GLib.idle_add(lambda: bool(work())))
    environment = {
        **os.environ,
        "LD_PRELOAD": "libumockdev-preload.so.0",
        "UMOCKDEV_DIR": plug.root(),
        "MOTCUA_RIG": str(port),
        "MOTCUA_RIG_FOLDER": str(folder),
    }
    loop, ended = GLib.MainLoop(), []

    def run() -> None:
        ended.append(subprocess.run(given.program, env=environment).returncode)
        GLib.idle_add(loop.quit)

    threading.Thread(target=run, daemon=True).start()
    loop.run()
    return ended[0]


if __name__ == "__main__":
    sys.exit(main())
