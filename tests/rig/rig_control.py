"""How a test changes a simulated device while its own driver is at work: one line each way over a
loopback port, answered on the device's own thread."""

import queue
import socket
import threading
from collections.abc import Callable


def serve(handle: Callable[[str], str], on_thread: Callable[[Callable[[], None]], None]) -> int:
    """Listens on a free port and returns its number. Each line is given to `handle` by way of
    `on_thread`, and its answer sent back."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk(connection: socket.socket) -> None:
        with connection, connection.makefile("rw") as lines:
            for line in lines:
                answer: queue.Queue[str] = queue.Queue()
                on_thread(lambda line=line: answer.put(handle(line.strip())))
                lines.write(answer.get() + "\n")
                lines.flush()

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]
