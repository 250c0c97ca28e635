#!/usr/bin/env python3
"""Serves SANE's own test scanner over the network with the stock saned.

    saned_server.py FOLDER [--picture NAME] [--delay-us N] [--address 127.x.y.z]

writes the configurations of both ends below FOLDER (server, client), starts
saned and prints one line of JSON, {"device": NAME, "config": FOLDER/client}:
a client with that SANE_CONFIG_DIR sees one scanner, NAME. saned's port is
fixed in its clients, so that each server has a loopback address of its own.

It then takes commands, a word on a line of standard input, and answers each
with the same word: `kill` ends saned and all its children at once, as a
crash would; `start` starts it again. It ends, and saned with it, at the end
of its input.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PORT = 6566
STOCK = Path("/etc/sane.d/test.conf")


class Server:
    """saned with a configuration of its own, in a process group of its own."""

    def __init__(self, config: Path, address: str) -> None:
        self.config, self.address = config, address
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["/usr/sbin/saned", "-l", "-b", self.address, "-p", str(PORT)],
            env={**os.environ, "SANE_CONFIG_DIR": str(self.config)},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(400):
            if self.process.poll() is not None:
                sys.exit(f"saned ended with {self.process.returncode}")
            try:
                socket.create_connection((self.address, PORT), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("saned does not listen")

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def configure(folder: Path, given: argparse.Namespace) -> None:
    settings = {"geometry_max": "300.0", "test-picture": f'"{given.picture}"'}
    if given.delay_us:
        settings |= {"read-limit": "true", "read-limit-size": "1000"}
        settings |= {"read-delay": "true", "read-delay-duration": str(given.delay_us)}
    test = STOCK.read_text()
    for name, value in settings.items():
        test = re.sub(rf"^{name} .*$", f"{name} {value}", test, flags=re.MULTILINE)
    files = {
        "server/dll.conf": "test\n",
        "server/test.conf": test,
        "server/saned.conf": "127.0.0.0/8\n",
        "client/dll.conf": "net\n",
        "client/net.conf": f"connect_timeout = 5\n{given.address}\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main() -> int:
    own = os.getpid()
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--picture", default="Color pattern")
    arguments.add_argument("--delay-us", type=int, default=0, help="between two kilobytes")
    arguments.add_argument(
        "--address", default=f"127.{64 + (own >> 14 & 63)}.{own >> 7 & 127}.{1 + (own & 127)}"
    )
    given = arguments.parse_args()
    configure(given.folder, given)
    server = Server(given.folder / "server", given.address)
    server.start()
    name = f"net:{given.address}:test:0"
    print(json.dumps({"device": name, "config": str(given.folder / "client")}), flush=True)
    try:
        for line in sys.stdin:
            {"kill": server.kill, "start": server.start}[line.strip()]()
            print(line.strip(), flush=True)
    finally:
        server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
