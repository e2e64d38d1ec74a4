"""Lease that lets one repair or undo run at a time."""

import os
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from toolkit import sql
from toolkit.database.transactions import Connection, writing
from toolkit.errors import RefusedError, ToolkitError
from toolkit.progress import Progress

SECONDS = 15.0
"""A lease that is not renewed for this long expires."""

_WAIT = "waiting for the lease of a process that may have stopped"


class BusyError(RefusedError):
    """A lease that another process holds."""

    remedy = "another repair or undo of these databases is running: wait until it ends; nothing was changed"


class LostLeaseError(ToolkitError):
    """A lease that another process took over."""

    remedy = "this process did not renew it in time; list the runs and their states with `undo` without --run"


def renew(connection: Connection, holder: str) -> None:
    """Renew the lease, and lock its row until the caller's transaction ends.

    Raises:
        LostLeaseError: if another process holds the lease; the transaction must not be committed.
    """
    if not connection.execute(sql.statement("renew_lease"), {"holder": holder}).fetchone():
        raise LostLeaseError("another process holds the lease on these databases")


@contextmanager
def taken(connection: Connection, progress: Progress) -> Iterator[str]:
    """Hold the lease until the context ends; yield its holder's key, with which `renew` renews it.

    Wait at most `SECONDS` for a lease that is not renewed any more, as after a crash.

    Raises:
        BusyError: if another process renews it; the message names the process and the time it began.
    """
    holder = uuid.uuid4().hex
    asked = {"holder": holder, "who": f"process {os.getpid()} on {socket.gethostname()}", "seconds": SECONDS}
    seen, waited = None, 0.0
    while True:
        with suppress(psycopg.errors.LockNotAvailable), writing(connection):  # the other's batch may lock the row
            if connection.execute(sql.statement("take_lease"), asked).fetchone():
                break
        other = connection.execute(sql.statement("lease_holder"), asked).fetchone()
        if other is None:
            continue  # the lease ended between the two statements
        if seen not in (None, other["renewed_at"]):
            raise BusyError(f"{other['who']} has held the lease since {other['since']:%Y-%m-%d %H:%M:%S %Z}")
        seen = other["renewed_at"]
        progress(_WAIT, int(waited), int(waited + other["rest"]) + 1)
        pause = min(other["rest"] + 0.05, 0.5)
        time.sleep(pause)
        waited += pause
    if seen:
        progress(_WAIT, 1, 1)
    try:
        yield holder
    finally:
        # on a lost or read-only connection the lease expires, and the first error is the one to report
        with suppress(psycopg.Error), writing(connection):
            connection.execute(sql.statement("release_lease"), asked)
