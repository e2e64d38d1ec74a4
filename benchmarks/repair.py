"""What does it cost that a repair is journaled, checked and in short transactions?

    python -m benchmarks.repair --agents 100000 --rounds 3

Every agent has three copies under random ids and none under its own, as after three restarts, and ten runs on these.
In every round, one after the other, each on a fresh copy of that state: the plain way (one transaction of set-based
statements that does the same work, without a journal, a plan or a check), the repair in one database, and across two.
All have to end with the same rows, and each repair is taken back, to the rows it began with.

Then a client reads and writes single rows: alone, beside the plain way, beside diagnosis and plan, and beside the
repair. Once all processes run where the system puts them, and once the client and its server process have a core of
their own, and what it stands beside has another: a scheduler may let a process that wakes wait for milliseconds behind
a busy one while another core is idle (seen with `perf sched` in a small virtual machine), and that is no doing of the
repair's.

Printed are medians, round by round ratios to the plain way of the same round, and what the client saw.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import Any, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from benchmarks.generator import fill
from toolkit import sql
from toolkit.database.addresses import database_called
from toolkit.database.connection import connected
from toolkit.database.copy import pour
from toolkit.diagnosis.diagnose import diagnose
from toolkit.repair.apply import apply
from toolkit.repair.planning import make_plan
from toolkit.repair.undo import undo
from toolkit.sandbox import scenarios
from toolkit.scope import Scope

_ALONE_SECONDS = 30

_PAUSE_SECONDS = 0.005

_DAMAGE = f"""
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name, created_at, updated_at)
SELECT md5('copy ' || n || assistant_id), graph_id, config,
       metadata || '{{"synced_at": "2026-11-20T08:00:00+00:00"}}', name,
       timestamptz '2026-11-20 08:00+00' + n * interval '1 day',
       timestamptz '2026-11-20 08:00+00' + n * interval '1 day'
FROM  ({sql.statement("desired_assistants").replace("%(organizations)s", "NULL")}) AS desired,
       generate_series(1, 3) AS n;

INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, status, created_at, updated_at)
SELECT md5('run ' || n || agent.id), md5('thread ' || n / 2 || agent.id), md5('copy ' || 1 + n % 3 || agent.id),
       'success', timestamptz '2026-11-20 08:00+00', timestamptz '2026-11-20 08:00+00'
FROM   public.agents AS agent, generate_series(1, 10) AS n
"""

_WRITE_BACK = "UPDATE public.agents SET langgraph_assistant_id = md5('copy 3' || id)"

_COPIED = ("langgraph_server.assistants", "langgraph_server.runs")

_PLAIN = """
CREATE TEMPORARY TABLE map ON COMMIT DROP AS
SELECT id AS old_id, metadata->>'supabase_agent_id' AS new_id,
       row_number() OVER (PARTITION BY metadata->>'supabase_agent_id' ORDER BY created_at DESC) AS age
FROM   langgraph_server.assistants WHERE metadata->>'owner' = 'system';

ANALYZE map;

INSERT INTO langgraph_server.assistants (id, graph_id, config, context, metadata, name, description, version,
                                         created_at, updated_at)
SELECT map.new_id, graph_id, config, context, metadata, name, description, version, created_at, updated_at
FROM   map JOIN langgraph_server.assistants AS kept ON kept.id = map.old_id WHERE map.age = 1;

UPDATE public.agents SET langgraph_assistant_id = id::text WHERE langgraph_assistant_id IS DISTINCT FROM id::text;

UPDATE langgraph_server.runs AS run SET assistant_id = map.new_id FROM map WHERE run.assistant_id = map.old_id;

DELETE FROM langgraph_server.assistants AS assistant USING map WHERE assistant.id = map.old_id
"""

_STATE = {
    "supabase": "SELECT count(*), sum(hashtextextended(id || langgraph_assistant_id, 0)) FROM public.agents",
    "langgraph": """
        SELECT (SELECT (count(*), sum(hashtextextended(stored::text, 0)))
                FROM   langgraph_server.assistants AS stored)::text,
               (SELECT (count(*), sum(hashtextextended(stored::text, 0)))
                FROM   langgraph_server.runs AS stored)::text""",
}


# --- what is measured; each in a process of its own


def keep_to(core: int | None, *connections: psycopg.Connection[Any]) -> None:
    """Let this process and the server's of its connections run on one core only; nothing where that is None."""
    if core is not None:
        for process in (0, *(each.info.backend_pid for each in connections)):
            os.sched_setaffinity(process, {core})


def plain(supabase: str, langgraph: str, core: int | None = None) -> dict[str, float]:
    """Do the repair's work in one transaction, as one would by hand."""
    with psycopg.connect(langgraph) as connection:
        keep_to(core, connection)
        began = time.perf_counter()
        for statement in _PLAIN.split(";\n\n"):
            connection.execute(cast(Any, statement))
        connection.commit()
        ended = time.perf_counter()
        return {"seconds": ended - began, "ended": ended}


