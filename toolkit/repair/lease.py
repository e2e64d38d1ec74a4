"""The lease: one repair or undo at a time."""

import os
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg

from toolkit import sql
from toolkit.database.connection import Connection, writing
from toolkit.errors import RefusedError, ToolkitError
from toolkit.progress import Progress

SECONDS = 15.0
"""After this long without a sign of life, somebody else may go on."""

_WAIT = "waiting for a repair that stopped without a word"


class BusyError(RefusedError):
    """A lease that another process holds."""

    remedy = "somebody else repairs or undoes these databases: wait until that is done; nothing was changed"


class LostLeaseError(ToolkitError):
    """A lease that another process took over."""

    remedy = (
        "somebody else went on with it, since nothing was heard of this process for a while; look at `undo` without "
        "--run for how far it is"
    )


@dataclass(frozen=True)
class Lease:
    """The right to change these databases, for as long as it is renewed."""

    connection: Connection
    holder: str

    def renew(self) -> None:
        """Go on; the caller's transaction holds the row, so nobody else can take the lease before it ends.

        Raises:
            LostLeaseError: if somebody else has it; the transaction must not be committed.
        """
        if not self.connection.execute(sql.statement("renew_lease"), {"holder": self.holder}).fetchone():
            raise LostLeaseError("the lease on these databases is somebody else's")


@contextmanager
def taken(connection: Connection, progress: Progress) -> Iterator[Lease]:
    """Be the only one who repairs or undoes, until the context ends.

    A lease of which nothing is heard is waited for, at most `SECONDS`; so after a crash.

    Raises:
        BusyError: if its holder lives; the message says who, and since when.
    """
    lease = Lease(connection, uuid.uuid4().hex)
    who = {"holder": lease.holder, "who": f"process {os.getpid()} on {socket.gethostname()}"}
    seen, waited = None, 0.0
    while not _is_ours(connection, who):
        holder = connection.execute(sql.statement("lease_holder"), {"seconds": SECONDS}).fetchone()
        if holder is None:
            continue  # it ended between the two questions
        if seen not in (None, holder["renewed_at"]):
            raise BusyError(f"{holder['who']} is at it since {holder['since']:%Y-%m-%d %H:%M:%S %Z}")
        seen = holder["renewed_at"]
        progress(_WAIT, int(waited), int(waited + holder["rest"]) + 1)
        pause = min(holder["rest"] + 0.05, 0.5)
        time.sleep(pause)
        waited += pause
    if seen:
        progress(_WAIT, 1, 1)
    try:
        yield lease
    finally:
        with suppress(
            psycopg.Error
        ):  # gone, or read-only by now: then it runs out, and what stopped us is what is said
            connection.execute(sql.statement("release_lease"), {"holder": lease.holder})


def _is_ours(connection: Connection, who: dict[str, str]) -> bool:
    try:
        with writing(connection):
            return connection.execute(sql.statement("take_lease"), {**who, "seconds": SECONDS}).fetchone() is not None
    except psycopg.errors.LockNotAvailable:
        return False  # its holder is within a batch
