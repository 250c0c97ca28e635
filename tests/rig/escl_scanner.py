#!/usr/bin/env python3
"""A document scanner in the network: glass and feeder, one side or both, over eSCL (AirScan).

Written from the protocol, on its own: it shares no code with the simulator
and knows nothing of the driver. What it serves was accepted by sane-airscan.

    escl_scanner.py [--port 0] [--sheets 3] [--fault NAME[=VALUE]]...

prints one line of JSON, {"url": "http://127.0.0.1:PORT/eSCL/"}, and serves
until it is killed. Page N is a form whose block in the middle is as dark as
10 × N, so that pages can be told apart by one sample.

Faults (@N: once N pages were given; none of them: from the start)
    jam[@N]        paper is stuck
    cover[@N]      the feeder's lid is open
    empty          the feeder does not see its paper
    busy=TIMES     answers 503 with Retry-After to so many requests for a page
    locked         another computer holds it: 503 for ever
    truncated[@N]  a picture ends in its middle, and the line with it
    halved[@N]     a picture ends in its middle, though HTTP says it is whole
    slow=SECONDS   each page takes so long
    silent[@N]     takes connections and says nothing more, to nobody
    reset[@N]      the line breaks in the middle of a picture
    xml            its documents are no XML
"""

import argparse
import io
import json
import re
import socket
import struct
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image, ImageDraw

from escl_documents import HEIGHT, WIDTH, capabilities, document, element

ROOT = "/eSCL"
JOBS = f"{ROOT}/ScanJobs"


class Job:
    """What a client asked for."""

    def __init__(self, settings: str) -> None:
        def text(name: str, usual: str) -> str:
            found = re.search(rf"<(?:\w+:)?{name}>\s*([^<]+?)\s*<", settings)
            return found[1] if found else usual

        self.dpi = int(text("XResolution", "300"))
        self.feeder = text("InputSource", "Platen") == "Feeder"
        self.sides = 2 if text("Duplex", "false") == "true" else 1
        self.mode = "L" if text("ColorMode", "RGB24") == "Grayscale8" else "RGB"
        self.width = int(text("Width", str(WIDTH))) * self.dpi // 300
        self.height = int(text("Height", str(HEIGHT))) * self.dpi // 300
        self.pages = 0
        self.ended = False


class Scanner:
    """Paper, jobs and the fault."""

    def __init__(self, sheets: int, faults: dict[str, str], after: dict[str, int]) -> None:
        self.sheets, self.faults, self.after = sheets, faults, after
        self.jobs: dict[str, Job] = {}
        self.pages = 0
        self.busy = int(faults.get("busy", 0))
        self.lock = threading.Lock()

    def has(self, fault: str) -> bool:
        return fault in self.faults and self.pages >= self.after.get(fault, 0)

    def status(self) -> bytes:
        if self.has("jam"):
            feeder = "ScannerAdfJam"
        elif self.has("cover"):
            feeder = "ScannerAdfDoorOpen"
        else:
            loaded = self.sheets and not self.has("empty")
            feeder = "ScannerAdfLoaded" if loaded else "ScannerAdfEmpty"
        return document(
            "scan:ScannerStatus",
            element("pwg:Version", "2.63"),
            element("pwg:State", "Processing" if self.has("locked") else "Idle"),
            element("scan:AdfState", feeder),
            element("scan:Jobs", *map(self.job_info, self.jobs.items())),
        )

    @staticmethod
    def job_info(item: tuple[str, Job]) -> str:
        path, job = item
        return element(
            "scan:JobInfo",
            element("pwg:JobUri", path),
            element("scan:Age", 1),
            element("pwg:ImagesCompleted", job.pages),
            element("pwg:JobState", "Completed" if job.ended else "Processing"),
        )

    def begin(self, settings: str) -> tuple[int, str]:
        """Takes a job; the HTTP status and the job's path."""
        job = Job(settings)
        if self.has("locked"):
            return 503, ""
        stuck = self.has("jam") or self.has("cover") or self.has("empty") or not self.sheets
        if job.feeder and stuck:
            return 409, ""
        path = f"{JOBS}/{uuid.uuid4()}"
        self.jobs[path] = job
        return 201, path

    def next_page(self, path: str) -> tuple[int, bytes]:
        """Gives the next page of a job; the HTTP status and the picture."""
        job = self.jobs.get(path)
        if job is None:
            return 404, b""
        if self.busy:
            self.busy -= 1
            return 503, b""
        if job.feeder and (self.has("jam") or self.has("cover")):
            return 409, b""
        at_back = job.pages % job.sides != 0
        over = not self.sheets and not at_back if job.feeder else job.pages > 0
        if over or job.ended:
            job.ended = True
            return 404, b""
        if job.feeder and not at_back:
            self.sheets -= 1
        job.pages += 1
        return 200, picture(job)


