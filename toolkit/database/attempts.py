"""Attempts to connect: a password is tried once, and a failure names the database by its reference."""

import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from toolkit.database.addresses import Database
from toolkit.errors import RefusedError

_TRIED_BY_LIBPQ = {"prefer": ("require", "disable"), "allow": ("disable", "require")}


class ConnectionRefusedByServerError(RefusedError):
    """A connection that could not be opened."""

    remedy = "check host, port, database, role and password of this reference; it was tried once only"


@contextmanager
def naming(database: Database) -> Iterator[str]:
    """Yield the connection string, and name the database by its reference if no connection opens."""
    try:
        yield database.conninfo.get_secret_value()
    except (psycopg.OperationalError, _RejectedError) as error:
        # libpq indents its hints.
        reason = [line for line in str(error).strip().splitlines() if not line.startswith("\t")][-1]
        message = f"no connection to {database}: {reason}{_hint(reason, database)}"
        raise ConnectionRefusedByServerError(message) from None


def _hint(reason: str, database: Database) -> str:
    """Return a hint if the server has no TLS, or only an IPv6 address, as Supabase's direct connection has."""
    if "server does not support SSL" in reason:
        return "; in a network that you trust, write sslmode=disable into the URL or the service"
    host = conninfo_to_dict(database.conninfo.get_secret_value()).get("host")
    if "FATAL" in reason or not host or str(host).startswith("/"):
        return ""
    with suppress(OSError):
        if {address[0] for address in socket.getaddrinfo(str(host), None)} == {socket.AF_INET6}:
            return "; the host has an IPv6 address only, which this network may not reach: use the session pooler's URL"
    return ""


class _RejectedError(Exception):
    """A connection that a server ended after it had asked for the password."""


class AskedOnce:
    """A connection whose password is tried once.

    psycopg would ask every address of every host, and libpq, unless sslmode decides, both with and without encryption.
    """

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Generator[Any, Any, Any]:
        named = conninfo_to_dict(conninfo).get("sslmode")
        *first, last = _TRIED_BY_LIBPQ.get(str(named), (named,))
        for mode in first:
            with suppress(psycopg.OperationalError):
                return (yield from cls._tried(conninfo, mode))
        return (yield from cls._tried(conninfo, last))

    @classmethod
    def _tried(cls, conninfo: str, sslmode: Any) -> Generator[Any, Any, Any]:
        try:
            return (yield from super()._connect_gen(make_conninfo(conninfo, sslmode=sslmode)))  # type: ignore[misc]
        except psycopg.OperationalError as error:
            if error.pgconn and error.pgconn.used_password:
                raise _RejectedError(str(error)) from None  # psycopg goes on after a psycopg.Error only
            raise
