"""References to databases (`sandbox:SCENARIO`, `env:NAME`, `service:NAME`), and the addresses behind them."""

import ipaddress
import os
import re
from collections import Counter
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import BaseModel, SecretStr

from toolkit.errors import ParameterError

_POOLER_HINTS = frozenset({"pgbouncer", "connection_limit", "pool_timeout", "schema", "supa", "workaround"})
"""Query parameters in URLs of Prisma and of Supabase's page that libpq does not know."""

_DRIVERS = frozenset({"postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+asyncpg"})
_IS_URL = re.compile(r"[\w+]+://")
_PORT = r"(?::\d*)?"
_HOST = rf"(?:\[[^]@/?#]*\]|[^][@/?#:,]*){_PORT}"
_URL = re.compile(
    rf"([\w+]+)://((?:[^@/?#:]*(?::[^@/?#:]*)?@)?{_HOST}(?:,{_HOST})*(?:/[^@?#]*)?)(?:\?([^@?#]*))?",
)
"""A URL that can be read in one way only: its scheme, its address and its query."""

_OPTION = re.compile(r"(\w+)\s*=\s*(?:'(?:\\.|[^'\\])*'|(?:\\.|[^\s\\])*)", re.DOTALL)
"""An option of a libpq connection string, `password='two words'`."""

_KNOWN = frozenset(option.keyword.decode() for option in pq.Conninfo.get_defaults())
_QUOTES = frozenset({"''", '""', "``", "“”"})
_MISTAKES = (
    (r"[\ufeff\u200b-\u200f\u2060]", "begins with an invisible character, such as a byte order mark: delete it"),
    (r"psql\s", "is a command: keep only the URL that follows psql"),
    (rf"(?:export\s+|set\s+|\$env:)?(?!(?:{'|'.join(_KNOWN)})\s*=)\w+\s*=", "begins with NAME=: keep what follows it"),
    (r"jdbc:", "is a URL of JDBC: write postgresql://user:password@host:port/database"),
    (r"[\"'`“”]", "has a quotation mark at one end only: delete it"),
    (r"\S+:\[YOUR-PASSWORD\]@", "has [YOUR-PASSWORD] where the password belongs"),
)
"""What people paste in place of a URL: a pattern of its beginning, and what is wrong with it."""

_PLAINTEXT = frozenset({"disable", "allow", "prefer"})
"""Values of sslmode with which a connection may be unencrypted."""


class Database(BaseModel, frozen=True):
    """A database, by its reference; the connection string stays hidden."""

    reference: str
    conninfo: SecretStr
    place: str
    """The address for messages, such as `db.example:5432/postgres`, without user and password."""
    is_local: bool
    """Whether it is on this machine: a sandbox, a Unix socket or a loopback address."""

    def __str__(self) -> str:
        return f"{self.reference} ({self.place})"


def is_practice(reference: str) -> bool:
    """Return whether `reference` names a database of the toolkit's own sandbox, `sandbox:broken`."""
    return reference.startswith("sandbox:")


def parse_reference(reference: str) -> tuple[str, str]:
    """Split a reference into form and name: `env:DB_URL` becomes `("env", "DB_URL")`.

    Raises:
        ParameterError: if it has another form; the message never shows a connection string.
    """
    if not isinstance(reference, str):
        raise ParameterError(
            f"got {type(reference).__name__} for a database; write sandbox:…, env:NAME or service:NAME"
        )
    form, _, name = reference.partition(":")
    if "://" in reference or "=" in reference or (form != "sandbox" and "@" in reference):
        raise ParameterError(
            "got a connection string where a reference belongs (not shown here: it may hold a password); "
            "put it into an environment variable and write env:NAME"
        )
    if not name or form not in ("sandbox", "env", "service"):
        raise ParameterError(f"got database {reference!r}; write sandbox:SCENARIO, env:NAME or service:NAME")
    return form, name


