"""How far is the diagnosis from the fastest read there could be, and from other ways to compare?

    pip install --group benchmarks  # pip 25.1 or later
    python -m benchmarks.diagnosis --agents 1000000 --rounds 5

For every 10 agents there are 16 assistants: six agents have a copy beside their own, one agent in a hundred has only
a row under a random id, one name in a hundred is out of date, one write-back in 256 is missing. Twenty-five runs name
each row of one agent in four. In every round, one after the other, each in a process of its own: the floor (both
sides COPY their lean columns at once, to nowhere), the diagnosis in one database and across two, and the peers, which
only tell which ids differ, or which contents. With content, everybody has Supabase work out the desired config, since
nothing else can be compared with the stored one. Printed are medians, and round by round ratios to the floor of the
same round.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, LiteralString, cast
from urllib.parse import quote, urlencode

import psycopg
from psycopg.rows import dict_row

from benchmarks.generator import fill
from toolkit import sql
from toolkit.catalog.places import over_places, visible_places
from toolkit.database.addresses import database_called
from toolkit.database.connection import connected
from toolkit.database.copy import pour
from toolkit.database.snapshot import AGENTS, comparing, lean_agents
from toolkit.database.transactions import IN_BULK, reading
from toolkit.diagnosis.diagnose import diagnose
from toolkit.sandbox import scenarios
from toolkit.scope import Scope

_ALL = Scope.parse("all")

_AGENTS = (
    "SELECT agent.id::text AS id, agent.langgraph_assistant_id, agent.status FROM public.agents AS agent WHERE "
    "agent.deleted_at IS NULL"
)

_ASSISTANTS = """SELECT id, metadata->>'owner' AS owner, metadata->>'supabase_agent_id' AS agent_id, created_at
                 FROM   langgraph_server.assistants"""

_AGENTS_HASHED = f"""SELECT assistant_id AS id, write_back, active, jsonb_hash_extended(config, 0) AS hash
                     FROM   ({sql.statement("desired_assistants").replace("%(organizations)s", "NULL")}) AS desired"""

_ASSISTANTS_HASHED = _ASSISTANTS.replace("created_at", "created_at, jsonb_hash_extended(config, 0) AS hash")

_READ = {"ids": (_AGENTS, _ASSISTANTS), "content": (_AGENTS_HASHED, _ASSISTANTS_HASHED)}

_ROWS = f"""
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name, created_at, updated_at)
SELECT CASE WHEN n % 100 = 0 THEN md5('other ' || n) ELSE assistant_id END, graph_id, config,
       metadata || '{{"synced_at": "2026-11-20T08:00:00+00:00"}}', CASE WHEN n % 100 = 50 THEN 'older' ELSE name END,
       timestamptz '2026-11-20 08:00+00' + n * interval '1 ms', '2026-11-20 08:00+00'
FROM  ({sql.statement("desired_assistants").replace("%(organizations)s", "NULL")}) AS desired
       CROSS JOIN LATERAL (SELECT substr(name, 7)::int AS n) AS number;

INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name, created_at, updated_at)
SELECT md5('copy ' || id), graph_id, config, metadata, name,
       created_at - interval '1 day', created_at - interval '1 day'
FROM   langgraph_server.assistants
WHERE  extract(epoch FROM created_at) * 1000 % 5 IN (1, 2, 3);

