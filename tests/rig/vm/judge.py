"""Holds what came out of the rig's machine against what must.

judge.py FOLDER
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from scene import CARD

CODE = "001304000003"
PORT = "usb:04b8:0e15:0001"
READERS = (
    "camera:/dev/video0",
    "serial:/dev/serial/by-id/usb-rig_Gun_0001-if00@BAUD",
    "wedge:/dev/input/by-id/usb-rig_Wedge_0001-event-kbd",
)
# What `printer test` prints as codes.
QR, BARS = "QR-Code:motcua printer test", "CODE-128:A105-2611"
# What is pulled must be missed at once, not at a deadline; the machine is some twenty times slower
# than the computer it runs on.
AT_ONCE_S = 8


class Results:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scenes = json.loads((folder / "scenes.json").read_text())
        self.read: dict[int, dict] = {}

    def note(self, name: str) -> object:
        return self.scenes[name]["note"]

    def well(self, name: str) -> list[dict]:
        """What kioskctl answered in this scene, which ended well."""
        scene = self.scenes[name]
        assert scene["status"] == 0, f"{name} ended with {scene['status']}: {scene['err']}"
        return [json.loads(line) for line in scene["out"].splitlines()]

    def badly(self, name: str, *words: str) -> float:
        """It ended badly and said so in these words; gives the seconds since it was hindered."""
        scene = self.scenes[name]
        said = scene["out"] + scene["err"]
        assert scene["status"] == 1, f"{name} ended with {scene['status']}: {said}"
        for word in words:
            assert word in said, f"{name} did not say {word!r} but {said!r}"
        return scene["seconds_after"]

    def papers(self, name: str) -> range:
        """The strips that fell in this scene."""
        names = [scene for scene in self.scenes if "printer" in self.scenes[scene]]
        before = names[: names.index(name)][-1:]
        count = self.scenes[before[0]]["printer"]["papers"] if before else 0
        return range(count + 1, self.scenes[name]["printer"]["papers"] + 1)

    def strip(self, number: int) -> Path:
        """A strip of paper as a picture, by an interpreter that shares nothing with the driver."""
        picture = self.folder / "paper" / f"{number}-1.png"
        if number not in self.read:
            reader = Path(__file__).parents[1] / "escpos_read.py"
            data = picture.with_name(f"{number}.bin")
            command = [sys.executable, reader, data, picture.with_name(str(number))]
            read = subprocess.run(command, check=True, capture_output=True).stdout
            self.read[number] = json.loads(read)
        return picture

    def slip(self, name: str, torn: int = 0) -> Path:
        """The whole slip that was printed in this scene, behind so many torn strips."""
        self.well(name)
        strips = self.papers(name)
        assert len(strips) == torn + 1, f"{name}: {len(strips)} strips fell, not {torn + 1}"
        picture = self.strip(strips[-1])
        read = self.read[strips[-1]]
        assert not read["unknown"] and len(read["tickets"]) == 1, f"{name}: on paper {read}"
        codes = subprocess.run(["zbarimg", "-q", picture], check=False, capture_output=True)
        seen = set(codes.stdout.decode().splitlines())
        assert seen == {QR, BARS}, f"{name}: zbarimg reads {seen} on {picture}"
        return picture

    def same_slip(self, name: str, torn: int = 0) -> None:
        """The slip of this scene is the first one, dot by dot."""
        picture = self.slip(name, torn)
        first = self.slip("slip")
        assert picture.read_bytes() == first.read_bytes(), f"{picture} differs from {first}"


def usb(results: Results) -> str:
    groups = results.note("usb")["owner"].split()
    assert "lp" in groups, f"the device files belong to {groups}"
    landlock = (results.folder / "lsm.txt").read_text()
    assert "landlock" in landlock, f"the kernel's modules are {landlock}"
    return "our udev rule gave the printer to lp; the kernel has Landlock"


def listed(results: Results) -> str:
    assert usb_ports(results, "printer list") == [PORT]
    return f"listed as {PORT}"


def usb_ports(results: Results, name: str) -> list[str]:
    ports = [answer["port"] for answer in results.well(name)]
    return [port for port in ports if port.startswith("usb:")]


def status(results: Results) -> str:
    for name, paper in (("status", "Ok"), ("status, paper low", "Low")):
        (said,) = results.well(name)
        assert said["paper"] == paper and said["online"], f"{name}: {said}"
    return "the printer says that all is well, then that its paper is near its end"


def slip(results: Results) -> str:
    picture = results.slip("slip")
    size = picture.with_name(picture.name.replace("-1.png", ".bin")).stat().st_size
    return f"{size} bytes through usbfs are a slip whose codes zbarimg reads: {picture}"


def usblp(results: Results) -> str:
    results.slip("slip")
    before, after = results.note("usblp before"), results.note("usblp after")
    assert before and after, f"/dev/usb/lp0 was there: before {before}, after {after}"
    return "the kernel's usblp stepped aside and came back"


def no_paper(results: Results) -> str:
    results.badly("status, no paper", '"Out"')
    results.badly("slip, no paper", "no paper")
    assert not results.papers("slip, no paper")
    results.same_slip("slip, paper again")
    return "without paper nothing is printed; with paper again a whole slip is"


def paper_ends(results: Results) -> str:
    return broken(results, "paper ends", "no paper")


def lid_opened(results: Results) -> str:
    return broken(results, "lid opened", "lid open")


def broken(results: Results, name: str, words: str) -> str:
    results.badly(f"slip, {name}", "did not come out whole", words)
    assert not results.papers(f"slip, {name}")
    results.same_slip(f"slip, after {name}", torn=1)
    return f"told as {words!r}; the torn strip is cut off and the next slip whole"


def stall(results: Results) -> str:
    results.same_slip("slip, 0.7 s of stall")
    return "no byte was lost or sent twice"


def killed(results: Results) -> str:
    results.badly("status, while printing", "in use")
    after = results.badly("slip, killed", "not connected")
    assert after < AT_ONCE_S, f"missed after {after} s"
    results.same_slip("slip, after the kill", torn=1)
    return "a second program hears that it is busy; the slip after a killed worker's is whole"


def pulled(results: Results) -> str:
    after = results.badly("slip, pulled", "not connected")
    assert after < AT_ONCE_S, f"missed after {after} s"
    results.badly("status, pulled", "not connected")
    assert usb_ports(results, "printer list, pulled") == []
    assert not results.papers("slip, pulled")
    return f"missed {after} s after the slip was begun"


def put_back(results: Results) -> str:
    (said,) = results.well("status, put back")
    assert said["paper"] == "Ok" and said["online"], f"status: {said}"
    results.same_slip("slip, put back", torn=1)
    return "found again, and the next slip is whole"


def readers_listed(results: Results) -> str:
    listed = [answer["reader"] for answer in results.well("code list")]
    for reader in READERS:
        assert reader in listed, f"{reader} is not among {listed}"
    return "camera and guns are listed as the settings name them"


def camera(results: Results) -> str:
    results.well("camera status")
    read(results, "camera", CARD)
    return f"nokhwa and V4L2 read the card's {len(CARD.encode())} bytes"


def camera_pulled(results: Results) -> str:
    after = results.badly("camera, pulled", "not connected")
    assert after < AT_ONCE_S, f"missed after {after} s"
    read(results, "camera, put back", CARD)
    return f"missed after {after} s, and read again when it was back"


def wedge(results: Results) -> str:
    return reader(results, "wedge")


def gun(results: Results) -> str:
    return reader(results, "gun")


def reader(results: Results, name: str) -> str:
    read(results, name, CODE)
    after = results.badly(f"{name}, pulled in a code", "not connected")
    assert after < AT_ONCE_S, f"missed after {after} s"
    read(results, f"{name}, put back", CODE)
    return f"read; pulled in a code it is missed after {after} s, and read again when it is back"


def one_process(results: Results) -> str:
    """Each order with what its answer begins with, and the strips that fall with it."""
    well, gone = "Ok(PrinterStatus { paper: Ok,", "Err(Gone {"
    code = [("code 0", f'Ok("{CODE}")', 0), ("code 0", gone, 0), ("code 0", f'Ok("{CODE}")', 0)]
    card = [("code 2", f'Ok("{CARD}")', 0), ("code 2", gone, 0), ("code 2", f'Ok("{CARD}")', 0)]
    expected = [
        ("printer status", well, 0),
        ("printer print", "Ok(Whole)", 1),
        ("printer status", gone, 0),
        ("printer status", well, 0),
        ("printer print", "Ok(Whole)", 1),
        ("printer print", gone, 0),
        ("printer print", "Ok(Whole)", 2),
        *code,
        *[("code 1", answer, papers) for _, answer, papers in code],
        *card,
    ]
    answers = results.note("one process")
    assert len(answers) == len(expected), f"{len(answers)} answers"
    before = results.papers("gun, put back").stop - 1
    for (order, begin, papers), said in zip(expected, answers):
        assert said["order"] == order and said["answer"].startswith(begin), f"not {begin} but {said}"
        assert said["papers"] - before == papers, f"{papers} strips should have fallen: {said}"
        assert begin != gone or said["seconds_after"] < AT_ONCE_S, f"missed late: {said}"
        before = said["papers"]
    return "printer, gun, typing gun and camera are pulled and work again under one process"


def read(results: Results, name: str, code: str) -> None:
    payloads = [answer["payload"] for answer in results.well(name)]
    assert payloads == [code], f"{name}: read {payloads}"


CHECKS: list[Callable[[Results], str]] = [
    usb, listed, status, slip, usblp, no_paper, paper_ends, lid_opened, stall, killed, pulled,
    put_back, readers_listed, camera, camera_pulled, wedge, gun, one_process,
]  # fmt: skip


def main() -> None:
    results = Results(Path(sys.argv[1]))
    failed = 0
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            print(f"ok      {name}: {check(results)}")
        except (AssertionError, OSError, KeyError, ValueError, subprocess.CalledProcessError) as error:
            failed += 1
            print(f"FAILED  {name}: {type(error).__name__} {error}")
    print(f"{len(CHECKS) - failed} ok, {failed} failed")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
