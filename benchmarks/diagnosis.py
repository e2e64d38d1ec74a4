"""How far is the diagnosis from the fastest read there could be, and from other ways to compare?

    pip install --group benchmarks  # pip 25.1 or later
    python -m benchmarks.diagnosis --agents 1000000 --rounds 5

Two states take turns. Healthy is what a nightly run finds: an assistant for each agent, in order. Damaged has 16
assistants for every 10 agents: six agents have a copy beside their own, one agent in a hundred has only a row under a
random id, one name in a hundred is out of date, one write-back in 256 is missing. In both, twenty-five runs name each
row of one agent in four.

In every round, one after the other, each in a process of its own: the floor (both sides COPY their lean columns at
once, to nowhere), the diagnosis in one database and across two, and the peers, which only tell which ids differ, or
which contents. With content, everybody has Supabase work out the desired config, since nothing else can be compared
with the stored one. The whole is all of `diagnose()`, beside the floor with content. Our connections are open and
checked when the clock starts. Printed are medians, and round by round ratios to the floor of the same round; with
`--json` as a line for each way, without the peers that are not installed.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from typing import Any, LiteralString, cast
from urllib.parse import quote, urlencode

import psycopg

from benchmarks.generator import fill
from toolkit import sql
from toolkit.catalog.places import over_places, visible_places
from toolkit.database.addresses import database_called
from toolkit.database.connection import Pair, connected
from toolkit.database.copy import pour
from toolkit.database.snapshot import comparing
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
SELECT assistant_id, graph_id, config, metadata || '{{"synced_at": "2026-11-20T08:00:00+00:00"}}', name,
       timestamptz '2026-11-20 08:00+00' + n * interval '1 ms', '2026-11-20 08:00+00'
FROM  ({sql.statement("desired_assistants").replace("%(organizations)s", "NULL")}) AS desired
       CROSS JOIN LATERAL (SELECT substr(name, 7)::int AS n) AS number
"""

_DAMAGE = """
UPDATE langgraph_server.assistants
SET    id = CASE WHEN extract(epoch FROM created_at) * 1000 % 100 = 0 THEN md5('other ' || id) ELSE id END,
       name = CASE WHEN extract(epoch FROM created_at) * 1000 % 100 = 50 THEN 'older' ELSE name END
WHERE  extract(epoch FROM created_at) * 1000 % 50 = 0;

INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name, created_at, updated_at)
SELECT md5('copy ' || id), graph_id, config, metadata, name,
       created_at - interval '1 day', created_at - interval '1 day'
FROM   langgraph_server.assistants
WHERE  extract(epoch FROM created_at) * 1000 % 5 IN (1, 2, 3)
"""

_RUNS = """
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id)
SELECT md5('run ' || n || id), md5('thread ' || n || id), id
FROM   langgraph_server.assistants, generate_series(1, 25) AS n
WHERE  substr(metadata->>'supabase_agent_id', 1, 1) IN ('0', '1', '2', '3')
"""

_WRITE_BACK = {
    "healthy": "UPDATE public.agents SET langgraph_assistant_id = id::text",
    "damaged": "UPDATE public.agents SET langgraph_assistant_id = id::text WHERE substr(id::text, 1, 2) <> '00'",
}

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


def whole(kind: str, pair: Pair) -> int:
    """Diagnose as users do, references and conversations too."""
    return sum(diagnose(pair, _ALL).counts.values())


def diagnosis(kind: str, pair: Pair) -> int:
    """Find what is wrong with agents and rows; by ids alone, the same statements read no config."""
    choice: LiteralString = "config_read" if kind == "content" else "config_unread"
    with comparing(pair, _ALL, choice) as choices, pair.langgraph.cursor() as cursor:
        statement = sql.statement("findings", **choices, config_hash=choice)
        with cursor.copy(statement, _ALL.parameters) as found:
            return sum(1 for _ in found)


def references(kind: str, pair: Pair) -> tuple[float, float]:
    """Time the statement `references`, and one scan of every table it reads."""
    places, _ = visible_places(pair.langgraph)
    with comparing(pair, _ALL) as choices:
        statement = sql.statement("references", **choices, places=over_places(places, but_own=True))
        began = time.perf_counter()
        pair.langgraph.execute(statement, _ALL.parameters).fetchall()
        taken = time.perf_counter() - began
        tables = {tuple(place.table.relation.split(".")) for place in places}
        counts = [psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(*table)) for table in tables]
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


def _run(what: Callable[..., Any], kind: str, supabase: str, langgraph: str) -> dict[str, Any]:
    """Run it in this process, made for it; return seconds, memory in MB and what it found, or why it cannot be run."""
    with ExitStack() as opened:
        sides: tuple[Any, ...] = (supabase, langgraph)
        if what in (diagnosis, whole, references):
            sides = (opened.enter_context(connected(*(database_called("env:BENCHMARK", each) for each in sides))),)
        began = time.perf_counter()
        try:
            result = {"found": what(kind, *sides)}
        except ImportError as error:
            result = {"failed": f"{type(error).__name__}: {error}".splitlines()[0][:120]}
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **result}


