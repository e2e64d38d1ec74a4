"""A connection that ends during a COPY: the error is that of any lost connection."""

import asyncio
import socket
import socketserver
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.constants import EVERYBODY
from toolkit.database import addresses
from toolkit.database.addresses import Database
from toolkit.database.connection import EndedByServerError, connected, connections_to
from toolkit.diagnosis import diagnose
from toolkit.sync import startup

SIDES = ("supabase", "langgraph")


def _error(text: str) -> bytes:
    fields = f"SFATAL\0C57P01\0M{text}\0\0".encode()
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


LOST = _error("terminating connection due to administrator command") + _error("server conn crashed?")
"""What PgBouncer passes on when its server ends in a COPY, and what it says of itself then."""


class LosingPooler(socketserver.ThreadingUnixStreamServer):
    """Stands before a server, and loses it as soon as that begins a COPY."""

    def __init__(self, conninfo: str, folder: Path) -> None:
        super().__init__(str(folder / ".s.PGSQL.1"), Connection)
        self.conninfo = make_conninfo(conninfo, host=str(folder), port=1)
        options = conninfo_to_dict(conninfo)
        self.server_socket = f"{options['host']}/.s.PGSQL.{options['port']}"


class Connection(socketserver.BaseRequestHandler):
    """One client's."""

    server: LosingPooler
    request: socket.socket

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(self.server.server_socket)
            writing = Thread(target=self._pass_on, args=(server,))
            writing.start()
            self._answer(server)
            writing.join()

    def _pass_on(self, server: socket.socket) -> None:
        """Go on reading what a client writes whose server is lost, as PgBouncer does for a while."""
        while block := self.request.recv(1 << 16):
            with suppress(OSError):
                server.sendall(block)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _answer(self, server: socket.socket) -> None:
        with server.makefile("rb") as stream:
            while head := stream.read(5):
                self.request.sendall(head + stream.read(struct.unpack("!I", head[1:])[0] - 4))
                if head[:1] in (b"G", b"H"):  # CopyInResponse, CopyOutResponse
                    server.shutdown(socket.SHUT_RDWR)
                    self.request.sendall(LOST)
                    self.request.shutdown(socket.SHUT_WR)
                    return


@pytest.fixture
def losing(reference: Callable[[str], str]) -> Iterator[Callable[[str], list[Database]]]:
    """Return both sides of the healthy platform, one of them behind a pooler that loses its server."""
    name = reference("healthy")
    with ExitStack() as ended:
        folder = Path(ended.enter_context(tempfile.TemporaryDirectory(dir="/tmp")))  # short: a socket's path is

        def make(lost: str) -> list[Database]:
            sides = {side: addresses.resolve(f"{name}/{side}") for side in SIDES}
            pooler = ended.enter_context(LosingPooler(sides[lost].conninfo.get_secret_value(), folder))
            Thread(target=pooler.serve_forever, kwargs={"poll_interval": 0.01}).start()
            ended.callback(pooler.shutdown)
            sides[lost] = addresses.database_called(f"sandbox:{lost}", pooler.conninfo)
            return list(sides.values())

        yield make


@pytest.mark.parametrize("lost", SIDES)
def test_a_sync_says_so(lost: str, losing: Callable[[str], list[Database]]) -> None:
    sides = [connections_to(each) for each in losing(lost)]
    with pytest.raises(psycopg.OperationalError, match="the connection ended in a COPY"):
        asyncio.run(startup.startup_agent_sync(*sides, scope=EVERYBODY))


@pytest.mark.parametrize("lost", SIDES)
def test_a_diagnosis_says_so(lost: str, losing: Callable[[str], list[Database]]) -> None:
    with pytest.raises(EndedByServerError, match="the connection ended in a COPY"), connected(*losing(lost)) as pair:
        diagnose.diagnose(pair, EVERYBODY)
