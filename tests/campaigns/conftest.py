"""200 agents, damaged once, with rows in every place that names an assistant; and as many copies as are asked for.

TOOLKIT_KILLS asks for the long form: through PgBouncer, too.
"""

import asyncio
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from psycopg.conninfo import make_conninfo

from benchmarks.generator import fill
from tests import damage
from tests.campaigns import children
from tests.databases import Databases, Rows, name_of, run
from tests.pgbouncer import pooled, transaction_pooler
from toolkit.catalog.places import CATALOG
from toolkit.database.addresses import Database, database_called
from toolkit.database.connection import connections_to
from toolkit.sandbox import scenarios
from toolkit.scope import Scope
from toolkit.sync import startup

Copy = Callable[[], Databases]

HOW_MANY = 200

TOPOLOGIES = [
    "one database",
    "two databases",
    *([pooled("one through a pooler"), pooled("two through a pooler")] if "TOOLKIT_KILLS" in os.environ else []),
]

PLACES = [place.name for place in CATALOG if place.moves]

DAMAGE = """
UPDATE langgraph_server.assistants SET id = md5(id) WHERE substr(md5(id), 1, 1) < '8';
INSERT INTO langgraph_server.assistants
SELECT md5('copy ' || id), graph_id, config, context, metadata, name, description, version,
       created_at - interval '1 day', updated_at
FROM   langgraph_server.assistants WHERE substr(md5(id), 2, 1) < '8';
DELETE FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' LIKE '%7'
"""

WRITE_BACKS = "UPDATE public.agents SET langgraph_assistant_id = md5(id::text) WHERE substr(md5(id::text), 1, 1) < '8'"


@pytest.fixture(scope="module", params=TOPOLOGIES)
def topology(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def damaged(topology: str) -> Iterator[Databases]:
    """Damage 200 agents."""
    name = f"empty@campaign-{uuid.uuid4().hex[:8]}"
    references = [name] if topology.startswith("one") else [f"{name}/supabase", f"{name}/langgraph"]
    sides = [database_called("sandbox:campaign", scenarios.resolve(each)) for each in references]
    made = Databases(sides[0], sides[-1])
    asyncio.run(_damage(made))
    yield made
    scenarios.drop(name)


@pytest.fixture(scope="module")
def copy(topology: str, damaged: Databases) -> Iterator[Copy]:
    """Copy the damaged pair, as often as is asked for; the copy before goes."""
    conninfo = damaged.supabase.conninfo.get_secret_value()
    made: list[str] = []

    def drop() -> None:
        while made:
            _administer(conninfo, f'DROP DATABASE IF EXISTS "{made.pop()}" WITH (FORCE)')

    with ExitStack() as poolers:
        reached = poolers.enter_context(transaction_pooler(conninfo)) if topology.endswith("pooler") else conninfo

        def fresh() -> Databases:
            drop()
            return _copied(damaged, made, reached)

        yield fresh
        drop()


@pytest.fixture(scope="module")
def start(damaged: Databases) -> Rows:
    return damaged.rows()


@pytest.fixture(scope="module")
def total(copy: Copy) -> int:
    """How many exchanges it takes to apply the plan undisturbed."""
    databases = copy()
    return children.exchanges(children.applying(databases.plan()), databases)


async def _damage(databases: Databases) -> None:
    gets = [connections_to(each) for each in (databases.supabase, databases.langgraph)]
    async with gets[0]() as connection:
        await fill(connection, HOW_MANY)
    await startup.startup_agent_sync(*(gets[:1] if databases.is_one else gets), scope=Scope.parse("all"))
    databases.on_langgraph(DAMAGE)
    databases.on_supabase(WRITE_BACKS)
    rows = databases.on_langgraph("SELECT id FROM langgraph_server.assistants WHERE length(id) = 32 ORDER BY id")
    named = [damage.reference(place, row["id"], f"{place} {row['id'][:12]}") for row in rows for place in PLACES]
    databases.on_langgraph("".join(named))
    for analyze in (databases.on_supabase, databases.on_langgraph):
        analyze("ANALYZE")  # once for all copies; autovacuum would, sooner or later


def _copied(damaged: Databases, made: list[str], reached: str) -> Databases:
    """Copy both sides, and note the copies' names in `made`; they are connected to as `reached` says."""
    copies: dict[str, Database] = {}
    for side in (damaged.supabase, damaged.langgraph):
        template = name_of(side)
        if template not in copies:
            made.append(f"campaign-{uuid.uuid4().hex[:12]}")
            create = f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}" STRATEGY file_copy'
            _administer(side.conninfo.get_secret_value(), create)
            copies[template] = database_called("sandbox:campaign", make_conninfo(reached, dbname=made[-1]))
    return Databases(*(copies[name_of(side)] for side in (damaged.supabase, damaged.langgraph)))


def _administer(conninfo: str, statement: str) -> None:
    run(make_conninfo(conninfo, dbname="postgres"), statement)
