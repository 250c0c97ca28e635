"""The play in the rig's machine: each scene has kioskctl use a device as the kiosk's user would,
and notes what came of it in /out/scenes.json; strips of paper fall into /out/paper.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.append("/rig/emulators")

from camera import CAMERA, Camera  # noqa: E402
from gadgets import UsbPrinter, Wedge, make_usb, wait_for  # noqa: E402

OUT = Path("/out")
# The groups that the kiosk's unit has and this machine knows; no other right.
AS_KIOSK = ["setpriv", "--reuid=990", "--regid=990", "--no-new-privs"]
AS_KIOSK += ["--groups=lp,dialout,video,input,plugdev", "--"]
# About the middle of what `printer test` sends, in bytes: behind the zeros that end whatever an
# earlier process left torn, in the middle of the slip.
MIDDLE = 16_000
TYPED = "001304000003\n"


class Stage:
    def __init__(self) -> None:
        self.scenes: dict[str, dict] = {}
        self.camera = Camera()
        make_usb()
        (OUT / "paper").mkdir()
        self.printer = UsbPrinter(OUT / "paper")
        self.wedge = Wedge()
        settle()

    def scene(
        self,
        name: str,
        *words: str,
        config: str = "kiosk.toml",
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Runs kioskctl with these words and a deadline."""
        command = ["/rig/kioskctl", "--config", f"/rig/{config}", "--json", *words]
        began = time.monotonic()
        process = subprocess.Popen(
            AS_KIOSK + command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        meanwhile()
        acted = time.monotonic()
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        ended = time.monotonic()
        self.scenes[name] = {
            "status": process.returncode,
            "out": out.decode(),
            "err": err.decode(),
            "seconds": round(ended - began, 2),
            "seconds_after": round(ended - acted, 2),
            "printer": json.loads(self.printer.tell("report")),
        }
        say(f"{name} ended with {process.returncode} after {ended - began:.1f} s")

    def note(self, name: str, what: object) -> None:
        self.scenes[name] = {"note": what}


def printer(stage: Stage) -> None:
    tell = stage.printer.tell
    stage.note("usb", {"lsusb": said("lsusb"), "owner": said("stat", "-c", "%G", *usb_files())})
    stage.note("usblp before", Path("/dev/usb/lp0").exists())
    stage.scene("printer list", "printer", "list")
    stage.scene("status", "printer", "status")
    stage.scene("slip", "printer", "test")
    stage.note("usblp after", Path("/dev/usb/lp0").exists())

    tell("set paper-low")
    stage.scene("status, paper low", "printer", "status")
    tell("mend")
    tell("set paper-out")
    stage.scene("status, no paper", "printer", "status")
    stage.scene("slip, no paper", "printer", "test")
    tell("mend")
    stage.scene("slip, paper again", "printer", "test")

    broken(stage, "paper ends", "paper-out")
    broken(stage, "lid opened", "cover")

    tell(f"fault stall@{taken(stage) + MIDDLE}:0.7")
    stage.scene("slip, 0.7 s of stall", "printer", "test")

    tell(f"fault hangup@{taken(stage) + MIDDLE}")
    stage.scene("slip, pulled", "printer", "test")
    settle()
    stage.scene("status, pulled", "printer", "status")
    stage.scene("printer list, pulled", "printer", "list")
    tell("mend")
    settle()
    stage.scene("status, put back", "printer", "status")
    stage.scene("slip, put back", "printer", "test")


def broken(stage: Stage, name: str, fault: str) -> None:
    """Trouble in the middle of a slip, then the next slip on the same paper."""
    stage.printer.tell(f"fault {fault}@{taken(stage) + MIDDLE}")
    stage.scene(f"slip, {name}", "printer", "test")
    stage.printer.tell("mend")
    stage.scene(f"slip, after {name}", "printer", "test")


def camera(stage: Stage) -> None:
    watch = ("code", "test", "--reveal", "--seconds", "90")
    stage.camera.show()
    stage.camera.look(True)
    stage.scene("code list", "code", "list")
    stage.scene("camera status", "code", "status")
    stage.scene("camera", *watch)

    def pull() -> None:
        wait_until_held(CAMERA)
        time.sleep(2)
        stage.camera.pull()

    stage.camera.look(False)
    stage.scene("camera, pulled", *watch, meanwhile=pull)
    settle()
    stage.camera.show()
    stage.camera.look(True)
    stage.scene("camera, put back", *watch)
    stage.camera.hide()


def wedge(stage: Stage) -> None:
    def code(name: str, meanwhile: Callable[[], None]) -> None:
        words = ("code", "test", "--reveal", "--seconds", "60")
        stage.scene(name, *words, config="wedge.toml", meanwhile=meanwhile)

    def type_code() -> None:
        wait_until_held(os.path.realpath(Wedge.PATH))
        stage.wedge.type(TYPED)

    def pull_in_code() -> None:
        wait_until_held(os.path.realpath(Wedge.PATH))
        stage.wedge.type(TYPED[:6])
        stage.wedge.gadget.pull()

    code("wedge", type_code)
    code("wedge, pulled in a code", pull_in_code)
    stage.wedge.put_back()
    settle()
    code("wedge, put back", type_code)


def taken(stage: Stage) -> int:
    return json.loads(stage.printer.tell("report"))["taken"]


def wait_until_held(device: str) -> None:
    """Until a worker has opened this device."""

    def held() -> bool:
        return any(links_to(link, device) for link in Path("/proc").glob("[0-9]*/fd/*"))

    wait_for(held, f"nobody opens {device}")


def links_to(link: Path, device: str) -> bool:
    try:
        worker = (link.parents[1] / "comm").read_text().startswith("device-worker")
        return worker and os.readlink(link) == device
    except OSError:
        return False  # it has ended


def settle() -> None:
    subprocess.run(["udevadm", "settle", "--timeout=60"], check=False)


def usb_files() -> list[str]:
    return sorted(str(file) for file in Path("/dev/bus/usb").glob("*/*"))


def said(*command: str) -> str:
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def say(text: str) -> None:
    print(f"rig: {text}", flush=True)


def main() -> None:
    stage = Stage()
    try:
        for scenes in (printer, camera, wedge):
            scenes(stage)
    finally:
        (OUT / "scenes.json").write_text(json.dumps(stage.scenes, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