def resolve(reference: str, hint: str = "") -> Database:
    """Return the database behind `reference`.

    Args:
        reference: `sandbox:SCENARIO`, `env:NAME` (an environment variable with a URL or a libpq connection string)
            or `service:NAME` (an entry of pg_service.conf).
        hint: what else to do where the variable is not set.

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
        unset = f"got database {reference!r}, but the environment variable {name} is not set or empty"
        raise ParameterError("; ".join(filter(None, (unset, hint))))
    return database_called(reference, _conninfo_of(text, name))


def _conninfo_of(text: str, variable: str) -> str:
    while len(text) > 1 and text[0] + text[-1] in _QUOTES:
        text = text[1:-1].strip()
    for beginning, problem in _MISTAKES:
        if re.match(beginning, text):
            raise ParameterError(f"what the variable {variable} holds (not shown) {problem}")
    if _IS_URL.match(text):
        return _conninfo_of_url(text, f"the URL in {variable}")
    _refuse_repeated(_OPTION.findall(text), f"the connection string in {variable}")
    return text


def _conninfo_of_url(text: str, name: str) -> str:
    if text.partition(":")[0].lower() not in _DRIVERS:
        raise ParameterError(f"{name} (not shown) is not one of PostgreSQL: expected postgresql://…")
    unreadable = ParameterError(
        f"{name} (not shown) cannot be read, or can be read in two ways; "
        "write @ : / ? # % in its user and password as %40 %3A %2F %3F %23 %25"
    )
    if not (url := _URL.fullmatch(text)):
        raise unreadable
    _, address, query = url.groups()
    pairs = [pair for pair in (query or "").split("&") if pair.partition("=")[0] not in _POOLER_HINTS]
    options = [unquote(pair.partition("=")[0]) for pair in pairs if pair]
    try:
        given = conninfo_to_dict(f"postgresql://{address}")
        _refuse_repeated([*given, *options], name)
        if unknown := sorted(set(options) - _KNOWN):
            # It may be the rest of a password with `?` or `&`: in a URL without user or path, or after a password.
            is_whole = "@" in address and "/" in address and not any("password" in each for each in options)
            shown = f"the option {unknown[0]!r}" if is_whole else "an option (not shown)"
            raise ParameterError(f"{name} has {shown}, which PostgreSQL does not know: delete it")
        read: dict[str, Any] = conninfo_to_dict(f"postgresql://{address}?{'&'.join(pairs)}")
    except (psycopg.ProgrammingError, UnicodeDecodeError):
        raise unreadable from None
    return make_conninfo(**read)


def _refuse_repeated(options: list[str], name: str) -> None:
    if twice := [option for option, times in Counter(options).items() if times > 1 and option in _KNOWN]:
        raise ParameterError(f"{name} has the option {twice[0]!r} more than once")


def database_called(reference: str, conninfo: str) -> Database:
    """Return the database with this reference and this libpq connection string.

    A connection to another machine is encrypted. Only an sslmode in the connection string or in the service can let it
    be unencrypted.

    Raises:
        ParameterError: if libpq cannot read the connection string, which the message does not show; or if the
            environment variable PGSSLMODE alone would let a connection to another machine be unencrypted.
    """
    try:
        named = conninfo_to_dict(conninfo)
    except (psycopg.ProgrammingError, UnicodeDecodeError):
        raise ParameterError(
            f"what {reference!r} names is no connection string (not shown): expected"
            " postgresql://user:password@host:port/database"
        ) from None
    options = _options(_stopped(conninfo))
    is_local = _is_local(options)
    if is_practice(reference):
        place = reference
    elif "service" in named:
        place = f"service {named['service']}"
    else:
        host = options["host"] or options["hostaddr"] or "local socket"
        place = f"{host}:{options['port'] or 5432}/{named.get('dbname', '')}"
    if "sslmode" not in named:
        mode = options["sslmode"]
        if not is_local and mode in _PLAINTEXT and not _is_of_the_service(reference, conninfo, options):
            mode = "require"
        conninfo = make_conninfo(conninfo, sslmode=mode or None)
    return Database(reference=reference, conninfo=SecretStr(conninfo), place=place, is_local=is_local)


def _is_of_the_service(reference: str, conninfo: str, options: Mapping[str, str]) -> bool:
    """Return whether the service's entry names the sslmode; refuse one that only the environment names."""
    mode = options["sslmode"]
    if os.environ.get("PGSSLMODE") == mode:
        raise ParameterError(
            f"{reference!r} leads to another machine, and PGSSLMODE={mode} may leave the connection unencrypted; unset "
            f"PGSSLMODE, or write sslmode={mode} into the URL or the service if that is meant"
        )
    # sslrootcert=system makes libpq strengthen an sslmode that nobody named.
    return bool(options["service"]) and _options(_stopped(conninfo, sslrootcert="system"))["sslmode"] == mode


def _stopped(conninfo: str, **more: str) -> pq.abc.PGconn:
    """Let libpq read its service file, its password file and the environment, and stop before it connects."""
    return pq.PGconn.connect_start(make_conninfo(conninfo, **more, target_session_attrs="-").encode())


def _options(stopped: pq.abc.PGconn) -> dict[str, str]:
    return {option.keyword.decode(): (option.val or b"").decode(errors="replace") for option in stopped.info}


def _is_local(options: Mapping[str, str]) -> bool:
    """Return whether every host that libpq may try is on this machine."""
    hosts, addresses = (options[name].split(",") for name in ("host", "hostaddr"))
    tried = [address or host for host, address in zip_longest(hosts, addresses, fillvalue="")]
    return bool(options["sslmode"]) and all(map(_is_here, tried))  # libpq found no service: no sslmode either


def _is_here(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def secrets_behind(reference: str) -> set[str]:
    """Return the URL and the passwords behind `reference`; an empty set for a sandbox.

    libpq also reads its service file and its password file. An invalid option stops it before it connects.
    """
    if is_practice(reference):
        return set()
    found = {os.environ.get(reference.removeprefix("env:"), "")} - {""}
    try:
        stopped = _stopped(resolve(reference).conninfo.get_secret_value())
    except ParameterError:  # no connection is possible
        return found
    secret = [stopped.password, *(option.val for option in stopped.info if option.dispchar == b"*")]
    return found | {each.decode(errors="replace") for each in secret if each}
