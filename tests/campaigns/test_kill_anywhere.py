"""Does a repair that is killed anywhere end as one that nobody disturbed? And is its undo the way back, killed or not?

A child process repairs, or takes back, 200 agents and is killed with SIGKILL between two of its exchanges with the
server, or at a random moment. TOOLKIT_KILLS says at how many points of each kind; a few when it is not set.
"""

import asyncio
import os
import random
import re
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from benchmarks.generator import fill
from tests import damage
from tests.campaigns import children
from tests.campaigns.children import Work, evenly, forked, free_the_lease, told
from tests.integration.conftest import Databases, Rows, run
from tests.integration.pgbouncer import transaction_pooler
from toolkit import journal, repair, sandbox, sync, undo
from toolkit.database import connections_to
from toolkit.plan import Plan
from toolkit.records import Scope
from toolkit.references import CATALOG
from toolkit.settings import Database, database_called

AGENTS = 200
KILLS = int(os.environ.get("TOOLKIT_KILLS", "2"))
TOPOLOGIES = ["one database", "two databases", *(["two through a pooler"] if "TOOLKIT_KILLS" in os.environ else [])]
PLACES = [place.name for place in CATALOG if place.moves]

DAMAGE = """
UPDATE langgraph_server.assistants SET id = md5(id) WHERE substr(md5(id), 1, 1) < '8';
INSERT INTO langgraph_server.assistants
SELECT md5('copy ' || id), graph_id, config, context, metadata, name, description, version, created_at - interval '1 day', updated_at
FROM   langgraph_server.assistants WHERE substr(md5(id), 2, 1) < '8';
DELETE FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' LIKE '%7'
"""
WRITE_BACKS = "UPDATE public.agents SET langgraph_assistant_id = md5(id::text) WHERE substr(md5(id::text), 1, 1) < '8'"


@dataclass(frozen=True)
class Ground:
    """A damaged pair, of which every attempt gets a copy."""

    damaged: Databases
    start: Rows
    repaired: Rows
    exchanges: dict[str, int]
    """How often an undisturbed repair, and an undisturbed undo, talk with a server."""
    seconds: dict[str, float]


@pytest.fixture(scope="module", params=TOPOLOGIES)
def ground(request: pytest.FixtureRequest) -> Iterator[tuple[Ground, Callable[[], Databases]]]:
    """Damage 200 agents once; give what an undisturbed repair makes of it, and a way to fresh copies."""
    name = f"empty@campaign-{uuid.uuid4().hex[:8]}"
    made: list[str] = []
    with ExitStack() as ending:
        ending.callback(lambda: _drop_databases(made))
        ending.callback(sandbox.drop, name)
        references = [name] if request.param == "one database" else [f"{name}/supabase", f"{name}/langgraph"]
        sides = [database_called("sandbox:campaign", sandbox.resolve(each)) for each in references]
        damaged = Databases(sides[0], sides[-1])
        asyncio.run(_damage(damaged))

        def copy() -> Databases:
            return _copied(damaged, made, ending if request.param == "two through a pooler" else None)

        start = damaged.rows()
        undisturbed = copy()
        taken = {}
        exchanges = {}
        for what, work in (("repair", _repair), ("undo", _undo)):
            began = time.monotonic()
            exchanges[what] = children.exchanges(work, undisturbed)
            taken[what] = time.monotonic() - began
            if what == "repair":
                repaired = _as_of_the_run(undisturbed)
        assert undisturbed.rows() == start
        print(f"{request.param}: {exchanges} exchanges, {taken} seconds")
        yield Ground(damaged, start, repaired, exchanges, taken), copy


async def _damage(databases: Databases) -> None:
    gets = [connections_to(each) for each in (databases.supabase, databases.langgraph)]
    async with gets[0]() as connection:
        await fill(connection, AGENTS)
    await sync.startup_agent_sync(*(gets[:1] if databases.is_one else gets), scope=Scope.parse("all"))
    databases.on_langgraph(DAMAGE)
    databases.on_supabase(WRITE_BACKS)
    rows = databases.on_langgraph("SELECT id FROM langgraph_server.assistants WHERE length(id) = 32 ORDER BY id")
    named = [damage.reference(place, row["id"], f"{place} {row['id'][:12]}") for row in rows for place in PLACES]
    databases.on_langgraph("".join(named))


