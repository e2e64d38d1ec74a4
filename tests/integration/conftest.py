"""A scenario's copies for one test, as one database and as two, and as a role of its own sees them."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from psycopg.conninfo import make_conninfo

from tests.databases import READS_LANGGRAPH, READS_SUPABASE, AsRole, Databases, MakeDatabases, as_user, name_of
from tests.pgbouncer import pooled, transaction_pooler
from toolkit.database import addresses

TOPOLOGIES = [
    "one database",
    "two databases",
    *([pooled("two through a pooler")] if os.environ.get("TOOLKIT_POOLER") else []),
]


@pytest.fixture(params=TOPOLOGIES)
def databases(request: pytest.FixtureRequest, reference: Callable[[str], str]) -> Iterator[MakeDatabases]:
    """Copy a scenario for this test alone, as one database and as two; with TOOLKIT_POOLER also through PgBouncer."""
    with ExitStack() as poolers:

        def make(scenario: str) -> Databases:
            name = reference(scenario)
            if request.param == "one database":
                both = addresses.resolve(name)
                return Databases(both, both)
            sides = [addresses.resolve(f"{name}/{side}") for side in ("supabase", "langgraph")]
            if request.param == "two through a pooler":
                through = poolers.enter_context(transaction_pooler(sides[0].conninfo.get_secret_value()))
                conninfos = [make_conninfo(through, dbname=name_of(side)) for side in sides]
                sides = [addresses.database_called("env:POOLED", conninfo) for conninfo in conninfos]
            return Databases(*sides)

        yield make


@pytest.fixture
def one(reference: Callable[[str], str]) -> MakeDatabases:
    """Copy a scenario as one database: for what is asked of the LangGraph side alone."""

    def make(scenario: str) -> Databases:
        both = addresses.resolve(reference(scenario))
        return Databases(both, both)

    return make


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
