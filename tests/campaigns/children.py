"""Child processes that are disturbed between two exchanges with their servers."""

import os
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.databases import Databases, Rows, as_user, name_of
from toolkit.repair import apply, journal
from toolkit.repair.plan import Plan

Work = Callable[[Databases], None]

FAILED = 1

MAY_ALL = """GRANT ALL ON SCHEMA {schema} TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {role};
             GRANT CREATE ON DATABASE "{database}" TO {role}"""


def forked(work: Work, databases: Databases, before_exchange: Callable[[int], None]) -> int:
    """Do `work` in a fork of this process, and call `before_exchange` with each exchange's number; return its id."""
    child = os.fork()
    if child:
        return child
    status = FAILED
    try:
        _before_each_exchange(before_exchange)
        work(databases)
        status = 0
    except Exception as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    finally:
        os._exit(status)


def _before_each_exchange(call: Callable[[int], None]) -> None:
    wait = psycopg.Connection.wait
    done = 0

    def counting(self: Any, *arguments: Any, **more: Any) -> Any:
        nonlocal done
        done += 1
        call(done - 1)
        return wait(self, *arguments, **more)

    psycopg.Connection.wait = counting  # type: ignore[method-assign]


def exchanges(work: Work, databases: Databases) -> int:
    """Do `work` undisturbed; return how often it talks with a server."""
    reading, writing = os.pipe()
    child = forked(work, databases, lambda number: os.write(writing, b".") and None)
    os.close(writing)
    said = b""
    while block := os.read(reading, 1 << 16):
        said += block
    os.close(reading)
    assert os.waitpid(child, 0)[1] == 0
    return len(said)


def applying(plan: Plan) -> Work:
    """Apply a plan that is made already: most exchanges of a repair are those of its planning, which writes nothing."""

    def applied(databases: Databases) -> None:
        for left in databases.apply(plan).left:
            print(left.reason, flush=True)

    return applied


def changed_meanwhile(work: Work, databases: Databases, number: int, change: Callable[[], object]) -> int:
    """Do `work` in a child; make the change before this exchange, or the next at which no lock hinders it."""
    is_changed = False

    def disturb(done: int) -> None:
        nonlocal is_changed
        if done >= number and not is_changed:
            is_changed = True  # at once: what follows is an exchange, too
            try:
                change()
            except psycopg.errors.LockNotAvailable:  # what the repair's own transaction holds, until it ends
                is_changed = False

    return os.waitstatus_to_exitcode(os.waitpid(forked(work, databases, disturb), 0)[1])


@contextmanager
def a_role(databases: Databases) -> Iterator[str]:
    """Make a role that may do everything, as long as it is let."""
    role = f"repairer_{uuid.uuid4().hex[:12]}"
    databases.on_supabase(f"CREATE ROLE {role} LOGIN BYPASSRLS")
    databases.on_supabase(MAY_ALL.format(schema="public", role=role, database=name_of(databases.supabase)))
    databases.on_langgraph(
        MAY_ALL.format(schema="public, langgraph_server", role=role, database=name_of(databases.langgraph))
    )
    yield role
    for run in (databases.on_langgraph, databases.on_supabase):
        run(f"DROP OWNED BY {role} CASCADE")
    databases.on_supabase(f"DROP ROLE {role}")


def as_user_of(databases: Databases, role: str) -> Databases:
    """Name the same databases, connected to as this role."""
    return Databases(*(as_user(side, role) for side in (databases.supabase, databases.langgraph)))


def evenly(wanted: int, total: int) -> list[int]:
    """Choose `wanted` of `total` points, the first and the last among them."""
    wanted = min(wanted, total)
    return sorted({round(each * (total - 1) / max(wanted - 1, 1)) for each in range(wanted)})


@contextmanager
def told(where: str) -> Iterator[None]:
    """Add to whatever fails here where it was."""
    try:
        yield
    except BaseException as error:
        error.add_note(where)
        raise


def free_the_lease(databases: Databases) -> None:
    """Let the lease of a process that is gone end at once: that it ends by itself is another test's subject."""
    if databases.on_langgraph("SELECT to_regclass('assistant_repair.lease') IS NOT NULL AS is_there")[0]["is_there"]:
        databases.on_langgraph("UPDATE assistant_repair.lease SET renewed_at = renewed_at - interval '1 hour'")


def finish(databases: Databases) -> None:
    """Finish what was interrupted; where nothing was begun, or all of it is done, repair what there is."""
    free_the_lease(databases)
    with databases.connected() as pair:
        interrupted = journal.unfinished(pair)
        if interrupted:
            assert apply.resume(pair, interrupted).left == ()
            return
    plan = databases.plan()
    if plan.steps or plan.moves:
        assert databases.apply(plan).left == ()


def as_of_the_run(databases: Databases) -> Rows:
    """All rows, with the time at which the run began, which rows that it made bear, called `run`."""
    begun = databases.on_langgraph(
        "SELECT started_at::text AS stored, to_jsonb(started_at)#>>'{}' AS in_json FROM assistant_repair.runs"
    )
    assert len(begun) == 1  # killed before it was written down on both sides, a run leaves its number at most
    times = re.compile("|".join(re.escape(text) for text in sorted(set(begun[0].values()))))
    return {name: sorted(times.sub("run", text) for text in texts) for name, texts in databases.rows().items()}