def picture(job: Job) -> bytes:
    page = Image.new(job.mode, (job.width, job.height), "white")
    pen = ImageDraw.Draw(page)
    thick = max(1, job.dpi // 75)
    edge = (10, 10, job.width - 10, job.height - 10)
    pen.rectangle(edge, outline="black", width=thick)
    pen.text((job.width // 8, job.height // 16), f"TO KHAI {job.pages}", fill="black")
    for line in range(2, 16):
        y = job.height * line // 16
        pen.line((job.width // 8, y, job.width * 7 // 8, y), fill="black", width=thick)
    dark = 10 * job.pages % 256
    block = [job.width * 3 // 8, job.height * 3 // 8, job.width * 5 // 8, job.height * 5 // 8]
    pen.rectangle(block, fill=(dark,) * 3 if job.mode == "RGB" else dark)
    file = io.BytesIO()
    page.save(file, "JPEG", quality=85, dpi=(job.dpi, job.dpi))
    return file.getvalue()


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    scanner: Scanner

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", kind: str = "text/xml", **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def parse_request(self) -> bool:
        while self.scanner.has("silent"):
            time.sleep(0.05)
        return super().parse_request()

    def do_GET(self) -> None:
        scanner = self.scanner
        if self.path in (f"{ROOT}/ScannerCapabilities", f"{ROOT}/ScannerStatus"):
            told = capabilities() if "Cap" in self.path else scanner.status()
            self.answer(200, b"<scan:" + told[60:90] if scanner.has("xml") else told)
        elif self.path.endswith("/NextDocument"):
            with scanner.lock:
                status, body = scanner.next_page(self.path.removesuffix("/NextDocument"))
            if status == 200:
                self.give(body)
            else:
                self.answer(status, **({"Retry_After": "1"} if status == 503 else {}))
        else:
            self.answer(404)

    def give(self, body: bytes) -> None:
        scanner = self.scanner
        time.sleep(float(scanner.faults.get("slow", 0)))
        if scanner.has("truncated") or scanner.has("reset"):
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            if scanner.has("reset"):
                off = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, off)
            self.close_connection = True
        else:
            half = len(body) // 2 if scanner.has("halved") else len(body)
            self.answer(200, body[:half], "image/jpeg")
        scanner.pages += 1

    def do_POST(self) -> None:
        settings = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        with self.scanner.lock:
            status, path = self.scanner.begin(settings)
        more = {"Location": f"http://{self.headers['Host']}{path}"} if path else {}
        self.answer(status, **more)

    def do_DELETE(self) -> None:
        known = self.scanner.jobs.pop(self.path, None)
        self.answer(200 if known else 404)


FAULTS = "jam cover empty busy locked truncated halved slow silent reset xml".split()


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--sheets", type=int, default=3)
    arguments.add_argument("--fault", action="append", default=[], metavar="NAME[=VALUE|@N]")
    given = arguments.parse_args()
    faults, after = {}, {}
    for fault in given.fault:
        name, _, value = re.sub("@.*", "", fault).partition("=")
        if name not in FAULTS:
            arguments.error(f"no such fault: {name}")
        faults[name] = value
        after[name] = int(fault.partition("@")[2] or 0)
    Handler.scanner = Scanner(given.sheets, faults, after)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    server.daemon_threads = True
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}{ROOT}/"}), flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
