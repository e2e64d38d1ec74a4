"""Practice databases by name: `SCENARIO[@COPY][/supabase|/langgraph]`.

A scenario is one database with both sides, or two databases with one side each. It can have any number of copies.
An embedded PostgreSQL of this user holds them. It starts with the first caller and ends with its last user's process.
A database keeps its state until it is reset.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from toolkit import sql
from toolkit.errors import ParameterError

_SIDES = {"/supabase": "sandbox_only_supabase", "/langgraph": "sandbox_only_langgraph"}
"""The sides of a sandbox, each with the statement that leaves it alone in its database."""
_NAME = re.compile(r"([^@/]*)((?:@[a-z0-9_-]{1,32})?)((?:/supabase|/langgraph)?)")
_PGCRYPTO = re.compile(r"^(?:CREATE EXTENSION IF NOT EXISTS|COMMENT ON EXTENSION) pgcrypto\b.*;$", re.MULTILINE)
"""An extension that no dump needs: PostgreSQL has gen_random_uuid() since 13. The wheel, without OpenSSL, lacks it."""


@dataclass(frozen=True)
class Scenario:
    """A dump of `toolkit/sandbox/dumps`, and the changes made after loading it."""

    dump: str
    rows: bool = True
    is_prepared: bool = False
    """A function of `PREPARATIONS` changes the loaded dump."""


SCENARIOS: dict[str, Scenario] = {
    "broken": Scenario("broken_after_three_restarts.sql"),
    "healthy": Scenario("healthy.sql"),
    "empty": Scenario("healthy.sql", rows=False),
    "repaired": Scenario("broken_after_three_restarts.sql", is_prepared=True),
    "used": Scenario("week_of_use.sql"),  # tests/broken_server.py makes it: three restarts, 20 users, a week
}

PREPARATIONS: dict[str, Callable[[str, str], None]] = {}
"""Functions that prepare a scenario, by scenario name; importing `toolkit.repair` registers one for `repaired`.

Each takes the conninfo of the Supabase side and of the LangGraph side; one database gives the same one twice. The
sandbox is locked during the call, so a function must not resolve another sandbox database.
"""


def resolve(name: str) -> str:
    """Return the libpq conninfo of the sandbox database `name`; create a missing database from its scenario.

    Examples of `name`: `broken`, `broken/langgraph`, `broken@mine/supabase`. The first call starts or finds the
    server, which takes seconds on a new machine. The server then runs at least until this process ends.

    Raises:
        ParameterError: if `name` is misspelled or its scenario unknown.
        NoPostgresError, SandboxFolderError, SandboxStartError: if the server cannot be started.
    """
    scenario, _, side = _parse(name)
    with _administration() as admin:
        is_complete = dict(admin.execute(sql.statement("sandbox_databases")).fetchall())
        if _database(name) not in is_complete:
            template = _template(admin, scenario, side, is_complete)
            _run(admin, "sandbox_create", database=_database(name), template=template)
    return _conninfo(_database(name))


def reset(name: str) -> None:
    """Recreate all databases of `name`: the one with both sides, and the two with one side each.

    Connections to them are closed. A side in `name` is ignored. Raise as `resolve` does.
    """
    drop(name)
    for each in _forms(name):
        resolve(each)


def drop(name: str) -> None:
    """Remove the existing databases of `name`, and close the connections to them. Raise as `resolve` does."""
    with _administration() as admin:
        for each in _forms(name):
            _run(admin, "sandbox_drop", database=_database(each))


def stop() -> bool:
    """Stop the server, even while it is in use; return whether one ran. The databases keep their state."""
    from toolkit.sandbox.postgres import cluster

    return cluster.stop()


def _conninfo(database: str = "postgres") -> str:
    from toolkit.sandbox.postgres import cluster  # it needs fcntl and pwd, which Windows lacks

    return cluster.connection_string(database)


def _parse(name: str) -> tuple[str, ...]:
    """Split a name into scenario, copy and side: `broken@mine/supabase` into `broken`, `@mine` and `/supabase`."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ParameterError(f"got sandbox {name!r}, expected SCENARIO[@COPY][/supabase|/langgraph]")
    if found[1] not in SCENARIOS:
        raise ParameterError(f"got sandbox scenario {found[1]!r}, known are {', '.join(sorted(SCENARIOS))}")
    return found.groups()


