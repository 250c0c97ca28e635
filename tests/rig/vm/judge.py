"""Holds what came out of the rig's machine against what went in.

judge.py FOLDER
"""

import json
import subprocess
import sys
from pathlib import Path

# What stands before the camera: an invented person's card.
CODE = "001304000003||Lê Bé Na|10022004|Nữ|Phường Hoàn Kiếm, Thành phố Hà Nội|15082024||Lê Văn Cha|Phạm Thị Mẹ|"
TYPED = "001304000003"
PRINTED = "motcua printer test"


def answers(folder, name):
    """The JSON lines a command said, if it ended well."""
    status = (folder / f"{name}.status").read_text().strip()
    if status != "0":
        raise AssertionError(f"it ended with {status}: {(folder / f'{name}.err').read_text()}")
    return [json.loads(line) for line in (folder / f"{name}.out").read_text().splitlines()]


def camera(folder):
    seen = [answer["payload"] for answer in answers(folder, "camera")]
    assert CODE in seen, f"the camera saw {seen}"
    return f"nokhwa and V4L2 read the card's {len(CODE.encode())} bytes"


def wedge(folder):
    seen = [answer["payload"] for answer in answers(folder, "wedge")]
    assert seen == [TYPED], f"the wedge typed {seen}"
    return "evdev heard the wedge"


def usb_list(folder):
    ports = [answer["port"] for answer in answers(folder, "list")]
    assert any(port.startswith("usb:04b8:0e15") for port in ports), f"listed: {ports}"
    return f"listed as {ports[0]}"


def usb_status(folder):
    (status,) = answers(folder, "status")
    assert status["paper"] == "Ok" and status["online"], f"status: {status}"
    return "the printer says that all is well"


def usb_print(folder):
    answers(folder, "print")
    reader = Path(__file__).parents[1] / "escpos_read.py"
    command = [sys.executable, reader, folder / "paper.bin", folder / "paper"]
    read = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert not read["unknown"] and len(read["tickets"]) == 1, f"on paper: {read}"
    picture = folder / "paper-1.png"
    codes = subprocess.run(["zbarimg", "-q", "--raw", picture], check=True, capture_output=True)
    assert PRINTED in codes.stdout.decode(), f"zbarimg reads {codes.stdout}"
    size = (folder / "paper.bin").stat().st_size
    return f"{size} bytes through usbfs give a slip whose QR code another program reads: {picture}"


def main():
    folder = Path(sys.argv[1])
    failed = 0
    for check in (camera, wedge, usb_list, usb_status, usb_print):
        try:
            print(f"ok      {check.__name__}: {check(folder)}")
        except (AssertionError, OSError, ValueError, subprocess.CalledProcessError) as error:
            failed += 1
            print(f"FAILED  {check.__name__}: {error}")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
