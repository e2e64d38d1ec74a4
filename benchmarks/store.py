"""What do the store's calls cost, in a small table and in a large one?

    python -m benchmarks.store --rows 1000 100000 1000000 --rounds 30

Each table has the indexes of `assistant-toolkit indexes`. Four rows in five are the system's, 20 of each organization;
the others are users', 50 of each. All tables are there at once. Every round asks every call of every table, right after
the floor: a bare select by key, through the same pool. Printed are medians of the ratios to that floor.

Last, what the indexes cost: the store's writes, and a startup sync of `--agents`, with and without them. On a
PostgreSQL of the sandbox, without tuning.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from benchmarks.generator import fill
from benchmarks.sync import connections
from toolkit import sql
from toolkit.sandbox import scenarios
from toolkit.scope import Scope
from toolkit.store import PostgresAssistantStore
from toolkit.sync.startup import startup_agent_sync

_ROWS = """
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name, created_at)
SELECT md5(n::text)::uuid::text, CASE WHEN n % 100 = 1 THEN 'graph-' || n / 2000 ELSE 'agent' END,
       '{"configurable": {"model_name": "openai:gpt-4o", "system_prompt": "You help."}}',
       jsonb_build_object('owner', CASE WHEN n % 5 = 0 THEN 'user-' || n / 250 ELSE 'system' END,
                          'supabase_agent_id', md5(n::text)::uuid, 'synced_at', now()::text,
                          'supabase_organization_id', lpad((n / 25)::text, 32, '0')::uuid),
       'Assistant ' || n, now() - n % 1000 * interval '1 hour'
