"""How far is the sync from the fastest that could be, and from the pattern it replaces?

    python -m benchmarks.sync --agents 1000 --rounds 5

In every round, one after the other, each on the same fresh state: the floor (a bare COPY of the same rows into an
empty table of the same shape, and one UPDATE of the write-backs; for the unchanged run a bare COPY out of what has to
be compared), the sync in one database, the sync across two, and for few agents the plain per-agent pattern. Printed are
medians and, round by round, ratios. On a PostgreSQL of the sandbox, without tuning.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

import psycopg

from benchmarks.generator import fill
from toolkit.sandbox import scenarios
from toolkit.scope import Scope
from toolkit.store import GetConnection
from toolkit.sync.startup import startup_agent_sync

_PLAIN_AT_MOST = 2000

_ROWS = (
    "COPY (SELECT id, graph_id, config, context, metadata, name, description FROM langgraph_server.assistants) TO "
    "STDOUT"
)

_FLOOR_ROWS = "COPY public.floor (id, graph_id, config, context, metadata, name, description) FROM STDIN"

_FLOOR_OUT = (
    "COPY (SELECT id, name, graph_id, config, metadata FROM langgraph_server.assistants) TO STDOUT",
    "COPY (SELECT id, organization_id, name, graph_id, engine_id, system_prompt, temperature, max_tokens,"
    " langgraph_assistant_id FROM public.agents) TO STDOUT",
    "COPY public.agent_mcp_tools TO STDOUT",
)

_WRITE_BACK = (
    "UPDATE public.agents SET langgraph_assistant_id = id::text WHERE langgraph_assistant_id IS DISTINCT FROM id::text"
)


def connections(conninfo: str) -> GetConnection:
    """Open a new connection every time, as a server does when it starts."""

    @asynccontextmanager
    async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
            yield connection

    return get_connection


def _sync(conninfos: tuple[str, ...]) -> tuple[float, int]:
    """Sync in this process; return seconds and how much memory the process took at most, in bytes."""

    async def run() -> float:
        began = time.perf_counter()
        await startup_agent_sync(*(connections(each) for each in conninfos), scope=Scope.parse("all"))
        return time.perf_counter() - began

    return asyncio.run(run()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _in_own_process(conninfos: tuple[str, ...]) -> tuple[float, int]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_sync, (conninfos,))


def _floor_cold(conninfo: str, rows: BinaryIO) -> float:
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS public.floor")
        cursor.execute("CREATE TABLE public.floor (LIKE langgraph_server.assistants INCLUDING ALL)")
        connection.commit()
        rows.seek(0)
        began = time.perf_counter()
        with cursor.copy(_FLOOR_ROWS) as copy:
            while block := rows.read(1 << 16):
                copy.write(block)
        cursor.execute(_WRITE_BACK)
        connection.commit()
        return time.perf_counter() - began


def _floor_unchanged(conninfo: str) -> float:
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for statement in _FLOOR_OUT:
            with cursor.copy(statement) as copy:
                for _ in copy:
                    pass
        return time.perf_counter() - began


async def _plain(conninfo: str) -> float:
    """Sync as the server did it: agent by agent, each on a new connection, configs built here."""
    began = time.perf_counter()
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        agents = await (
            await connection.execute("SELECT id FROM public.agents WHERE status = 'active' AND deleted_at IS NULL")
        ).fetchall()
    for (agent_id,) in agents:
        async with await psycopg.AsyncConnection.connect(conninfo) as connection:
            agent = await (
                await connection.execute(
                    """SELECT agent.organization_id, agent.name, agent.graph_id, agent.system_prompt, agent.temperature,
                              agent.max_tokens, model.runtime_model_name
                       FROM   public.agents AS agent
                              LEFT JOIN public.global_ai_engines AS engine ON engine.id = agent.engine_id
                              LEFT JOIN public.ai_models AS model ON model.id = engine.language_model_id
                       WHERE  agent.id = %s""",
                    [agent_id],
                )
            ).fetchone()
            tools = await (
                await connection.execute(
                    """SELECT tool.endpoint_url, min(tool.tool_name), bool_or(tool.auth_required)
                       FROM   public.agent_mcp_tools AS used JOIN public.mcp_tools AS tool ON tool.id = used.mcp_tool_id
                       WHERE  used.agent_id = %s GROUP BY tool.endpoint_url ORDER BY tool.endpoint_url""",
                    [agent_id],
                )
            ).fetchall()
        assert agent is not None
        organization_id, name, graph_id, prompt, temperature, max_tokens, model = agent
        configurable = {
            "supabase_organization_id": str(organization_id),
            "model_name": model or "openai:gpt-4o",
            "system_prompt": prompt,
            "temperature": temperature,
            "max_tokens": max_tokens,
            "mcp_config": {"servers": [{"url": url, "name": tool, "auth_required": auth} for url, tool, auth in tools]}
            if tools
            else None,
        }
        config = {"configurable": {key: value for key, value in configurable.items() if value is not None}}
        metadata = {
            "owner": "system",
            "supabase_agent_id": str(agent_id),
            "supabase_organization_id": str(organization_id),
        }
        async with await psycopg.AsyncConnection.connect(conninfo) as connection:
            await connection.execute(
                """INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name)
                   VALUES (%s, %s, %s, %s, %s)
                   ON CONFLICT (id) DO UPDATE
                   SET graph_id = EXCLUDED.graph_id, config = EXCLUDED.config, name = EXCLUDED.name""",
                [str(agent_id), graph_id, json.dumps(config), json.dumps(metadata), name],
            )
        async with await psycopg.AsyncConnection.connect(conninfo) as connection:
            await connection.execute(
                "UPDATE public.agents SET langgraph_assistant_id = %s WHERE id = %s", [str(agent_id), agent_id]
            )
    return time.perf_counter() - began


def _do(conninfo: str, *statements: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


def _unsynced(supabase: str, langgraph: str) -> None:
    _do(supabase, "UPDATE public.agents SET langgraph_assistant_id = NULL", "VACUUM FULL ANALYZE public.agents")
    _do(langgraph, "TRUNCATE langgraph_server.assistants", "CHECKPOINT")


def _settled(*conninfos: str) -> None:
    for conninfo in conninfos:
        _do(conninfo, "VACUUM ANALYZE")
    _do(conninfos[0], "CHECKPOINT")


def _say(what: str, taken: list[float], floors: list[float] | None = None) -> None:
    line = f"{what:<34}{statistics.median(taken):>9.3f} s"
    if floors:
        ratios = [each / floor for each, floor in zip(taken, floors, strict=True)]
        line += f"{statistics.median(ratios):>8.2f} × ({', '.join(f'{ratio:.2f}' for ratio in ratios)})"
    print(line, flush=True)


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    name = "empty@benchmark-sync"
    try:
        scenarios.reset(name)
        one, supabase, langgraph = (scenarios.resolve(each) for each in (name, f"{name}/supabase", f"{name}/langgraph"))
        for conninfo in (one, supabase):
            asyncio.run(_fill(conninfo, options.agents))
        measure(one, (supabase, langgraph), options.agents, options.rounds)
    finally:
        scenarios.drop(name)


async def _fill(conninfo: str, agents: int) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        await fill(connection, agents)


def measure(one: str, two: tuple[str, str], agents: int, rounds: int) -> None:
    """Run the rounds, interleaved, and print medians and ratios."""
    taken: dict[str, list[float]] = {}
    memory: dict[str, list[int]] = {"one": [], "two": []}

    def note(what: str, seconds: float) -> None:
        taken.setdefault(what, []).append(seconds)

    def sync(what: str, kind: str, *conninfos: str) -> None:
        seconds, most = _in_own_process(conninfos)
        note(f"{what} {kind}", seconds)
        memory[what].append(most)

    _unsynced(one, one)
    _in_own_process((one,))
    with tempfile.TemporaryFile() as rows:
        with psycopg.connect(one) as connection, connection.cursor().copy(_ROWS) as copy:
            for block in copy:
                rows.write(block)
        for _ in range(rounds):
            _unsynced(one, one)
            note("floor cold", _floor_cold(one, rows))
            _unsynced(one, one)
            sync("one", "cold", one)
            _unsynced(*two)
            sync("two", "cold", *two)
            if agents <= _PLAIN_AT_MOST:
                _unsynced(one, one)
                note("plain cold", asyncio.run(_plain(one)))
                note("plain unchanged", asyncio.run(_plain(one)))
                _unsynced(one, one)
                _in_own_process((one,))
            _settled(one, *two)
            note("floor unchanged", _floor_unchanged(one))
            sync("one", "unchanged", one)
            sync("two", "unchanged", *two)
    print(f"{agents} agents, {rounds} rounds; median, and ratio to the floor of the same round")
    for kind in ("cold", "unchanged"):
        floors = taken[f"floor {kind}"]
        _say(f"{kind}: floor", floors)
        _say(f"{kind}: one database", taken[f"one {kind}"], floors)
        _say(f"{kind}: two servers", taken[f"two {kind}"], floors)
        if plain := taken.get(f"plain {kind}"):
            _say(f"{kind}: agent by agent", plain)
            for what in ("one", "two"):
                faster = [slow / fast for slow, fast in zip(plain, taken[f"{what} {kind}"], strict=True)]
                print(f"  {what}: {statistics.median(faster):.0f} times faster than agent by agent")
    for what, most in memory.items():
        print(
            f"client memory at most, {what}: {max(most) / 2**20:.0f} MiB, of which {_idle() / 2**20:.0f} MiB for "
            "Python and imports"
        )


def _idle() -> int:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_own_memory)


def _own_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
