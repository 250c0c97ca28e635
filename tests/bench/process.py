"""A program with all processes it starts: how much CPU it used, how much memory it holds."""

import os
import signal
import subprocess
import time


class Program:
    """A program in a session of its own; everything that still runs in it ends with it."""

    def __init__(self, command: list[str], environment: dict, log):
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_) -> None:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for pid in self.processes():
                try:
                    os.kill(pid, sign)
                except ProcessLookupError:
                    pass
            end = time.monotonic() + 5
            while self.processes() and time.monotonic() < end:
                self._process.poll()
                time.sleep(0.02)
        self._process.wait(timeout=10)

    def first_line(self, log, seconds: float = 10) -> str | None:
        """What it said first into its log, which for a server is where it listens."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.has_ended():
            log.seek(0)
            if (line := log.readline()).endswith("\n"):
                return line.strip()
            time.sleep(0.05)
        return None

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def processes(self) -> list[int]:
        """Everything alive in the session (field 6 of stat) that is no zombie."""
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                fields = read(f"/proc/{entry}/stat").rpartition(")")[2].split()
                if len(fields) > 3 and int(fields[3]) == self._process.pid and fields[0] != "Z":
                    found.append(int(entry))
        return found

    def cpu_ms(self) -> float:
        """Time all living threads have run, to the nanosecond of the scheduler's books."""
        run = 0
        for pid in self.processes():
            try:
                threads = os.listdir(f"/proc/{pid}/task")
            except FileNotFoundError:
                continue
            for thread in threads:
                run += int((read(f"/proc/{pid}/task/{thread}/schedstat").split() or [0])[0])
        return run / 1e6

    def pss_mb(self) -> float:
        """Memory, shared pages divided among those who share them."""
        kilobytes = 0
        for pid in self.processes():
            for line in read(f"/proc/{pid}/smaps_rollup").splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
        return kilobytes / 1024


def read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it ended between two looks
