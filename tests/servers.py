"""Where the tests' PostgreSQL servers lie, and servers of a test's own, which ask for a password."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from toolkit.sandbox.postgres import binaries

PASSWORD = "right one"

_ROOM = 4 << 30
"""Bytes; the databases of a run take a tenth."""


def _place(memory: str = "/dev/shm") -> str:  # noqa: S108 - who uses it makes a folder of their own there
    with suppress(OSError):
        found = os.statvfs(memory)
        runs_programs = not found.f_flag & os.ST_NOEXEC  # PostgreSQL's may be copied there
        if runs_programs and os.access(memory, os.W_OK) and found.f_bavail * found.f_frsize >= _ROOM:
            return memory
    return "/tmp"  # noqa: S108


PLACE = _place()
"""The folder for servers' folders: in memory where there is room, because a database is 400 files. A short path."""


@dataclass(frozen=True)
class Server:
    """A server with one role, `reader`, whose password is PASSWORD."""

    folder: Path
    port: int
    certificate: Path

    @property
    def rejected(self) -> int:
        """How often a password was rejected so far."""
        return (self.folder / "log").read_text().count("FATAL:  password authentication failed")

    def url(self, host: str, password: str = PASSWORD, options: str = "") -> str:
        return f"postgresql://reader:{password.replace(' ', '%20')}@{host}:{self.port}/postgres{options}"


@contextmanager
def server(*addresses: str, with_tls: bool = False) -> Iterator[Server]:
    """Run a server that asks everybody for a password; it listens on a Unix socket, and on the addresses."""
    account = binaries.server_account()
    with tempfile.TemporaryDirectory(prefix="scram-", dir=PLACE) as path:  # short: a socket's path is
        folder = Path(path)
        if os.geteuid() == 0:
            os.chown(folder, account.uid, account.gid)
        found = _with_tls() if with_tls else binaries.find_binaries()
        programs = found.within_reach(account, folder).folder
        (folder / "password").write_text(f"{PASSWORD}\n")
        (folder / "password").chmod(0o644)
        certificate = make_certificate(folder, account.uid, *addresses) if with_tls else folder / "none"
        asks = [
            "--username=reader",
            "--encoding=UTF8",
            "--locale=C",
            "--auth=scram-sha-256",
            f"--pwfile={folder / 'password'}",
            "--no-sync",
        ]
        made = account.run([programs / "initdb", *asks, "-D", folder / "data"], folder)
        assert made.returncode == 0, made.stderr
        with (folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write(
                "".join(
                    f"host all all {address}/{128 if ':' in address else 32} scram-sha-256\n" for address in addresses
                )
            )
        tls = ["ssl=on", f"ssl_cert_file={certificate}", f"ssl_key_file={folder}/key"] if with_tls else []
        with _started(folder, programs, addresses, tls) as port:
            yield Server(folder, port, certificate)


@contextmanager
def twin(original: Server, *addresses: str) -> Iterator[Server]:
    """Run another server on a copy of the data directory of one that is at rest: they share the system identifier."""
    account = binaries.server_account()
    with tempfile.TemporaryDirectory(prefix="twin-", dir=PLACE) as path:
        folder = Path(path)
        with psycopg.connect(original.url("127.0.0.1"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        shutil.copytree(original.folder / "data", folder / "data", ignore=shutil.ignore_patterns("postmaster.*"))
        if os.geteuid() == 0:
            for each in (folder, *folder.rglob("*")):
                os.chown(each, account.uid, account.gid)
        programs = binaries.find_binaries().within_reach(account, folder).folder
        with _started(folder, programs, addresses) as port:
            yield Server(folder, port, folder / "none")


@contextmanager
def _started(folder: Path, programs: Path, addresses: Sequence[str], more: Sequence[str] = ()) -> Iterator[int]:
    """Run a server on `folder/data`; yield its port."""
    account = binaries.server_account()
    port = free_port(*addresses)
    options = [f"listen_addresses={','.join(addresses)}", f"port={port}", f"unix_socket_directories={folder}"]
    options += ["fsync=off", "shared_buffers=16MB", *more]
    command = [programs / "postgres", "-D", folder / "data"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *(part for option in options for part in ("-c", option))],
            cwd=folder, stderr=log, stdout=log, env=binaries.plain_environment() | {"LC_ALL": "C"},
            **({"user": account.uid, "group": account.gid, "extra_groups": []} if os.geteuid() == 0 else {}),
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 20
        while b"ready to accept connections" not in (folder / "log").read_bytes():
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.02)
        yield port
    finally:
        process.send_signal(signal.SIGINT)  # fast: cut off who is connected
        process.wait(timeout=20)


def make_certificate(folder: Path, owner: int, *addresses: str) -> Path:
    """Make a self-signed certificate for these addresses, and its key, `key`; skip the test without openssl."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed (Debian: apt-get install openssl)")
    names = ",".join(f"IP:{address}" for address in addresses)
    asked = ["-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=test", "-addext", f"subjectAltName={names}"]
    files = ["-keyout", folder / "key", "-out", folder / "certificate"]
    subprocess.run(["openssl", "req", "-x509", *asked, *files], check=True, capture_output=True)
    if os.geteuid() == 0:
        os.chown(folder / "key", owner, -1)
    return folder / "certificate"


def own_address() -> str:
    """Return this machine's address in its network; skip the test without one."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # sends nothing; the address is one of documentation
            address = str(asked.getsockname()[0])
        except OSError:
            address = "127.0.0.1"
    if address.startswith("127."):
        pytest.skip("this machine has no address beside loopback, so no connection leaves it")
    return address


def free_port(*addresses: str) -> int:
    """Return a TCP port that is free on the first address, or on loopback."""
    address = next(iter(addresses), "127.0.0.1")
    with closing(socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)) as reserved:
        reserved.bind((address, 0))
        return int(reserved.getsockname()[1])


def _with_tls() -> binaries.Binaries:
    folders = [binaries.find_binaries().folder, *Path("/usr/lib/postgresql").glob("*/bin")]
    for folder in folders:
        if (folder / "postgres").is_file() and b"libssl" in (folder / "postgres").read_bytes():
            return binaries.Binaries(folder, binaries.OLDEST_MAJOR)
    pytest.skip("no PostgreSQL on this machine was built with TLS (Debian: apt-get install postgresql)")
