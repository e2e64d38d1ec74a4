"""PgBouncer in transaction mode, as Supabase's pooler is."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_UNPRIVILEGED = "nobody"
_PORT = 6432

_CONFIGURATION = """
[databases]
* = {database}

[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 200
server_login_retry = 1
server_idle_timeout = 5
query_wait_timeout = 5
ignore_startup_parameters = extra_float_digits
{more}
"""


def pooled(topology: str) -> Any:
    """Return a fixture's parameter that is marked `pooler`: what runs with it needs PgBouncer."""
    return pytest.param(topology, marks=pytest.mark.pooler)


@contextmanager
def transaction_pooler(conninfo: str, more: str = "", port: int = _PORT) -> Iterator[str]:
    """Run PgBouncer in transaction mode before the server of `conninfo`; yield the conninfo that goes through it.

    It listens on a Unix socket only, unless `more` settings say otherwise, and ends with the context. Skips the test
    where `pgbouncer` is not installed.
    """
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed (Debian: apt-get install pgbouncer)")
    options = conninfo_to_dict(conninfo)
    with tempfile.TemporaryDirectory(prefix="pgbouncer-", dir="/tmp") as folder:  # short: a socket's path is
        configuration = Path(folder) / "pgbouncer.ini"
        server = {key: options[key] for key in ("host", "port", "user", "password") if key in options}
        server.setdefault("user", _user(conninfo))
        quoted = " ".join(f"{key}='{value}'" for key, value in server.items())
        configuration.write_text(_CONFIGURATION.format(database=quoted, folder=folder, port=port, more=more))
        user = _unprivileged(server["host"]) if os.geteuid() == 0 else None
        if user is not None:
            shutil.chown(folder, user)
            shutil.chown(configuration, user)
        process = subprocess.Popen(
            [program, "--quiet", str(configuration)], user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _await_socket(Path(folder) / f".s.PGSQL.{port}", process)
            yield make_conninfo(host=folder, port=port, dbname=options["dbname"], user=server["user"])
        finally:
            process.terminate()
            process.wait(timeout=10)


def _unprivileged(host: str) -> int:
    """Choose whom to run as: PgBouncer refuses root, and a server's socket may be closed to all but its owner."""
    owner = Path(host).stat().st_uid if host.startswith("/") else 0
    return owner or pwd.getpwnam(_UNPRIVILEGED).pw_uid


def _user(conninfo: str) -> str:
    with psycopg.connect(conninfo) as connection:
        return connection.info.user


def _await_socket(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"pgbouncer ended with {process.returncode}")
        with socket.socket(socket.AF_UNIX) as probe:
            if path.exists() and probe.connect_ex(str(path)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError("pgbouncer opened no socket within 10 seconds")
