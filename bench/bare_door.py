"""The limit to compare with: a bare callable that writes bodies in fsync'd grouped commits, and does nothing else."""

import asyncio
import sqlite3
import sys
import threading
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from hikeshi.edge.wire import Receive, Scope, Send

ANSWER = b'{"accepted":1}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(ANSWER))]


class Bare:
    def __init__(self, file: Path) -> None:
        self.file, self.waiting, self.filled = file, [], threading.Event()
        self.loop = asyncio.get_running_loop()
        threading.Thread(target=self.write, daemon=True).start()

    def write(self) -> None:
        database = sqlite3.connect(self.file, isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE body (id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB)")
        while self.filled.wait():
            self.filled.clear()
            batch, self.waiting = self.waiting, []
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT INTO body (body) VALUES (?)", [(body,) for body, _ in batch])
            database.execute("COMMIT")
            self.loop.call_soon_threadsafe(lambda batch=batch: [each.set_result(None) for _, each in batch])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        written = self.loop.create_future()
        self.waiting.append((message["body"], written))
        self.filled.set()
        await written
        await send({"type": "http.response.start", "status": 202, "headers": HEADERS})
        await send({"type": "http.response.body", "body": ANSWER, "more_body": False})


async def main(port: int, file: Path) -> None:
    server = Server(
        Bare(file),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        backlog=2048,
        backpressure=8192,
        log_enabled=False,
    )
    await server.serve()


if __name__ == "__main__":
    sys.setswitchinterval(0.0005)
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
