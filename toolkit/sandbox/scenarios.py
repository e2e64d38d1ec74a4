"""Practice databases by name: `SCENARIO[@COPY][/supabase|/langgraph]`.

A scenario is one database that holds both sides, or two databases with one side each, in as many copies as needed.
They live on an embedded PostgreSQL of this user's own. It starts with the first caller and ends with the last process
that used it. A database keeps its state until it is reset.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from toolkit import sql
from toolkit.errors import ParameterError
from toolkit.sandbox.postgres import cluster

SIDES = {"supabase": "sandbox_only_supabase", "langgraph": "sandbox_only_langgraph"}
"""The sides of a sandbox, each with the statement that leaves it alone in its database."""
_NAME = re.compile(r"(?P<scenario>[^@/]*)(?:@(?P<copy>[a-z0-9_-]{1,32}))?(?:/(?P<side>supabase|langgraph))?")
_PGCRYPTO = re.compile(r"^(?:CREATE EXTENSION IF NOT EXISTS|COMMENT ON EXTENSION) pgcrypto\b.*;$", re.MULTILINE)


@dataclass(frozen=True)
class Scenario:
    """A dump of `toolkit/sandbox/dumps`, and what is done to it once loaded."""

    dump: str
    rows: bool = True
    is_prepared: bool = False
    """A function of `PREPARATIONS` changes what the dump holds."""


SCENARIOS: dict[str, Scenario] = {
    "broken": Scenario("broken_after_three_restarts.sql"),
    "healthy": Scenario("healthy.sql"),
    "empty": Scenario("healthy.sql", rows=False),
    "repaired": Scenario("broken_after_three_restarts.sql", is_prepared=True),
    "used": Scenario("week_of_use.sql"),  # what tests/broken_server.py makes of three restarts, 20 users and a week
}

PREPARATIONS: dict[str, Callable[[str, str], None]] = {}
"""Functions that prepare a scenario, by its name; `toolkit.repair` enters its own when it is imported.