def _alone(what: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(what, *arguments).result()


def fill_databases(one: str, supabase: str, langgraph: str, agents: int, state: str) -> None:
    """Make the same state in one database, and across two."""

    async def filled(conninfo: str) -> None:
        async with await psycopg.AsyncConnection.connect(conninfo) as connection:
            await fill(connection, agents)

    for conninfo in (one, supabase):
        asyncio.run(filled(conninfo))
        _do(conninfo, _WRITE_BACK[state])
    _do(one, _ROWS, *(_DAMAGE.split(";\n\n") if state == "damaged" else ()), _RUNS)
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


Sides = tuple[str, str, str]
"""Connection strings: one database, the Supabase side and the LangGraph side of two."""


def measure(states: dict[str, Sides], rounds: int) -> tuple[list[dict[str, Any]], dict[str, tuple[float, float]]]:
    """Run the rounds, interleaved; return a row for each way, and seconds and ratio of the references by state."""
    taken: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    scanned: dict[str, list[tuple[float, float]]] = {state: [] for state in states}
    for _ in range(rounds):
        for state, (one, *two) in states.items():
            for kind, way, what in _WAYS:
                sides = two if way in ("two", "reladiff") else [one, one]
                taken.setdefault((state, kind, way), []).append(_alone(_run, what, kind, *sides))
            scanned[state].append(_alone(_run, references, "whole", one, one)["found"])
    rows = []
    for (state, kind, way), runs in taken.items():
        floors = taken[state, "ids" if kind == "ids" else "content", "floor"]
        ratio = statistics.median(run["seconds"] / floor["seconds"] for run, floor in zip(runs, floors, strict=True))
        row = {"state": state, "kind": kind, "way": way}
        if "failed" in runs[0]:
            rows.append(row | {"failed": runs[0]["failed"]})
        else:
            seconds = round(statistics.median(run["seconds"] for run in runs), 3)
            memory = round(max(run["memory_mb"] for run in runs))
            rows.append(row | {"seconds": seconds, "ratio": round(ratio, 2), "memory_mb": memory})
    medians = {
        state: (statistics.median(read for read, _ in each), statistics.median(read / scan for read, scan in each))
        for state, each in scanned.items()
    }
    return rows, medians


_WAYS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    *((kind, way, what)
      for kind in _READ
      for way, what in (("floor", floor), ("one", diagnosis), ("two", diagnosis),
                        ("pandas", pandas_lean), ("duckdb", duckdb_arrow))),
    ("ids", "reladiff", reladiff_ids),
    ("whole", "one", whole),
    ("whole", "two", whole),
)  # fmt: skip


def _table(rows: list[dict[str, Any]], state: str) -> str:
    """Return the rows of one state as a table, a line for each way."""
    here = {(row["kind"], row["way"]): row for row in rows if row["state"] == state}
    kinds = ("ids", "content", "whole")
    lines = [
        f"| {state} | " + " | ".join(f"{kind} | × floor" for kind in kinds) + " | client memory |",
        "|---" * 8 + "|",
    ]
    for way in dict.fromkeys(way for _, way in here):
        found = [here.get((kind, way), {}) for kind in kinds]
        if failed := [row["failed"] for row in found if "failed" in row]:
            lines.append(f"| {way} | could not be run: {failed[0]} |")
            continue
        cells = [f"{row['seconds']:.2f} s | {row['ratio']:.2f}" if row else "– | –" for row in found]
        lines.append(f"| {way} | {' | '.join(cells)} | {max(row['memory_mb'] for row in found if row)} MB |")
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark, and print its tables or lines of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    names = {state: f"empty@benchmark-{state}" for state in _WRITE_BACK}
    try:
        states: dict[str, Sides] = {}
        for state, name in names.items():
            scenarios.reset(name)
            states[state] = sides = tuple(map(scenarios.resolve, (name, f"{name}/supabase", f"{name}/langgraph")))
            fill_databases(*sides, options.agents, state)
        rows, references_of = measure(states, options.rounds)
    finally:
        for name in names.values():
            scenarios.drop(name)
    if options.json:
        print("\n".join(json.dumps(row) for row in rows if "failed" not in row))
        return
    print(f"{options.agents} agents, median of {options.rounds} rounds")
    for state, (seconds, ratio) in references_of.items():
        print(f"\n{_table(rows, state)}\n\nReferences: {seconds:.2f} s, {ratio:.2f} × one scan of every table.")


if __name__ == "__main__":
    main()
