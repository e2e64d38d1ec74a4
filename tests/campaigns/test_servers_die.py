"""A repair whose server stops or whose connection is cut in the middle.

TOOLKIT_KILLS says at how many points of the run, and asks for PgBouncer in between, too; a few when it is not set.
"""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.campaigns import children
from tests.campaigns.children import FAILED, as_of_the_run, evenly, finish, forked, told
from tests.constants import CUT
from tests.databases import Databases, Rows, run
from tests.pgbouncer import pooled, transaction_pooler
from tests.servers import PLACE
from toolkit.database.addresses import database_called
from toolkit.repair import journal
from toolkit.sandbox import scenarios

CLEAR = ("StoppedRunError: run-1 stopped: ", "EndedByServerError: ", "ConnectionRefusedByServerError: ")

KILLS = int(os.environ.get("TOOLKIT_KILLS", "3"))

WAYS = ["directly", *([pooled("through poolers")] if "TOOLKIT_KILLS" in os.environ else [])]


@dataclass
class Clusters:
    """Two servers, one for each side; each in a folder of its own."""

    folders: dict[str, Path]
    monkeypatch: pytest.MonkeyPatch
    poolers: dict[str, str]
    """The conninfo that leads through a side's pooler, where there is one."""

    def databases(self, name: str) -> Databases:
        """Name both sides of a copy of the scenario `broken`; starts a server that is down."""
        return Databases(*(database_called("sandbox:broken", self._reached(side, name)) for side in self.folders))

    def _reached(self, side: str, name: str) -> str:
        conninfo = self._on(side, name)
        if side not in self.poolers:
            return conninfo
        return make_conninfo(self.poolers[side], dbname=conninfo_to_dict(conninfo)["dbname"])

    def put_poolers_between(self, poolers: ExitStack) -> None:
        for side in self.folders:
            self.poolers[side] = poolers.enter_context(transaction_pooler(self._on(side, "pooled")))

    def _on(self, side: str, name: str) -> str:
        self.monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", str(self.folders[side]))
        return scenarios.resolve(f"broken@{name}/{side}")

    def stop_at_once(self, side: str) -> None:
        """End a server as `pg_ctl stop -m immediate` does: no checkpoint, every connection cut."""
        (file,) = self.folders[side].glob("*/data/postmaster.pid")
        os.kill(int(file.read_text().splitlines()[0]), signal.SIGQUIT)

    def end(self) -> None:
        for folder in self.folders.values():
            self.monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", str(folder))
            scenarios.stop()
            shutil.rmtree(folder)


@pytest.fixture(scope="module", params=WAYS)
def clusters(request: pytest.FixtureRequest) -> Iterator[Clusters]:
    with pytest.MonkeyPatch.context() as monkeypatch, ExitStack() as poolers:
        folders = {side: Path(tempfile.mkdtemp(prefix="toolkit-", dir=PLACE)) for side in ("supabase", "langgraph")}
        for folder in folders.values():
            folder.chmod(0o711)
        made = Clusters(folders, monkeypatch, {})
        if request.param == "through poolers":
            made.put_poolers_between(poolers)
        yield made
        made.end()


@pytest.fixture(scope="module")
def undisturbed(clusters: Clusters) -> tuple[int, Rows]:
    """How many exchanges a repair takes, and which rows there are after it, without the times of the run."""
    databases = clusters.databases("undisturbed")
    return children.exchanges(_repair, databases), as_of_the_run(databases)


def _repair(databases: Databases) -> None:
    databases.apply(databases.plan())


def _await(databases: Databases) -> None:
    """Wait for a pooler to find out that its server is there again."""
    deadline = time.monotonic() + 20
    while True:
        try:
            databases.on_supabase("SELECT 1")
            databases.on_langgraph("SELECT 1")
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _cut_connections(databases: Databases) -> None:
    for side in (databases.supabase, databases.langgraph):
        conninfo = side.conninfo.get_secret_value()
        run(conninfo, CUT)


@pytest.mark.parametrize("what", ["the supabase server", "the langgraph server", "every connection"])
def test_a_repair_says_what_stopped_it_and_can_be_finished(
    what: str, clusters: Clusters, undisturbed: tuple[int, Rows], capfd: pytest.CaptureFixture[str]
) -> None:
    total, repaired = undisturbed
    for number in evenly(KILLS + 2, total)[1:-1]:
        name = f"{what.split()[1]}-{number}"
        databases = clusters.databases(name)

        def disturb(done: int, number: int = number, databases: Databases = databases) -> None:
            if done == number:
                if what == "every connection":
                    _cut_connections(databases)
                else:
                    clusters.stop_at_once(what.split()[1])

        with told(f"before exchange {number} of {total}"):
            _, status = os.waitpid(forked(_repair, databases, disturb), 0)
            said = capfd.readouterr().out
            if status:
                assert os.waitstatus_to_exitcode(status) == FAILED
                assert said.startswith(CLEAR), said
            else:
                assert said == ""
            _await(clusters.databases(name))
            finish(databases)
            assert databases.diagnose().open == 0
            assert as_of_the_run(databases) == repaired
            with databases.connected() as pair:
                assert [each.state for each in journal.runs(pair)] == ["done"]
