"""A repair and its undo, killed anywhere: both end as if nobody had disturbed them.

A child process applies a plan to 200 agents, or takes it back, and is killed with SIGKILL between two of its exchanges
with the server, or at a random moment. Its batches are small, so that there are several of every phase. TOOLKIT_KILLS
says at how many points of each kind, at all of them at most; a few when it is not set.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from tests.campaigns import children
from tests.campaigns.children import Work, as_of_the_run, evenly, finish, forked, free_the_lease, told
from tests.campaigns.conftest import Copy
from tests.databases import Databases, Rows
from toolkit.repair import journal, moving, phases, undo

KILLS = int(os.environ.get("TOOLKIT_KILLS", "4"))

RANDOM_KILLS = 100

BATCHES = {
    (phases, "_AGENTS"): 60, (phases, "_AGENTS_LOOKED_UP"): 80, (undo, "_AGENTS"): 60,
    (moving, "_PAGES"): 4, (moving, "_PAGES_AT_ONCE"): 1,
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What an undisturbed repair makes of the damaged pair."""

    start: Rows
    repaired: Rows
    exchanges: dict[str, int]
    """How often an undisturbed repair, and an undisturbed undo, talk with a server."""
    seconds: dict[str, float]


@pytest.fixture(scope="module", autouse=True)
def small_batches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for (module, name), size in BATCHES.items():
            patch.setattr(module, name, size)
        yield


@pytest.fixture(scope="module")
def ground(damaged: Databases, copy: Copy) -> Ground:
    """Repair a copy undisturbed, and take it back."""
    start = damaged.rows()
    undisturbed = copy()
    exchanges, seconds = {}, {}
    for what, work in (("repair", _repairing(undisturbed)), ("undo", _undo)):
        began = time.monotonic()
        exchanges[what] = children.exchanges(work, undisturbed)
        seconds[what] = time.monotonic() - began
        if what == "repair":
            repaired = as_of_the_run(undisturbed)
    assert undisturbed.rows() == start
    return Ground(start, repaired, exchanges, seconds)


# what the child does


def _repairing(databases: Databases) -> Work:
    """Plan now, so that whatever kills the child kills it while it applies."""
    plan = databases.plan()
    return lambda copied: databases.apply(plan) and None


def _undo(databases: Databases) -> None:
    with databases.connected() as pair:
        undo.undo(pair, journal.runs(pair)[-1].run_id)


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


def _finish_undo(databases: Databases) -> None:
    free_the_lease(databases)
    with databases.connected() as pair:
        (run,) = journal.runs(pair)
        if run.undone_at is None:
            assert undo.undo(pair, run.run_id).refused == ()


def _proves(ground: Ground, databases: Databases) -> None:
    assert databases.diagnose().open == 0
    assert as_of_the_run(databases) == ground.repaired
    _finish_undo(databases)
    assert databases.rows() == ground.start


# the campaigns

Kill = Callable[[Work, Databases], None]

Moments = Iterator[tuple[str, Kill]]
"""Of a repair or an undo: where it is killed, and what kills it there."""


def _between_exchanges(ground: Ground, what: str) -> Moments:
    for number in evenly(KILLS, ground.exchanges[what]):
        yield f"killed before exchange {number} of {ground.exchanges[what]}", partial(_killed_before, number)


def _at_random(ground: Ground, what: str) -> Moments:
    chance = random.Random(KILLS)
    for _ in range(min(KILLS, RANDOM_KILLS)):
        seconds = chance.uniform(0, ground.seconds[what])
        yield f"killed after {seconds:.3f} s", partial(_killed_after, seconds)


@pytest.mark.parametrize("moments", [_between_exchanges, _at_random])
def test_a_killed_repair_ends_as_one_undisturbed(
    moments: Callable[[Ground, str], Moments], ground: Ground, copy: Copy
) -> None:
    for where, killed in moments(ground, "repair"):
        databases = copy()
        with told(where):
            killed(_repairing(databases), databases)
            finish(databases)
            _proves(ground, databases)


@pytest.mark.parametrize("moments", [_between_exchanges, _at_random])
def test_a_killed_undo_gives_the_start_back(
    moments: Callable[[Ground, str], Moments], ground: Ground, copy: Copy
) -> None:
    for where, killed in moments(ground, "undo"):
        databases = copy()
        _repairing(databases)(databases)
        with told(where):
            killed(_undo, databases)
            _finish_undo(databases)
            assert databases.rows() == ground.start
