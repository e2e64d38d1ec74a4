"""A host of databases that hangs, cuts a connection, kills its client or rejects its password, as a test says."""

import json
import os
import re
import select
import signal
import socket
import struct
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tests.servers import PASSWORD

_CUT_AFTER = 4000
"""Bytes of a client after which its connection is cut: the first questions are answered, the last are not."""


@dataclass
class Host:
    """A Unix socket before the sandbox's server. What happens to a connection, its application_name says."""

    folder: Path
    server: str
    acts: Mapping[str, Sequence[str]]
    """What is done to each connection of a name, in turn: hang, cut, kill, reject. Else it is let through."""
    times: Counter[str] = field(default_factory=Counter)
    """How many connections there were, by name."""
    most: int = 0
    """The most connections at the same time."""
    transports: list[str] = field(default_factory=list)
    """How the killed notebooks' processes would have been talked to."""
    _clients: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, name: str, database: str) -> str:
        return f"host={self.folder} user=postgres password='{PASSWORD}' dbname={database} application_name={name}"

    def serve(self, listening: socket.socket) -> None:
        with suppress(OSError):  # closed: the test is over
            while True:
                client, _ = listening.accept()
                self._clients.append(client)
                self.most = max(self.most, self.open)
                threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    @property
    def open(self) -> int:
        """The connections that neither end has closed. The kernel knows it at once, a thread of ours later."""
        poll, clients = select.poll(), [client for client in self._clients if client.fileno() >= 0]
        for client in clients:
            poll.register(client, select.POLLRDHUP)
        return len(clients) - len(poll.poll(0))

    def _answer(self, client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            size = client.recv(4, socket.MSG_WAITALL)
            startup = client.recv(struct.unpack("!i", size)[0] - 4, socket.MSG_WAITALL)
            words = startup[4:].decode().split("\0")
            name = dict(zip(words[::2], words[1::2], strict=False))["application_name"]
            with self._lock:
                number, self.times[name] = self.times[name], self.times[name] + 1
            acts = self.acts.get(name, ())
            act = acts[number] if number < len(acts) else ""
            if act == "kill":
                self._kill(client)
            elif act == "hang":
                client.recv(1)
            elif act == "reject":
                client.sendall(b"R" + struct.pack("!ii", 8, 3))
                client.recv(1000)
                error = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "postgres"\0\0'
                client.sendall(b"E" + struct.pack("!i", len(error) + 4) + error)
            else:
                self._forward(client, size + startup, _CUT_AFTER if act == "cut" else 0)

    def _kill(self, client: socket.socket) -> None:
        pid = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        command = Path(f"/proc/{pid}/cmdline").read_text()
        if found := re.search("-f\0([^\0]+)", command):
            self.transports.append(json.loads(Path(found[1]).read_text())["transport"])
        os.kill(pid, signal.SIGKILL)
        client.recv(1)

    def _forward(self, client: socket.socket, first: bytes, cut_after: int) -> None:
        with closing(socket.socket(socket.AF_UNIX)) as server:
            server.connect(self.server)
            server.sendall(first)
            threading.Thread(target=_copy, args=(server, client), daemon=True).start()
            _copy(client, server, cut_after)


def _copy(source: socket.socket, target: socket.socket, at_most: int = 0) -> None:
    copied = 0
    with suppress(OSError):
        while (data := source.recv(65536)) and not (at_most and copied > at_most):
            copied += len(data)
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def host(sandbox: str, acts: Mapping[str, Sequence[str]]) -> Iterator[Host]:
    """Run a host before the server of a sandbox's conninfo."""
    named = conninfo_to_dict(sandbox)
    with (
        tempfile.TemporaryDirectory(prefix="host-", dir="/tmp") as folder,
        closing(socket.socket(socket.AF_UNIX)) as on,
    ):
        on.bind(f"{folder}/.s.PGSQL.5432")
        on.listen(50)
        made = Host(Path(folder), f"{named['host']}/.s.PGSQL.{named['port']}", acts)
        threading.Thread(target=made.serve, args=(on,), daemon=True).start()
        yield made