def repair(supabase: str, langgraph: str, core: int | None = None) -> dict[str, float]:
    """Diagnose, plan, and apply; the seconds are those of `apply` alone."""
    with connected(*(database_called("sandbox:benchmark", each) for each in (supabase, langgraph))) as pair:
        keep_to(core, pair.supabase, pair.langgraph)
        began = time.perf_counter()
        plan = make_plan(pair, diagnose(pair, Scope.parse("all"), for_plan=True), "all")
        planned = time.perf_counter()
        apply(pair, plan)
        seconds = time.perf_counter() - planned
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "planning": planned - began,
        "memory": most,
        "planned": planned,
        "ended": planned + seconds,
    }


def taking_back(supabase: str, langgraph: str) -> dict[str, float]:
    """Take back what `repair` did."""
    with connected(*(database_called("sandbox:benchmark", each) for each in (supabase, langgraph))) as pair:
        began = time.perf_counter()
        undone = undo(pair, "run-1")
        seconds = time.perf_counter() - began
    if undone.refused:
        raise SystemExit(f"undo refused {len(undone.refused)} agents: {undone.refused[0]}")
    return {"undo": seconds, "undo_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def live(conninfo: str, agents: int, ended: Event, core: int | None) -> list[tuple[float, float]]:
    """Chat as a front end's user does, until it ends; return when each read or write began, and how long it took."""
    taken: list[tuple[float, float]] = []
    with psycopg.connect(conninfo, autocommit=True, prepare_threshold=None) as connection:
        keep_to(core, connection)

        def timed(statement: str, *values: str) -> Any:
            began = time.perf_counter()
            cursor = connection.execute(cast(Any, statement), values)
            row = cursor.fetchone() if cursor.description else None
            taken.append((began, time.perf_counter() - began))
            time.sleep(_PAUSE_SECONDS)
            return row

        number = 0
        while not ended.is_set():
            number = number % agents + 7919
            agent = f"md5('agent {1 + number % agents}')::uuid"
            ((agent_id, assistant_id),) = [
                timed(f"SELECT id::text, langgraph_assistant_id FROM public.agents WHERE id = {agent}")
            ]
            timed("SELECT config FROM langgraph_server.assistants WHERE id = %s", assistant_id)
            timed(
                "INSERT INTO langgraph_server.runs (id, thread_id, assistant_id) VALUES (gen_random_uuid()::text, "
                "'live', %s)",
                assistant_id,
            )
            timed("UPDATE langgraph_server.runs SET status = 'error' WHERE id = md5('run 5' || %s)", agent_id)
    return taken


# --- rounds


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
        _do(conninfo, _WRITE_BACK)
    _do(one, *_DAMAGE.split(";\n\n"))
    with psycopg.connect(one) as source, psycopg.connect(langgraph) as target:
        for table in _COPIED:
            with (
                source.cursor().copy(cast(Any, f"COPY {table} TO STDOUT")) as rows,
                target.cursor().copy(cast(Any, f"COPY {table} FROM STDIN")) as copied,
            ):
                pour(rows, copied)
    for conninfo in (one, supabase, langgraph):
        _do(conninfo, "VACUUM ANALYZE")


def _do(conninfo: str, *statements: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@contextmanager
def _copies(*conninfos: str) -> Iterator[list[str]]:
    """Copy databases, and drop the copies again."""
    server = make_conninfo(conninfos[0], dbname="postgres")
    names = [f"{conninfo_to_dict(each)['dbname']}-copy" for each in conninfos]
    try:
        for conninfo, name in zip(conninfos, names, strict=True):
            _do(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # of a run that was killed
            _do(
                server, f'CREATE DATABASE "{name}" TEMPLATE "{conninfo_to_dict(conninfo)["dbname"]}" STRATEGY FILE_COPY'
            )
        yield [make_conninfo(each, dbname=name) for each, name in zip(conninfos, names, strict=True)]
    finally:
        for name in names:
            _do(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _state(supabase: str, langgraph: str) -> list[Any]:
    states = []
    for conninfo, statement in zip((supabase, langgraph), _STATE.values(), strict=True):
        with psycopg.connect(conninfo) as connection:
            states.append(connection.execute(statement.encode()).fetchone())
    return states


def measure(one: str, two: tuple[str, str], rounds: int) -> None:
    """Run the rounds, interleaved, and print medians and ratios as a table."""
    ways: dict[str, tuple[Callable[..., dict[str, float]], tuple[str, ...]]] = {
        "one plain transaction": (plain, (one,)),
        "repair, one database": (repair, (one,)),
        "repair, two databases": (repair, two),
    }
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        states = []
        for name, (what, databases) in ways.items():
            with _copies(*databases) as copies:
                start = _state(copies[0], copies[-1])
                seen = _alone(what, copies[0], copies[-1])
                states.append(_state(copies[0], copies[-1]))
                if what is repair:
                    seen |= _alone(taking_back, copies[0], copies[-1])
                    if _state(copies[0], copies[-1]) != start:
                        raise SystemExit(f"{name}: not all is as it was, once it is taken back")
                taken[name].append(seen)
                print(name, seen, file=sys.stderr, flush=True)
        if any(state != states[0] for state in states):
            raise SystemExit(f"not all ended with the same rows: {states}")
    print(
        "| | seconds | × plain | diagnosis and plan | client memory | undo | its client memory |\n"
        "|---|---|---|---|---|---|---|"
    )
    plains = [each["seconds"] for each in taken[next(iter(ways))]]
    for name, runs in taken.items():
        seconds = [each["seconds"] for each in runs]
        ratios = [each / floor for each, floor in zip(seconds, plains, strict=True)]
        cells = [
            f"{statistics.median(seconds):.1f} s",
            f"{statistics.median(ratios):.2f} ({', '.join(f'{ratio:.2f}' for ratio in ratios)})",
        ]
        if "memory" not in runs[0]:
            cells += ["–"] * 4
        else:
            for seconds_of, memory_of in (("planning", "memory"), ("undo", "undo_memory")):
                cells.append(f"{statistics.median(each[seconds_of] for each in runs):.1f} s")
                cells.append(f"{max(each[memory_of] for each in runs):.0f} MB")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


Seen = list[tuple[float, float]]


def _beside(
    what: Callable[..., dict[str, float]], one: str, agents: int, cores: Sequence[int | None]
) -> tuple[float, dict[str, float], Seen]:
    """Let a client go on, alone for a while and then beside `what`.

    Return when that began, what it told, and what the client saw.
    """
    context = multiprocessing.get_context("spawn")
    with _copies(one) as copies, context.Manager() as manager, ProcessPoolExecutor(1, context) as process:
        _do(one, "CHECKPOINT")
        os.sync()  # what the copying left to write is not what is measured
        ended = manager.Event()
        client = process.submit(live, copies[0], agents, cast(Event, ended), cores[0])
        time.sleep(_ALONE_SECONDS)
        began = time.perf_counter()  # one clock for all processes of a machine
        told = _alone(what, *copies * 2, cores[1])
        ended.set()
        return began, told, client.result()


def _p99(seen: Seen, first: float, last: float) -> tuple[float, list[float]]:
    each = sorted(seconds for at, seconds in seen if first <= at < last)
    return each[len(each) * 99 // 100], each


def measure_client(one: str, agents: int) -> None:
    """Let a client read and write rows alone, beside the plain transaction and beside a repair; print what it saw."""
    print(
        "\n| a client's single rows | reads and writes | median | p99 | longest | p99 × alone |\n"
        "|---|---|---|---|---|---|"
    )
    ways: list[tuple[str, Sequence[int | None]]] = [("", (None, None))]
    if hasattr(os, "sched_setaffinity") and len(available := sorted(os.sched_getaffinity(0))) > 1:
        ways.append((", a core each", available[:2]))
    for placed, cores in ways:
        for what in (plain, repair):
            began, told, seen = _beside(what, one, agents, cores)
            called = {plain: "one plain transaction", repair: "the repair"}[what]
            windows = {f"alone, before {called}": (0.0, began)}
            if what is repair:
                windows["beside diagnosis and plan"] = (began, told["planned"])
            windows[f"beside {called}"] = (told["ended"] - told["seconds"], told["ended"])
            alone, _ = _p99(seen, 0.0, began)
            for name, (first, last) in windows.items():
                p99, each = _p99(seen, first, last)
                cells = " | ".join(f"{seconds * 1000:.1f} ms" for seconds in (statistics.median(each), p99, each[-1]))
                print(f"| {name}{placed} | {len(each)} | {cells} | {p99 / alone:.2f} |", flush=True)


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    name = "empty@benchmark-repair"
    try:
        scenarios.reset(name)
        one, supabase, langgraph = (scenarios.resolve(each) for each in (name, f"{name}/supabase", f"{name}/langgraph"))
        fill_databases(one, supabase, langgraph, options.agents)
        print(
            f"{options.agents} agents, {options.agents * 3} assistants, {options.agents * 10} runs; "
            f"{options.rounds} rounds\n",
            flush=True,
        )
        measure(one, (supabase, langgraph), options.rounds)
        measure_client(one, options.agents)
    finally:
        scenarios.drop(name)


if __name__ == "__main__":
    main()