def _copied(damaged: Databases, made: list[str], poolers: ExitStack | None) -> Databases:
    copies: dict[str, Database] = {}
    for side in (damaged.supabase, damaged.langgraph):
        conninfo = side.conninfo.get_secret_value()
        template = str(psycopg.conninfo.conninfo_to_dict(conninfo)["dbname"])
        if template not in copies:
            made.append(f"campaign-{uuid.uuid4().hex[:12]}")
            _administer(conninfo, f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}"')
            copies[template] = database_called("sandbox:campaign", make_conninfo(conninfo, dbname=made[-1]))
    supabase, langgraph = [copies[str(psycopg.conninfo.conninfo_to_dict(side.conninfo.get_secret_value())["dbname"])]
                           for side in (damaged.supabase, damaged.langgraph)]  # fmt: skip
    if poolers is not None:
        pooled = poolers.enter_context(transaction_pooler(supabase.conninfo.get_secret_value()))
        supabase, langgraph = [
            database_called("env:POOLED", make_conninfo(pooled, dbname=_dbname(each))) for each in (supabase, langgraph)
        ]
    return Databases(supabase, langgraph)


def _dbname(database: Database) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(database.conninfo.get_secret_value())["dbname"])


def _administer(conninfo: str, statement: str) -> None:
    run(make_conninfo(conninfo, dbname="postgres"), statement)


def _drop_databases(names: list[str]) -> None:
    conninfo = sandbox.resolve("empty")
    for name in names:
        _administer(conninfo, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


# what the child does


def _repair(databases: Databases) -> None:
    databases.apply(databases.plan())


def _undo(databases: Databases) -> None:
    databases.undo("run-1")


def _killed_before(number: int, work: Work, databases: Databases) -> None:
    def kill(done: int) -> None:
        if done == number:
            os.kill(os.getpid(), signal.SIGKILL)

    _, status = os.waitpid(forked(work, databases, kill), 0)
    assert os.WIFSIGNALED(status), f"{number} was never reached"


def _killed_after(seconds: float, work: Work, databases: Databases) -> None:
    child = forked(work, databases, lambda done: None)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


# what is left


def _as_of_the_run(databases: Databases) -> Rows:
    """All rows, with the time at which the run began, which rows that it made bear, called `run`."""
    (run_1,) = databases.on_langgraph(
        "SELECT started_at::text AS stored, to_jsonb(started_at)#>>'{}' AS in_json FROM assistant_repair.runs WHERE run_id = 'run-1'"
    )
    times = re.compile("|".join(re.escape(text) for text in sorted(set(run_1.values()))))
    return {name: sorted(times.sub("run", text) for text in texts) for name, texts in databases.rows().items()}


def _finish_repair(databases: Databases) -> None:
    free_the_lease(databases)
    with databases.connected() as pair:
        interrupted = journal.unfinished(pair.langgraph) if pair.has_journal else None
    if interrupted:
        with databases.connected() as pair:
            assert repair.resume(pair, interrupted).left == ()
    else:
        plan: Plan = databases.plan()
        if plan.steps or plan.moves:
            assert databases.apply(plan).left == ()


def _finish_undo(databases: Databases) -> None:
    free_the_lease(databases)
    with databases.connected() as pair:
        states = [each.undone_at for each in journal.runs(pair)]
        if states != [] and states[-1] is None:
            assert undo.undo(pair, "run-1").refused == ()


def _proves(ground: Ground, databases: Databases) -> None:
    assert databases.diagnose().open == 0
    assert _as_of_the_run(databases) == ground.repaired
    _finish_undo(databases)
    assert databases.rows() == ground.start


# the campaigns


def test_a_repair_killed_between_two_exchanges_ends_as_one_undisturbed(ground: tuple[Ground, Callable[[], Databases]]) -> None:
    known, copy = ground
    for number in evenly(KILLS, known.exchanges["repair"]):
        databases = copy()
        with told(f"killed before exchange {number}"):
            _killed_before(number, _repair, databases)
            _finish_repair(databases)
            _proves(known, databases)


def test_a_repair_killed_at_a_random_moment_ends_as_one_undisturbed(ground: tuple[Ground, Callable[[], Databases]]) -> None:
    known, copy = ground
    chance = random.Random(KILLS)
    for _ in range(KILLS):
        databases = copy()
        seconds = chance.uniform(0, known.seconds["repair"])
        with told(f"killed after {seconds:.3f} s"):
            _killed_after(seconds, _repair, databases)
            _finish_repair(databases)
            _proves(known, databases)


def test_an_undo_killed_between_two_exchanges_gives_the_start_back(ground: tuple[Ground, Callable[[], Databases]]) -> None:
    known, copy = ground
    for number in evenly(KILLS, known.exchanges["undo"]):
        databases = copy()
        _repair(databases)
        with told(f"killed before exchange {number}"):
            _killed_before(number, _undo, databases)
            _finish_undo(databases)
            assert databases.rows() == known.start
