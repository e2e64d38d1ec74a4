"""Child processes that are disturbed between two exchanges with their servers."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.databases import Databases, Rows
from toolkit.repair import apply, journal

Work = Callable[[Databases], None]

FAILED = 1


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