def _forms(name: str) -> list[str]:
    scenario, copy, _ = _parse(name)
    return [f"{scenario}{copy}{side}" for side in ("", *_SIDES)]


def _database(name: str) -> str:
    """Return what the database of a sandbox is called: URLs need no escape for '~' and '.', and no name has them."""
    return name.replace("@", "~").replace("/", ".")


@contextmanager
def _administration() -> Iterator[psycopg.Connection]:
    """Connect to the server, and keep every other process from creating or dropping databases."""
    with psycopg.connect(_conninfo(), autocommit=True) as connection:
        connection.execute(sql.statement("sandbox_lock"))
        yield connection


def _run(connection: psycopg.Connection, statement: str, **names: str) -> None:
    quoted = {key: Identifier(name) for key, name in names.items()}
    connection.execute(SQL(sql.statement(statement)).format(**quoted))


def _template(admin: psycopg.Connection, scenario: str, side: str, is_complete: Mapping[str, bool]) -> str:
    """Return the template's name; make a missing one, and drop those of other versions of the toolkit."""
    prefix = f"template.{scenario}."
    stem = f"{prefix}{_content_hash(SCENARIOS[scenario])}"
    template = _database(stem + side)
    if not is_complete.get(template):
        for outdated in (each for each in is_complete if each.startswith(prefix) and not each.startswith(stem)):
            _run(admin, "sandbox_drop", database=outdated)
        _make_templates(admin, scenario, stem, tuple(_SIDES) if side else ("",))
    return template


def _content_hash(scenario: Scenario) -> str:
    """Return a name part that differs between versions of the toolkit whose templates differ."""
    parts = [repr(scenario), _dump(scenario)]
    parts += [sql.statement(step) for step in ("sandbox_empty", *_SIDES.values())]
    if scenario.is_prepared:  # only the code determines the result
        sources = (path for path in Path(__file__).parent.parent.rglob("*") if path.suffix in (".py", ".sql"))
        parts += [path.read_text(encoding="utf-8") for path in sorted(sources)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _dump(scenario: Scenario) -> str:
    return (resources.files(__package__) / "dumps" / scenario.dump).read_text(encoding="utf-8")


def _make_templates(admin: psycopg.Connection, name: str, stem: str, sides: tuple[str, ...]) -> None:
    scenario = SCENARIOS[name]
    if scenario.is_prepared and name not in PREPARATIONS:
        raise ParameterError(f"sandbox:{name} is made by a repair: import toolkit.repair first")
    templates = {side: _database(stem + side) for side in sides}
    for side, database in templates.items():
        _run(admin, "sandbox_drop", database=database)  # a killed process may have left it half-done
        _run(admin, "sandbox_create", database=database, template="template0")
        _fill(_conninfo(database), scenario, side)
    if scenario.is_prepared:
        PREPARATIONS[name](_conninfo(templates[sides[0]]), _conninfo(templates[sides[-1]]))
    for database in templates.values():
        psycopg.connect(_conninfo(database)).close()  # the server makes a cache's file, which every copy has then
        _run(admin, "sandbox_close", database=database)


def _fill(conninfo: str, scenario: Scenario, side: str) -> None:
    # The dump changes the session's search_path for good, so it gets its own connection.
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_PGCRYPTO.sub("", _dump(scenario)).encode())
        if not scenario.rows:
            connection.execute(sql.statement("sandbox_empty"))
        if side:
            connection.execute(sql.statement(_SIDES[side]))
        connection.execute(sql.statement("sandbox_analyze"))
