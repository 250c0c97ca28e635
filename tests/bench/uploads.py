"""The intake against @tus/server: what an upload costs the server, in CPU time.

Ours is measured by its own example, which seals and signs as a kiosk does and has everything
verified; the peer gets plain bodies of the same size over the same protocol and verifies nothing.
"""

import dataclasses
import http.client
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import programs
from figure import Figure, Missing
from process import Program

PEER = "@tus/server, nothing verified"
UNIT = "uploads/CPU-s"
TIMES_PEER = 3
UPLOADS, CONNECTIONS, WARM_UP = 300, 8, 20
USUAL_BYTES = 2_000_000


def measure(root: Path, _rounds: int) -> list[Figure]:
    """Figures in uploads per CPU-second get their peer; the others stay as they were printed."""
    lines = programs.lines_of_example(root, "intake_bench")
    figures = []
    for line in lines:
        figure = Figure.from_dict({"target": "", "met": False, **line})
        if figure.unit == UNIT:
            peer = peer_uploads_per_cpu_second(root, line.get("upload_bytes", USUAL_BYTES))
            figure = dataclasses.replace(
                figure,
                target=f"≥ {TIMES_PEER} × peer",
                met=figure.value >= TIMES_PEER * peer,
                peer=PEER,
                peer_value=round(peer, 1),
            )
        figures.append(figure)
    return figures


def peer_uploads_per_cpu_second(root: Path, size: int) -> float:
    if shutil.which("node") is None:
        raise Missing("node is needed (scripts/setup)")
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder, tempfile.TemporaryFile("w+") as log:
        with Program(["node", str(root / "tests/tus/peer.mjs"), folder], dict(os.environ), log) as server:
            port = int(server.first_line(log) or 0)
            if port == 0:
                raise Missing("the peer did not start")
            body = os.urandom(size)
            load(port, body, WARM_UP)
            before = server.cpu_ms()
            load(port, body, UPLOADS)
            return UPLOADS / (server.cpu_ms() - before) * 1000


def load(port: int, body: bytes, uploads: int) -> None:
    """Each connection creates and fills one upload after the other."""

    def one_connection(count: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(count):
            upload(connection, body)
        connection.close()

    shares = [len(range(i, uploads, CONNECTIONS)) for i in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as connections:
        list(connections.map(one_connection, shares))


def upload(connection: http.client.HTTPConnection, body: bytes) -> None:
    tus = {"Tus-Resumable": "1.0.0"}
    connection.request("POST", "/files", headers={**tus, "Upload-Length": str(len(body))})
    created = connection.getresponse()
    created.read()
    place = "/files" + (created.headers["Location"] or "").partition("/files")[2]
    head = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    connection.request("PATCH", place, body=body, headers=head)
    filled = connection.getresponse()
    filled.read()
    if (created.status, filled.status) != (201, 204):
        raise Missing(f"the peer answered {created.status} and {filled.status}")