Called with the conninfo of the Supabase side and of the LangGraph side (the same for one database). Databases of the
sandbox are locked meanwhile: a function must not ask for one.
"""


@dataclass(frozen=True)
class _Name:
    scenario: str
    copy: str | None
    side: str | None

    @property
    def database(self) -> str:
        # '~' and '.' stand in URLs as they are, and in no copy's name.
        copy = f"~{self.copy}" if self.copy else ""
        return f"{self.scenario}{copy}{_suffix(self.side)}"


def _suffix(side: str | None) -> str:
    return f".{side}" if side else ""


def resolve(name: str) -> str:
    """Return the libpq conninfo of the sandbox database `name`, made from its scenario when it does not exist.

    `name` is as in `broken`, `broken/langgraph`, `broken@mine/supabase`. The first call starts the server or finds
    it, and takes seconds on a new machine; the server then runs at least until this process ends.

    Raises:
        ParameterError: if `name` is misspelled or its scenario unknown.
        NoPostgresError, SandboxFolderError, SandboxStartError: if the server cannot be had.
    """
    wanted = _parse(name)
    with _administration() as admin:
        if wanted.database not in _databases(admin):
            _clone(admin, wanted)
    return cluster.connection_string(wanted.database)


def reset(name: str) -> None:
    """Make all databases of `name` anew: the one that holds both sides, and the two with one side each.

    Whoever is connected to them is cut off. A side in `name` makes no difference: the sides belong together.

    Raises:
        ParameterError: if `name` is misspelled or its scenario unknown.
    """
    with _administration() as admin:
        for each in _forms(_parse(name)):
            _run(admin, "sandbox_drop", database=each.database)
            _clone(admin, each)


def drop(name: str) -> None:
    """Remove all databases of `name`, if there are any, and cut off whoever is connected to them.

    Raises:
        ParameterError: if `name` is misspelled or its scenario unknown.
    """
    with _administration() as admin:
        for each in _forms(_parse(name)):
            _run(admin, "sandbox_drop", database=each.database)


def stop() -> bool:
    """End the server now, whoever uses it; return whether there was one. The databases keep their state."""
    return cluster.stop()


def _parse(name: str) -> _Name:
    found = _NAME.fullmatch(name)
    if found is None:
        raise ParameterError(f"got sandbox {name!r}, expected SCENARIO[@COPY][/supabase|/langgraph]")
    if found["scenario"] not in SCENARIOS:
        raise ParameterError(f"got sandbox scenario {found['scenario']!r}, known are {', '.join(sorted(SCENARIOS))}")
    return _Name(**found.groupdict())


def _forms(name: _Name) -> list[_Name]:
    return [_Name(name.scenario, name.copy, side) for side in (None, *SIDES)]


@contextmanager
def _administration() -> Iterator[psycopg.Connection]:
    """Connect to the server; until closed, nobody else makes or drops databases, in other processes too."""
    with psycopg.connect(cluster.connection_string(), autocommit=True) as connection:
        connection.execute(sql.statement("sandbox_lock"))
        yield connection


def _run(connection: psycopg.Connection, statement: str, **names: str) -> None:
    identifiers = {key: Identifier(name) for key, name in names.items()}
    connection.execute(SQL(sql.statement(statement)).format(**identifiers))


def _databases(admin: psycopg.Connection) -> set[str]:
    return {name for (name,) in admin.execute(sql.statement("sandbox_databases"))}


def _clone(admin: psycopg.Connection, name: _Name) -> None:
    prefix = f"template.{name.scenario}."
    stem = f"{prefix}{_key(SCENARIOS[name.scenario])}"
    present = _databases(admin)
    if stem + _suffix(name.side) not in present:
        for outdated in (each for each in present if each.startswith(prefix) and not each.startswith(stem)):
            _run(admin, "sandbox_drop", database=outdated)
        _make_templates(admin, name.scenario, stem, tuple(SIDES) if name.side else (None,))
    _run(admin, "sandbox_clone", database=name.database, template=stem + _suffix(name.side))


def _key(scenario: Scenario) -> str:
    """Tell templates of this content from those of another version of the toolkit."""
    parts = [repr(scenario), _dump(scenario)]
    parts += [sql.statement(step) for step in ("sandbox_empty", *SIDES.values())]
    if scenario.is_prepared:  # what it makes is known by its code only
        sources = (path for path in Path(__file__).parent.parent.rglob("*") if path.suffix in (".py", ".sql"))
        parts += [path.read_text(encoding="utf-8") for path in sorted(sources)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _dump(scenario: Scenario) -> str:
    return (resources.files("toolkit.sandbox") / "dumps" / scenario.dump).read_text(encoding="utf-8")


def _make_templates(admin: psycopg.Connection, name: str, stem: str, sides: tuple[str | None, ...]) -> None:
    scenario = SCENARIOS[name]
    if scenario.is_prepared and name not in PREPARATIONS:
        raise ParameterError(f"sandbox:{name} is made by a repair: import toolkit.repair first")
    building = [f"building{_suffix(side)}" for side in sides]
    for database, side in zip(building, sides, strict=True):
        _run(admin, "sandbox_drop", database=database)  # begun by a process that was killed
        _run(admin, "sandbox_create", database=database)
        _fill(cluster.connection_string(database), scenario, side)
    if scenario.is_prepared:
        PREPARATIONS[name](cluster.connection_string(building[0]), cluster.connection_string(building[-1]))
    for database, side in zip(building, sides, strict=True):
        _run(admin, "sandbox_close", database=database)
        _run(admin, "sandbox_drop", database=stem + _suffix(side))
        _run(admin, "sandbox_rename", database=database, template=stem + _suffix(side))


def _fill(conninfo: str, scenario: Scenario, side: str | None) -> None:
    # A connection of its own: the dump changes the session's search_path for good.
    with psycopg.connect(conninfo, autocommit=True) as connection:
        asked = connection.execute(sql.statement("sandbox_has_extension"), {"extension": "pgcrypto"}).fetchone()
        dump = _dump(scenario)
        if asked == (False,):
            # The wheel is built without OpenSSL and so without pgcrypto. Nothing in the dump needs it:
            # gen_random_uuid() has been PostgreSQL's own since 13.
            dump = _PGCRYPTO.sub("", dump)
        connection.execute(dump.encode())
        if not scenario.rows:
            connection.execute(sql.statement("sandbox_empty"))
        if side is not None:
            connection.execute(sql.statement(SIDES[side]))
        connection.execute(sql.statement("sandbox_analyze"))