FROM   generate_series(1, %s) AS n
"""
_FLOOR = "select by key"
_SELECT = "SELECT * FROM langgraph_server.assistants WHERE id = %s"
_KEY = "c4ca4238-a0b9-2382-0dcc-509a6f75849b"  # of the first row
_ORGANIZATION = "00000000-0000-0000-0000-000000000003"
_NO_INDEXES = "DROP INDEX IF EXISTS " + ", ".join(
    f"langgraph_server.assistants_by_{each}" for each in ("owner", "graph", "organization", "metadata")
)

Calls = dict[str, Callable[[], Awaitable[Any]]]


def _calls(pool: AsyncConnectionPool) -> Calls:
    store = PostgresAssistantStore(pool)

    async def floor() -> None:
        async with pool.connection() as connection:
            await (await connection.execute(_SELECT, [_KEY])).fetchone()

    return {
        _FLOOR: floor,
        "get": lambda: store.get(_KEY, "user-1"),
        "create": lambda: store.create({"graph_id": "agent"}, "user-0"),
        "create, unchanged": lambda: store.create({"assistant_id": _ORGANIZATION, "graph_id": "agent"}, "user-0"),
        "list, own and the system's": lambda: store.list("user-1", limit=10),
        "list, own": lambda: store.list("user-1", limit=10, organizations=[]),
        "list, one organization": lambda: store.list("user-1", limit=10, organizations=[_ORGANIZATION]),
        "list, a graph of few": lambda: store.list("user-1", limit=10, graph_id="graph-0"),
        "list, a graph of none": lambda: store.list("user-1", limit=10, graph_id="none"),
        "list, metadata of one": lambda: store.list("user-1", limit=10, metadata={"supabase_agent_id": _KEY}),
        "count, own": lambda: store.count("user-1", organizations=[]),
        "count, one organization": lambda: store.count("user-1", organizations=[_ORGANIZATION]),
        "count, own and the system's": lambda: store.count("user-1"),
        "list, name_contains": lambda: store.list("user-1", limit=10, name_contains="nobody"),
    }


async def _measure(sizes: list[int], rounds: int) -> None:
    async with AsyncExitStack() as stack:
        calls: dict[int, Calls] = {}
        for size in sizes:
            conninfo = scenarios.resolve(f"empty@benchmark-store-{size}")
            with psycopg.connect(conninfo, autocommit=True) as connection:
                connection.execute(_ROWS.replace("%", "%%").replace("%%s", "%s"), [size])
                connection.execute(sql.statement("index_assistants"))
                connection.execute("VACUUM ANALYZE langgraph_server.assistants")
            options = {"autocommit": True, "prepare_threshold": None}
            pool = AsyncConnectionPool(conninfo, open=False, min_size=1, max_size=1, kwargs=options)
            calls[size] = _calls(await stack.enter_async_context(pool))
        ratios: dict[tuple[str, int], list[float]] = {}
        floors: list[float] = []
        for _ in range(rounds):
            for name in calls[sizes[0]]:
                for size in sizes:
                    await calls[size][_FLOOR]()  # what came before was another table's
                    floors.append(await _seconds(calls[size][_FLOOR]))
                    ratios.setdefault((name, size), []).append(await _seconds(calls[size][name]) / floors[-1])
    print(f"{'× a select by key':<30}" + "".join(f"{size:>12,}" for size in sizes) + "   last : first")
    for name in calls[sizes[0]]:
        medians = [statistics.median(ratios[name, size]) for size in sizes]
        print(f"{name:<30}" + "".join(f"{each:>12.2f}" for each in medians) + f"{medians[-1] / medians[0]:>15.2f}")
    print(f"a select by key: {statistics.median(floors) * 1000:.3f} ms")


async def _seconds(call: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await call()
    return time.perf_counter() - began


def _ratio(taken: list[float], floors: list[float]) -> float:
    return statistics.median(each / floor for each, floor in zip(taken, floors, strict=True))


async def _costs(agents: int, rounds: int) -> None:
    """Print what the indexes cost writes: ratios with and without them, in turns."""
    conninfo = scenarios.resolve("empty@benchmark-store-costs")
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        await fill(connection, agents)
    taken: dict[tuple[str, bool], list[float]] = {}
    async with AsyncConnectionPool(conninfo, min_size=1, max_size=1, kwargs={"autocommit": True}) as pool:
        store = PostgresAssistantStore(pool)

        async def sync() -> None:
            await startup_agent_sync(connections(conninfo), scope=Scope.parse("all"))

        async def create() -> None:
            for number in range(200):
                await store.create({"assistant_id": f"own-{number}", "graph_id": "agent", "metadata": {"n": 1}}, "u")

        async def update() -> None:
            for number in range(200):
                await store.update(f"own-{number}", {"name": "another", "metadata": {"n": 2}}, "u")

        steps = {"sync, cold": sync, "sync, unchanged": sync, "create × 200": create, "update × 200": update}
        for _ in range(rounds):
            for with_indexes in (False, True):
                async with pool.connection() as made:
                    await made.execute("TRUNCATE langgraph_server.assistants")
                    await made.execute(sql.statement("index_assistants") if with_indexes else _NO_INDEXES)  # type: ignore[arg-type]
                    await made.execute("UPDATE public.agents SET langgraph_assistant_id = NULL")
                    await made.execute("VACUUM ANALYZE public.agents")
                for name, step in steps.items():
                    taken.setdefault((name, with_indexes), []).append(await _seconds(step))
                    async with pool.connection() as made:
                        await made.execute("VACUUM ANALYZE langgraph_server.assistants")
    print(f"\n{f'{agents:,} agents, {rounds} rounds':<30}{'without':>12}{'with indexes':>14}{'ratio':>8}")
    for name in steps:
        without, with_them = taken[name, False], taken[name, True]
        print(
            f"{name:<30}{statistics.median(without):>10.2f} s{statistics.median(with_them):>12.2f} s"
            f"{_ratio(with_them, without):>8.2f}"
        )


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--agents", type=int, default=20_000)
    options = parser.parse_args()
    names = [f"empty@benchmark-store-{size}" for size in options.rows] + ["empty@benchmark-store-costs"]
    try:
        asyncio.run(_measure(options.rows, options.rounds))
        asyncio.run(_costs(options.agents, min(options.rounds, 5)))
    finally:
        for name in names:
            scenarios.drop(name)


if __name__ == "__main__":
    main()
