"""The play in the rig's machine: each scene has kioskctl use a device as the kiosk's user would,
and notes what came of it in /out/scenes.json; strips of paper fall into /out/paper.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.append("/rig/emulators")

from camera import CAMERA, Camera  # noqa: E402
from gadgets import Gun, UsbPrinter, Wedge, make_usb, wait_for  # noqa: E402

OUT = Path("/out")
# The groups that the kiosk's unit has and this machine knows; no other right.
AS_KIOSK = ["setpriv", "--reuid=990", "--regid=990", "--no-new-privs"]
AS_KIOSK += ["--groups=lp,dialout,video,input,plugdev", "--"]
# About the middle of what `printer test` sends, in bytes: behind the zeros that end whatever an
# earlier process left torn, in the middle of the slip.
MIDDLE = 16_000
CODE = "001304000003"


class Stage:
    def __init__(self) -> None:
        self.scenes: dict[str, dict] = {}
        self.camera = Camera()
        make_usb()
        (OUT / "paper").mkdir()
        self.printer = UsbPrinter(OUT / "paper")
        self.wedge = Wedge()
        self.gun = Gun()
        settle()

    def scene(
        self,
        name: str,
        *words: str,
        config: str = "kiosk.toml",
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Runs kioskctl with these words and a deadline."""
        began = time.monotonic()
        process = kioskctl(config, *words)
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
            "out": out,
            "err": err,
            "seconds": round(ended - began, 2),
            "seconds_after": round(ended - acted, 2),
            "printer": json.loads(self.printer.tell("report")),
        }
        say(f"{name}: {process.returncode} after {ended - began:.1f} s")

    def note(self, name: str, what: object) -> None:
        self.scenes[name] = {"note": what}


def kioskctl(config: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*AS_KIOSK, "/rig/kioskctl", "--config", f"/rig/{config}", "--json", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


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
    killed(stage)

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


def killed(stage: Stage) -> None:
    """While a stalled slip holds the printer, another program asks it; then the worker that prints
    is killed, and the next slip comes on the same paper."""
    at = taken(stage) + MIDDLE
    stage.printer.tell(f"fault stall@{at}")

    def ask_and_kill() -> None:
        wait_for(lambda: taken(stage) == at, "the slip does not begin")
        (printing,) = workers()
        stage.scene("status, while printing", "printer", "status")
        os.kill(int(printing.name), signal.SIGKILL)

    stage.scene("slip, killed", "printer", "test", meanwhile=ask_and_kill)
    stage.printer.tell("mend")
    stage.scene("slip, after the kill", "printer", "test")


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
    reader(stage, "wedge", stage.wedge, "\n")


def gun(stage: Stage) -> None:
    reader(stage, "gun", stage.gun, "\r")


def reader(stage: Stage, name: str, device: Wedge | Gun, end: str) -> None:
    """A code, half a code before the plug is pulled, a code again."""

    def code(scene: str, meanwhile: Callable[[], None]) -> None:
        words = ("code", "test", "--reveal", "--seconds", "60")
        stage.scene(scene, *words, config=f"{name}.toml", meanwhile=meanwhile)

    def whole() -> None:
        wait_until_held(os.path.realpath(device.PATH))
        device.send(CODE + end)

    def half() -> None:
        wait_until_held(os.path.realpath(device.PATH))
        device.send(CODE[:6])
        device.gadget.pull()

    code(name, whole)
    code(f"{name}, pulled in a code", half)
    settle()
    device.put_back()
    settle()
    code(f"{name}, put back", whole)


class Kiosk:
    """One process that holds printer and readers all the time, each in a worker."""

    def __init__(self, stage: Stage, *ports: str) -> None:
        self.stage, self.answers = stage, []
        self.process = subprocess.Popen(
            [*AS_KIOSK, "/rig/plugs", *ports],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def order(self, words: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        began = time.monotonic()
        self.process.stdin.write(words + "\n")
        meanwhile()
        acted = time.monotonic()
        answer = self.process.stdout.readline().strip()
        self.answers.append(
            {
                "order": words,
                "answer": answer,
                "seconds_after": round(time.monotonic() - acted, 2),
                "papers": json.loads(self.stage.printer.tell("report"))["papers"],
            }
        )
        say(f"one process: {words}: {answer} after {time.monotonic() - began:.1f} s")


def plugs(stage: Stage) -> None:
    """Everything is pulled and put back under one process."""
    ports = ("usb:04b8:0e15:0001", f"wedge:{Wedge.PATH}", f"serial:{Gun.PATH}@115200", f"camera:{CAMERA}")
    kiosk = Kiosk(stage, *ports)
    tell = stage.printer.tell
    kiosk.order("printer status")
    kiosk.order("printer print")
    tell("fault hangup")
    kiosk.order("printer status")
    tell("mend")
    settle()
    kiosk.order("printer status")
    kiosk.order("printer print")
    tell(f"fault hangup@{taken(stage) + 8000}")
    kiosk.order("printer print")
    tell("mend")
    settle()
    kiosk.order("printer print")
    for number, device, end in ((0, stage.wedge, "\n"), (1, stage.gun, "\r")):
        pulled_under(kiosk, f"code {number}", device, end)
    stage.camera.show()
    stage.camera.look(True)
    kiosk.order("code 2")
    stage.camera.look(False)
    kiosk.order("code 2", lambda: (wait_until_held(CAMERA), time.sleep(1), stage.camera.pull()))
    stage.camera.show()
    stage.camera.look(True)
    kiosk.order("code 2")
    stage.camera.hide()
    kiosk.process.stdin.close()
    kiosk.process.wait(timeout=30)
    stage.note("one process", kiosk.answers)
    stage.note("usblp at the end", Path("/dev/usb/lp0").exists())


def pulled_under(kiosk: Kiosk, order: str, device: Wedge | Gun, end: str) -> None:
    def whole() -> None:
        wait_until_held(os.path.realpath(device.PATH))
        device.send(CODE + end)

    def half() -> None:
        device.send(CODE[:6])
        device.gadget.pull()

    kiosk.order(order, whole)
    kiosk.order(order, half)
    device.put_back()
    settle()
    kiosk.order(order, whole)


def taken(stage: Stage) -> int:
    return json.loads(stage.printer.tell("report"))["taken"]


def wait_until_held(device: str) -> None:
    """Until a worker has opened this device."""

    def held() -> bool:
        return any(has_open(worker, device) for worker in workers())

    wait_for(held, f"nobody opens {device}")


def has_open(process: Path, device: str) -> bool:
    try:
        return any(os.readlink(link) == device for link in (process / "fd").iterdir())
    except OSError:
        return False  # it has ended


def workers() -> list[Path]:
    return [process for process in Path("/proc").glob("[0-9]*") if named(process) == "device-worker"]


def named(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return ""  # it has ended


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
        for scenes in (printer, camera, wedge, gun, plugs):
            scenes(stage)
    finally:
        (OUT / "scenes.json").write_text(json.dumps(stage.scenes, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
