"""Both databases of a test, as one or as two, and everything that stands in them."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from tests.integration.pgbouncer import transaction_pooler
from toolkit.database import addresses, connection
from toolkit.diagnosis import diagnose
from toolkit.diagnosis.findings import Diagnosis
from toolkit.repair import apply, planning, undo
from toolkit.repair.apply import Outcome
from toolkit.repair.plan import Plan
from toolkit.repair.undo import Restoration
from toolkit.scope import Scope

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

    @contextmanager
    def connected(self) -> Iterator[connection.Pair]:
        with connection.connected(self.supabase, self.langgraph) as pair:
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

    def diagnose(self, scope: str = "all") -> Diagnosis:
        with self.connected() as pair:
            return diagnose.diagnose(pair, Scope.parse(scope))

    def plan(self, scope: str = "all", only: tuple[str, ...] = (), allow: tuple[str, ...] = ()) -> Plan:
        with self.connected() as pair:
            return planning.make_plan(pair, diagnose.diagnose(pair, Scope.parse(scope)), scope, only, allow)

    def apply(self, what: Plan) -> Outcome:
        with self.connected() as pair:
            return apply.apply(pair, what)

    def undo(self, run_id: str) -> Restoration:
        with self.connected() as pair:
            return undo.undo(pair, run_id)


def run(conninfo: str, statement: str) -> list[dict]:
    with psycopg.connect(conninfo, autocommit=True, row_factory=dict_row) as connection:
        found = connection.execute(statement.encode())
        while found.nextset():
            pass
        return found.fetchall() if found.description else []


def every_row(conninfo: str) -> dict[str, list[str]]:
    with psycopg.connect(conninfo) as connection:
        tables = connection.execute(_TABLES).fetchall()
        one = sql.SQL("SELECT {label} AS name, stored::text AS text FROM {table} AS stored")
        selects = [one.format(label=sql.Literal(".".join(each)), table=sql.Identifier(*each)) for each in tables]
        found: dict[str, list[str]] = {".".join(each): [] for each in tables}
        for name, text in connection.execute(sql.SQL(" UNION ALL ").join(selects)):
            found[name].append(text)
    return {name: sorted(texts) for name, texts in found.items()}


TOPOLOGIES = ["one database", "two databases"]

if os.environ.get("TOOLKIT_POOLER"):
    TOPOLOGIES.append("two through a pooler")


@pytest.fixture(params=TOPOLOGIES)
def databases(request: pytest.FixtureRequest, reference: Callable[[str], str]) -> Iterator[Callable[[str], Databases]]:
    """Copy a scenario for this test alone, as one database and as two; with TOOLKIT_POOLER set, through PgBouncer, too."""
    with ExitStack() as poolers:

        def make(scenario: str) -> Databases:
            name = reference(scenario)
            if request.param == "one database":
                both = addresses.resolve(name)
                return Databases(both, both)
            sides = [addresses.resolve(f"{name}/{side}") for side in ("supabase", "langgraph")]
            if request.param == "two through a pooler":
                conninfos = [side.conninfo.get_secret_value() for side in sides]
                pooled = poolers.enter_context(transaction_pooler(conninfos[0]))
                names = [psycopg.conninfo.conninfo_to_dict(conninfo)["dbname"] for conninfo in conninfos]
                sides = [addresses.database_called("env:POOLED", make_conninfo(pooled, dbname=each)) for each in names]
            return Databases(*sides)

        yield make


@pytest.fixture
def one(reference: Callable[[str], str]) -> Callable[[str], Databases]:
    """Copy a scenario as one database: for what is asked of the LangGraph side alone."""

    def make(scenario: str) -> Databases:
        both = addresses.resolve(reference(scenario))
        return Databases(both, both)

    return make


AsRole = Callable[..., Databases]
"""Takes the databases and what is done to the role's rights on each side: SQL that says `{role}`."""


@pytest.fixture
def as_role() -> Iterator[AsRole]:
    """Give both sides as a role of this test's own sees them, after what is done to its rights."""
    made: list[tuple[str, Databases]] = []

    def make(databases: Databases, on_supabase: str = READS_SUPABASE, on_langgraph: str = READS_LANGGRAPH) -> Databases:
        role = f"reader_{uuid.uuid4().hex[:12]}"
        databases.on_supabase(f"CREATE ROLE {role} LOGIN")
        made.append((role, databases))
        databases.on_supabase(on_supabase.replace("{role}", role))
        databases.on_langgraph(on_langgraph.replace("{role}", role))
        return Databases(*(as_user(side, role) for side in (databases.supabase, databases.langgraph)))

    yield make
    for role, databases in made:
        for run in (databases.on_langgraph, databases.on_supabase):
            run(f"REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}")
        databases.on_supabase(f"DROP ROLE {role}")


def as_user(side: addresses.Database, role: str) -> addresses.Database:
    """Name the same database, connected to as this role."""
    return addresses.database_called("env:READER", make_conninfo(side.conninfo.get_secret_value(), user=role))
