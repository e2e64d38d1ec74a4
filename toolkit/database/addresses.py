"""References to databases (`sandbox:SCENARIO`, `env:NAME`, `service:NAME`), and the addresses behind them."""

import ipaddress
import os
import re
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import BaseModel, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from toolkit.errors import ParameterError

_POOLER_HINTS = frozenset({"pgbouncer", "connection_limit", "pool_timeout", "schema", "supa"})
"""Query parameters in URLs of Prisma and of Supabase's page that libpq does not know."""

_DRIVERS = frozenset({"postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+asyncpg"})
_IS_URL = re.compile(r"[\w+]+://")


class Database(BaseModel, frozen=True):
    """A database, by its reference; the connection string stays hidden."""

    reference: str
    conninfo: SecretStr
    place: str
    """The address for messages, such as `db.example:5432/postgres`, without user and password."""
    is_local: bool
    """Whether it is on this machine: a sandbox, a Unix socket or a loopback address."""


def is_practice(reference: str) -> bool:
    """Return whether `reference` names a database of the toolkit's own sandbox, `sandbox:broken`."""
    return reference.startswith("sandbox:")


def parse_reference(reference: str) -> tuple[str, str]:
    """Split a reference into form and name: `env:DB_URL` becomes `("env", "DB_URL")`.

    Raises:
        ParameterError: if it has another form; the message never shows a connection string.
    """
    form, _, name = reference.partition(":")
    if "://" in reference or "=" in reference or (form != "sandbox" and "@" in reference):
        raise ParameterError(
            "got a connection string where a reference belongs (not shown here: it may hold a password); "
            "put it into an environment variable and write env:NAME"
        )
    if not name or form not in ("sandbox", "env", "service"):
        raise ParameterError(f"got database {reference!r}; write sandbox:SCENARIO, env:NAME or service:NAME")
    return form, name


def resolve(reference: str) -> Database:
    """Return the database behind `reference`.

    Args:
        reference: `sandbox:SCENARIO`, `env:NAME` (an environment variable with a URL or a libpq connection string)
            or `service:NAME` (an entry of pg_service.conf).

    Raises:
        ParameterError: if the reference has another form, or libpq cannot use its connection string. The message
            never shows the connection string.
    """
    form, name = parse_reference(reference)
    if form == "sandbox":
        from toolkit.sandbox import scenarios  # no other reference needs the sandbox

        return database_called(reference, scenarios.resolve(name))
    if form == "service":
        return database_called(reference, make_conninfo(service=name))
    if not (text := os.environ.get(name, "").strip()):
        raise ParameterError(f"got database {reference!r}, but the environment variable {name} is not set or empty")
    return database_called(reference, _conninfo_of_url(text, name) if _IS_URL.match(text) else text)


def _conninfo_of_url(url: str, variable: str) -> str:
    unreadable = ParameterError(
        f"the URL in {variable} cannot be read (not shown): percent-encode special characters in its user and password"
    )
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise unreadable from None
    stray = (parsed.host or "", parsed.database or "", *parsed.query)
    unread = parsed.username is None and url.count("@") > sum(str(value).count("@") for value in parsed.query.values())
    if unread or any("@" in part for part in stray):
        raise unreadable
    if parsed.drivername not in _DRIVERS:
        raise ParameterError(f"the URL in {variable} begins with {parsed.drivername!r}, expected 'postgresql'")
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    options: dict[str, Any] = {key: value for key, value in parsed.query.items() if key not in _POOLER_HINTS}
    if unknown := sorted(set(options) - known):
        raise ParameterError(f"the URL in {variable} has the option {unknown[0]!r}, which PostgreSQL does not know")
    if twice := [key for key, value in options.items() if not isinstance(value, str)]:
        raise ParameterError(f"the URL in {variable} has the option {twice[0]!r} more than once")
    address = {"host": parsed.host, "port": parsed.port, "user": parsed.username, "password": parsed.password}
    return make_conninfo(**{**address, "dbname": parsed.database, **options})


def database_called(reference: str, conninfo: str) -> Database:
    """Return the database with this reference and this libpq connection string.

    Raises:
        ParameterError: if libpq cannot read the connection string; the message does not show it.
    """
    try:
        options = conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        raise ParameterError(
            f"what {reference!r} names is no connection string that libpq can read (not shown)"
        ) from None
    # libpq takes missing options from the environment.
    address = options.get("hostaddr") or os.environ.get("PGHOSTADDR")
    host = str(options.get("host") or os.environ.get("PGHOST") or address or "")
    if is_practice(reference):
        place = reference
    elif "service" in options:
        place = f"service {options['service']}"
    else:
        place = f"{host or 'local socket'}:{options.get('port') or 5432}/{options.get('dbname', '')}"
    is_local = _is_local(str(address or host), options)
    return Database(reference=reference, conninfo=SecretStr(conninfo), place=place, is_local=is_local)


def _is_local(host: str, options: Mapping[str, Any]) -> bool:
    if "service" in options or "PGSERVICE" in os.environ or "," in host:
        return False
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def secrets_behind(reference: str) -> set[str]:
    """Return the URL and the passwords behind `reference`; an empty set for a sandbox.

    libpq also reads its service file and its password file. An invalid option stops it before it connects.
    """
    form, _, name = reference.partition(":")
    if form not in ("env", "service"):
        return set()
    found = {os.environ.get(name, "")} if form == "env" else set()
    try:
        conninfo = resolve(reference).conninfo.get_secret_value()
    except ParameterError:  # no connection is possible
        return found
    stopped = pq.PGconn.connect_start(make_conninfo(conninfo, target_session_attrs="-").encode())
    secret = [stopped.password, *(option.val for option in stopped.info if option.dispchar == b"*")]
    stopped.finish()
    return found | {each.decode(errors="replace") for each in secret if each}