INSERT INTO langgraph_server.runs (id, thread_id, assistant_id)
SELECT md5('run ' || n || id), md5('thread ' || n || id), id
FROM   langgraph_server.assistants, generate_series(1, 25) AS n
WHERE  substr(metadata->>'supabase_agent_id', 1, 1) IN ('0', '1', '2', '3')
"""

_WRITE_BACK = "UPDATE public.agents SET langgraph_assistant_id = id::text WHERE substr(id::text, 1, 2) <> '00'"

_COPIED = ("langgraph_server.assistants", "langgraph_server.runs")


# --- what is measured; each runs in a process of its own, and returns how many findings it has


def floor(kind: str, supabase: str, langgraph: str) -> int:
    """Copy the lean columns of both sides to nowhere, at once."""
    process = multiprocessing.get_context("fork").Process  # a new Python would take longer than the copies of few rows
    copies = [process(target=_copy_out, args=each) for each in zip((supabase, langgraph), _READ[kind], strict=True)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()
    return 0


def _copy_out(conninfo: str, select: str) -> None:
    copying = cast(LiteralString, f"COPY ({select}) TO STDOUT (FORMAT binary)")
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor, cursor.copy(copying) as rows:
        while rows.read():
            pass


def whole(kind: str, supabase: str, langgraph: str) -> int:
    """Diagnose as users do, references and conversations too."""
    with connected(*(database_called("env:BENCHMARK", each) for each in (supabase, langgraph))) as pair:
        return sum(diagnose(pair, _ALL).counts.values())


def diagnosis(kind: str, supabase: str, langgraph: str) -> int:
    """Find what is wrong with agents and rows; by ids alone, the same statements read no config."""
    choice = {} if kind == "content" else {"config_hash": "config_unread"}
    agents = {"lean_agents": "agents_in_place", "agent_links": "agent_links_in_place"}
    is_one = supabase == langgraph
    if not is_one:
        agents = dict.fromkeys(agents, AGENTS.rows)
    settings = ("TRANSACTION READ WRITE", *IN_BULK)
    with (
        _connection(supabase) as source,
        _connection(langgraph) as target,
        reading(source, *settings),
        reading(target, *settings),
    ):
        if not is_one:
            target.execute(AGENTS.make)
            outward = AGENTS.out(lean_agents(**choice))
            with source.cursor().copy(outward, _ALL.parameters) as rows, target.cursor().copy(AGENTS.into) as copied:
                pour(rows, copied)
            target.execute(AGENTS.analyze)
        statement = sql.statement("findings", **agents, id_map="id_map_empty", **choice)
        with target.cursor().copy(statement, _ALL.parameters) as found:
            return sum(1 for _ in found)


def _connection(conninfo: str) -> Any:
    return psycopg.connect(
        conninfo, autocommit=True, cursor_factory=psycopg.ClientCursor, row_factory=dict_row, options="-c jit=off"
    )


def _references(supabase: str, langgraph: str) -> tuple[float, float]:
    """Time the statement `references`, and one scan of every table it reads."""
    with connected(*(database_called("env:BENCHMARK", each) for each in (supabase, langgraph))) as pair:
        places, _ = visible_places(pair.langgraph)
        with comparing(pair, _ALL) as choices:
            choices |= {"places": over_places(places), "agent_links": "agent_links_read"}
            statement = sql.statement("references", **choices)
            began = time.perf_counter()
            pair.langgraph.execute(statement, _ALL.parameters).fetchall()
            taken = time.perf_counter() - began
            tables = {(place.table.schema, place.table.name) for place in places}
            counts = [
                psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(*table)) for table in tables
            ]
            scan = psycopg.sql.SQL(" UNION ALL ").join(counts)
            began = time.perf_counter()
            pair.langgraph.execute(scan).fetchall()
            return taken, time.perf_counter() - began


def pandas_lean(kind: str, supabase: str, langgraph: str) -> int:
    """Read the lean columns of both sides into frames, and merge them."""
    import io

    import pandas

    frames = []
    for conninfo, select in zip((supabase, langgraph), _READ[kind], strict=True):
        content = io.BytesIO()
        copying = cast(LiteralString, f"COPY ({select}) TO STDOUT (FORMAT csv, HEADER)")
        with psycopg.connect(conninfo) as connection, connection.cursor() as cursor, cursor.copy(copying) as rows:
            for block in rows:
                content.write(block)
        content.seek(0)
        frames.append(pandas.read_csv(content, low_memory=False))
    agents, assistants = frames
    merged = assistants.merge(agents, left_on="agent_id", right_on="id", how="outer", suffixes=("", "_wanted"))
    differs = merged["id"] != merged["id_wanted"]
    return int((differs | (merged["hash"] != merged["hash_wanted"])).sum() if kind == "content" else differs.sum())


def duckdb_arrow(kind: str, supabase: str, langgraph: str) -> int:
    """Read the lean columns of both sides over Arrow, and join them in DuckDB."""
    import duckdb
    from adbc_driver_postgresql import dbapi

    tables = []
    for conninfo, select in zip((supabase, langgraph), _READ[kind], strict=True):
        with dbapi.connect(_uri(conninfo)) as connection, connection.cursor() as cursor:
            cursor.execute(select)
            tables.append(cursor.fetch_arrow_table())
    agents, assistants = tables
    with duckdb.connect() as engine:
        engine.register("agents", agents)
        engine.register("assistants", assistants)
        content = " OR a.hash IS DISTINCT FROM b.hash" if kind == "content" else ""
        found = engine.execute(
            "SELECT count(*) FROM assistants a FULL JOIN agents b ON a.agent_id = b.id WHERE a.id IS DISTINCT FROM "
            f"b.id{content}"
        ).fetchone()
    return int(found[0]) if found else 0


def reladiff_ids(kind: str, supabase: str, langgraph: str) -> int:
    """Let reladiff compare the ids, of which it looks at one column a side."""
    from reladiff import connect_to_table, diff_tables

    # it reads no socket's folder from a URL
    os.environ["PGHOST"] = str(psycopg.conninfo.conninfo_to_dict(supabase)["host"])
    sides = [
        connect_to_table(_uri(conninfo), table, key)
        for conninfo, table, key in (
            (supabase, "public.agents", "id"),
            (langgraph, "langgraph_server.assistants", "id"),
        )
    ]
    return sum(1 for _ in diff_tables(*sides))


def _uri(conninfo: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(conninfo)
    query = urlencode({"host": parts["host"], "port": parts["port"]})
    return f"postgresql://{parts['user']}@/{quote(str(parts['dbname']))}?{query}"


# --- rounds


def _run(what: Callable[..., int], *arguments: str) -> tuple[float, float, int | str]:
    """Run it in this process, made for it; return seconds, memory in MB and findings, or why it could not be run."""
    began = time.perf_counter()
    try:
        found: int | str = what(*arguments)
    except Exception as error:
        found = f"{type(error).__name__}: {error}".splitlines()[0][:120]
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found


def _alone(what: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(what, *arguments).result()


def fill_databases(one: str, supabase: str, langgraph: str, agents: int) -> None:
    """Make the same damaged state in one database, and across two."""

    async def filled(conninfo: str) -> None:
        async with await psycopg.AsyncConnection.connect(conninfo) as connection:
            await fill(connection, agents)

    for conninfo in (one, supabase):
        asyncio.run(filled(conninfo))
    _do(one, *_ROWS.split(";\n\n"), _WRITE_BACK)
    _do(supabase, _WRITE_BACK)
    with psycopg.connect(one) as source, psycopg.connect(langgraph) as target:
        for table in _COPIED:
            with (
                source.cursor().copy(cast(Any, f"COPY {table} TO STDOUT")) as rows,
                target.cursor().copy(cast(Any, f"COPY {table} FROM STDIN")) as copied,
            ):
                pour(rows, copied)
    for conninfo in (one, supabase, langgraph):
        _do(conninfo, "VACUUM ANALYZE", "CHECKPOINT")


def _do(conninfo: str, *statements: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def measure(one: str, supabase: str, langgraph: str, rounds: int) -> None:
    """Run the rounds, interleaved, and print medians and ratios as a table."""
    ways: dict[str, tuple[Callable[..., int], tuple[str, str]]] = {
        "floor: both sides copied to nowhere": (floor, (one, one)),
        "diagnosis, one database": (diagnosis, (one, one)),
        "diagnosis, two servers": (diagnosis, (supabase, langgraph)),
        "pandas, lean columns": (pandas_lean, (one, one)),
        "Arrow and DuckDB": (duckdb_arrow, (one, one)),
        "reladiff, ids only": (reladiff_ids, (supabase, langgraph)),
    }
    taken: dict[tuple[str, str], list[tuple[float, float, int | str]]] = {}
    scanned = []
    for _ in range(rounds):
        for kind in _READ:
            for name, (what, sides) in ways.items():
                if not (what is reladiff_ids and kind == "content"):
                    taken.setdefault((name, kind), []).append(_alone(_run, what, kind, *sides))
        taken.setdefault(("all of diagnose(), one database", "content"), []).append(
            _alone(_run, whole, "content", one, one)
        )
        scanned.append(_alone(_references, one, one))
    print("| | ids | × floor | ids and content | × floor | client memory |\n|---|---|---|---|---|---|")
    for name in dict.fromkeys(name for name, _ in taken):
        cells = [cell for kind in _READ for cell in _cells(taken.get((name, kind)), taken[next(iter(ways)), kind])]
        most = max(memory for kind in _READ for _, memory, _ in taken.get((name, kind), []))
        print(f"| {name} | {' | '.join(cells)} | {most:.0f} MB |")
    ratio = statistics.median(read / scan for read, scan in scanned)
    read, scan = (statistics.median(each) for each in zip(*scanned, strict=True))
    print(f"\nReferences: {read:.2f} s, {ratio:.2f} × one scan of every table ({scan:.2f} s).")


def _cells(
    runs: list[tuple[float, float, int | str]] | None, floors: list[tuple[float, float, int | str]]
) -> tuple[str, str]:
    if not runs:
        return "–", "–"
    if isinstance(runs[0][2], str):
        return f"could not be run: {runs[0][2]}", "–"
    ratios = [seconds / floor for (seconds, _, _), (floor, _, _) in zip(runs, floors, strict=True)]
    return f"{statistics.median(seconds for seconds, _, _ in runs):.2f} s", f"{statistics.median(ratios):.2f}"


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    name = "empty@benchmark-diagnosis"
    try:
        scenarios.reset(name)
        one, supabase, langgraph = (scenarios.resolve(each) for each in (name, f"{name}/supabase", f"{name}/langgraph"))
        fill_databases(one, supabase, langgraph, options.agents)
        print(
            f"{options.agents} agents, {options.agents * 8 // 5} assistants, median of {options.rounds} rounds\n",
            flush=True,
        )
        measure(one, supabase, langgraph, options.rounds)
    finally:
        scenarios.drop(name)


if __name__ == "__main__":
    main()
