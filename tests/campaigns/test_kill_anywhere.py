"""Does a repair that is killed anywhere end as one that nobody disturbed? And is its undo the way back, killed or not?

A child process repairs, or takes back, 200 agents and is killed with SIGKILL between two of its exchanges with the
server, or at a random moment. TOOLKIT_KILLS says at how many points of each kind; a few when it is not set.
"""

import os
import random
import re
import signal
import time
from dataclasses import dataclass

import pytest

from tests.campaigns import children
from tests.campaigns.children import Work, evenly, finish, forked, free_the_lease, told
from tests.campaigns.conftest import Copy
from tests.integration.conftest import Databases, Rows
from toolkit import journal, undo

KILLS = int(os.environ.get("TOOLKIT_KILLS", "2"))


@dataclass(frozen=True)
class Ground:
    """What an undisturbed repair makes of the damaged pair."""

    start: Rows
    repaired: Rows
    exchanges: dict[str, int]
    """How often an undisturbed repair, and an undisturbed undo, talk with a server."""
    seconds: dict[str, float]


@pytest.fixture(scope="module")
def ground(damaged: Databases, copy: Copy) -> Ground:
    """Repair a copy undisturbed, and take it back."""
    start = damaged.rows()
    undisturbed = copy()
    exchanges, seconds = {}, {}
    for what, work in (("repair", _repair), ("undo", _undo)):
        began = time.monotonic()
        exchanges[what] = children.exchanges(work, undisturbed)
        seconds[what] = time.monotonic() - began
        if what == "repair":
            repaired = _as_of_the_run(undisturbed)
    assert undisturbed.rows() == start
    return Ground(start, repaired, exchanges, seconds)


# what the child does


def _repair(databases: Databases) -> None:
    databases.apply(databases.plan())


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


def _as_of_the_run(databases: Databases) -> Rows:
    """All rows, with the time at which the run began, which rows that it made bear, called `run`."""
    begun = databases.on_langgraph("SELECT started_at::text AS stored, to_jsonb(started_at)#>>'{}' AS in_json FROM assistant_repair.runs")
    assert len(begun) == 1  # killed before it was written down on both sides, a run leaves its number at most
    times = re.compile("|".join(re.escape(text) for text in sorted(set(begun[0].values()))))
    return {name: sorted(times.sub("run", text) for text in texts) for name, texts in databases.rows().items()}


def _finish_undo(databases: Databases) -> None:
    free_the_lease(databases)
    with databases.connected() as pair:
        (run,) = journal.runs(pair)
        if run.undone_at is None:
            assert undo.undo(pair, run.run_id).refused == ()


def _proves(ground: Ground, databases: Databases) -> None:
    assert databases.diagnose().open == 0
    assert _as_of_the_run(databases) == ground.repaired
    _finish_undo(databases)
    assert databases.rows() == ground.start


# the campaigns


def test_a_repair_killed_between_two_exchanges_ends_as_one_undisturbed(ground: Ground, copy: Copy) -> None:
    for number in evenly(KILLS, ground.exchanges["repair"]):
        databases = copy()
        with told(f"killed before exchange {number}"):
            _killed_before(number, _repair, databases)
            finish(databases)
            _proves(ground, databases)


def test_a_repair_killed_at_a_random_moment_ends_as_one_undisturbed(ground: Ground, copy: Copy) -> None:
    chance = random.Random(KILLS)
    for _ in range(KILLS):
        databases = copy()
        seconds = chance.uniform(0, ground.seconds["repair"])
        with told(f"killed after {seconds:.3f} s"):
            _killed_after(seconds, _repair, databases)
            finish(databases)
            _proves(ground, databases)


def test_an_undo_killed_between_two_exchanges_gives_the_start_back(ground: Ground, copy: Copy) -> None:
    for number in evenly(KILLS, ground.exchanges["undo"]):
        databases = copy()
        _repair(databases)
        with told(f"killed before exchange {number}"):
            _killed_before(number, _undo, databases)
            _finish_undo(databases)
            assert databases.rows() == ground.start
