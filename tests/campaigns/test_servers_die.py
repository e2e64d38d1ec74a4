"""What becomes of a repair whose server stops, or whose connection is cut, in the middle?

TOOLKIT_KILLS says at how many points of the run; a few when it is not set.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.campaigns import children
from tests.campaigns.children import FAILED, as_of_the_run, evenly, finish, forked, told
from tests.integration.conftest import Databases, Rows, run
from toolkit import journal, sandbox
from toolkit.settings import database_called

CLEAR = ("StoppedRunError: run-1 stopped: ", "EndedByServerError: ", "ConnectionRefusedByServerError: ")
KILLS = int(os.environ.get("TOOLKIT_KILLS", "3"))


@dataclass
class Clusters:
    """Two servers, one for each side; each in a folder of its own."""

    folders: dict[str, Path]
    monkeypatch: pytest.MonkeyPatch

    def databases(self, name: str) -> Databases:
        """Name both sides of a copy of the scenario `broken`; starts a server that is down."""
        return Databases(*(database_called("sandbox:broken", self._on(side, name)) for side in self.folders))

    def _on(self, side: str, name: str) -> str:
        self.monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", str(self.folders[side]))
        return sandbox.resolve(f"broken@{name}/{side}")

    def stop_at_once(self, side: str) -> None:
        """End a server as `pg_ctl stop -m immediate` does: no checkpoint, every connection cut."""
        (file,) = self.folders[side].glob("*/data/postmaster.pid")
        os.kill(int(file.read_text().splitlines()[0]), signal.SIGQUIT)

    def end(self) -> None:
        for folder in self.folders.values():
            self.monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", str(folder))
            sandbox.stop()
            shutil.rmtree(folder)


@pytest.fixture(scope="module")
def clusters() -> Iterator[Clusters]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        folders = {side: Path(tempfile.mkdtemp(prefix="toolkit-", dir="/tmp")) for side in ("supabase", "langgraph")}
        for folder in folders.values():
            folder.chmod(0o711)
        made = Clusters(folders, monkeypatch)
        yield made
        made.end()


@pytest.fixture(scope="module")
def undisturbed(clusters: Clusters) -> tuple[int, Rows]:
    """How many exchanges a repair takes, and which rows there are after it, without the times of the run."""
    databases = clusters.databases("undisturbed")
    return children.exchanges(_repair, databases), as_of_the_run(databases)


def _repair(databases: Databases) -> None:
    databases.apply(databases.plan())


def _cut_connections(databases: Databases) -> None:
    for side in (databases.supabase, databases.langgraph):
        conninfo = side.conninfo.get_secret_value()
        run(
            conninfo,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )


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
            assert os.waitstatus_to_exitcode(status) in (0, FAILED)
            said = capfd.readouterr().out
            assert said == "" or said.startswith(CLEAR), said
            finish(clusters.databases(name))
            assert databases.diagnose().open == 0
            assert as_of_the_run(databases) == repaired
            with databases.connected() as pair:
                assert [each.state for each in journal.runs(pair)] == ["done"]
