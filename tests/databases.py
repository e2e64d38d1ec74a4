"""Both databases of a test, as one or as two, and everything that stands in them."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row

from toolkit.database import addresses, connection
from toolkit.diagnosis import diagnose
from toolkit.diagnosis.findings import Diagnosis
from toolkit.repair import apply, planning, undo
from toolkit.repair.apply import Outcome
from toolkit.repair.plan import Plan
from toolkit.repair.undo import Restoration
from toolkit.scope import Scope, StartupSync
from toolkit.store import GetConnection

Rows = dict[str, list[str]]
"""The rows of every table, as text, sorted; by the side and the table's name."""

READS_SUPABASE = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};"

READS_LANGGRAPH = (
    "GRANT USAGE ON SCHEMA langgraph_server TO {role};"
    "GRANT SELECT ON ALL TABLES IN SCHEMA public, langgraph_server TO {role};"
)

_TABLES = """
SELECT schemaname AS schema, tablename AS name FROM pg_catalog.pg_tables
WHERE  schemaname NOT IN ('pg_catalog', 'information_schema', 'assistant_repair') ORDER BY schemaname, tablename
"""


@dataclass(frozen=True)
class Databases:
    """The Supabase side and the LangGraph side; the same one where they are one database."""

    supabase: addresses.Database
    langgraph: addresses.Database

    @property
    def is_one(self) -> bool:
        return self.supabase == self.langgraph

    @property
    def conninfos(self) -> tuple[str, str]:
        return self.supabase.conninfo.get_secret_value(), self.langgraph.conninfo.get_secret_value()

    @contextmanager
    def connected(self, journal_owner: str = "") -> Iterator[connection.Pair]:
        with connection.connected(self.supabase, self.langgraph, journal_owner) as pair:
            yield pair

    def on_supabase(self, statement: str) -> list[dict]:
        """Run one statement or several on the Supabase side."""
        return run(self.supabase.conninfo.get_secret_value(), statement)

    def on_langgraph(self, statement: str) -> list[dict]:
        """Run one statement or several on the LangGraph side."""
        return run(self.langgraph.conninfo.get_secret_value(), statement)

    def rows(self) -> Rows:
        """Read every table of both sides, but the journal's."""
        return {
            f"{side} {name}": texts
            for side, base in {"supabase": self.supabase, "langgraph": self.langgraph}.items()
            if side == "supabase" or not self.is_one
            for name, texts in every_row(base.conninfo.get_secret_value()).items()
        }

    def diagnose(self, scope: str = "all", startup_sync: StartupSync = "", *, for_plan: bool = False) -> Diagnosis:
        with self.connected() as pair:
            return diagnose.diagnose(pair, Scope.parse(scope, startup_sync), for_plan=for_plan)

    def found(self) -> dict[str, int]:
        """Return how many of each kind a diagnosis finds, as in `{"wrong_id": 5}`."""
        return {kind: count for kind, count in self.diagnose().counts.items() if count}

    def plan(
        self,
        scope: str = "all",
        only: tuple[str, ...] = (),
        allow: tuple[str, ...] = (),
        startup_sync: StartupSync = "",
    ) -> Plan:
        with self.connected() as pair:
            found = diagnose.diagnose(pair, Scope.parse(scope, startup_sync), for_plan=True)
            return planning.make_plan(pair, found, scope, only, allow)

    def apply(self, what: Plan) -> Outcome:
        with self.connected() as pair:
            return apply.apply(pair, what)

    def undo(self, run_id: str) -> Restoration:
        with self.connected() as pair:
            return undo.undo(pair, run_id)


MakeDatabases = Callable[[str], Databases]
"""Takes a scenario's name."""

AsRole = Callable[..., Databases]
"""Takes the databases and what is done to the role's rights on each side: SQL that says `{role}`."""


def emptied(make: MakeDatabases) -> Databases:
    """Copy the healthy scenario without any assistant and any write-back: before the server ever started."""
    made = make("healthy")
    made.on_langgraph("DELETE FROM langgraph_server.assistants")
    made.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL WHERE deleted_at IS NULL")
    return made


def name_of(side: addresses.Database) -> str:
    """Return the name of the database, without where it is."""
    return str(conninfo_to_dict(side.conninfo.get_secret_value())["dbname"])


def run(conninfo: str, statement: str) -> list[dict]:
    with psycopg.connect(conninfo, autocommit=True, row_factory=dict_row) as connection:
        found = connection.execute(statement.encode())
        while found.nextset():
            pass
        return found.fetchall() if found.description else []


def every_row(conninfo: str) -> dict[str, list[str]]:
    with psycopg.connect(conninfo) as connection:
        tables = connection.execute(_TABLES).fetchall()
        one = sql.SQL("SELECT {label} AS name, (stored.*)::text AS text FROM {table} AS stored")
        selects = [one.format(label=sql.Literal(".".join(each)), table=sql.Identifier(*each)) for each in tables]
        found: dict[str, list[str]] = {".".join(each): [] for each in tables}
        for name, text in connection.execute(sql.SQL(" UNION ALL ").join(selects)):
            found[name].append(text)
    return {name: sorted(texts) for name, texts in found.items()}


def as_user(side: addresses.Database, role: str) -> addresses.Database:
    """Name the same database, connected to as this role."""
    return addresses.database_called("env:READER", make_conninfo(side.conninfo.get_secret_value(), user=role))


def connections(conninfo: str, *, autocommit: bool, **options: Any) -> GetConnection:
    """Give connections as a server hands them to the store and to the sync."""

    @asynccontextmanager
    async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=autocommit, **options) as connection:
            yield connection

    return get_connection
