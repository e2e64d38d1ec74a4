"""The fleet, run as a person runs it: one answer about many projects, whatever happens to one of them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands import only_folder, toolkit
from tests.integration.fleet.host import Host, host
from toolkit.sandbox import scenarios

pytestmark = pytest.mark.slow

HANGS = tuple(f"hang{number}" for number in range(20))

ACTS = {
    "worker": ["kill"],
    "lost": ["cut"],
    "kernel": ["", "", "kill"],  # the look, the check before the notebook, the notebook
    "password": ["reject", "reject"],
    **{name: ["hang", "hang"] for name in HANGS},
}
BROKEN, HEALTHY = "broken@t-fleet", "healthy@t-fleet"


@dataclass(frozen=True)
class Ran:
    """A run of the fleet, and what it left."""

    status: int
    said: str
    folder: Path

    @property
    def fleet(self) -> dict:
        return json.loads((self.folder / "fleet.json").read_text())

    @property
    def page(self) -> str:
        return (self.folder / "fleet.html").read_text()

    @property
    def rows(self) -> dict[str, dict]:
        return {row["name"]: row for row in self.fleet["targets"]}


@pytest.fixture(scope="module")
def through() -> Iterator[Host]:
    """Put a host before the sandbox's server."""
    sandbox = scenarios.resolve(BROKEN)
    scenarios.resolve(HEALTHY)
    with host(sandbox, ACTS) as made:
        yield made
    for name in (BROKEN, HEALTHY):
        scenarios.drop(name)


def written(file: Path, made: Host, **databases: str) -> dict[str, str]:
    """Write a file of targets, each with one of these databases; return the environment that they name."""
    lines = (f'[[target]]\nname = "{name}"\nsupabase = "env:{name.upper()}_URL"' for name in databases)
    file.write_text("\n".join(lines))
    named = {name: database.replace("@", "~") for name, database in databases.items()}
    return {f"{name.upper()}_URL": made.url(name, database) for name, database in named.items()}


def run(folder: Path, *options: str, **environment: str) -> Ran:
    arguments = ("fleet", "diagnose", str(folder / "targets.toml"), "--report-dir", str(folder / "out"), *options)
    ran = toolkit(*arguments, **environment)
    return Ran(ran.returncode, ran.stdout + ran.stderr, only_folder(folder / "out"))


@pytest.fixture(scope="module")
def ran(through: Host, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run a fleet of which one is damaged, one is fine, and something happens to each of the others."""
    folder = tmp_path_factory.mktemp("fleet")
    databases = {
        "acme": BROKEN,
        "kernel": BROKEN,
        **dict.fromkeys(("beta", "missing", "worker", "lost", "password"), HEALTHY),
    }
    environment = written(folder / "targets.toml", through, **databases)
    del environment["MISSING_URL"]
    earlier = {"schema": 1, "looked_at": 4, "of": 4, "targets": [
        {"name": name, "verdict": "mismatched", "open": 1} for name in ("acme", "beta", "password")
    ]}  # fmt: skip
    (folder / "earlier.json").write_text(json.dumps(earlier))
    return run(folder, "--connections-per-host", "1", "--since", str(folder / "earlier.json"), **environment)


def test_every_target_has_its_row(ran: Ran) -> None:
    assert ran.status == 1, ran.said
    assert (ran.fleet["schema"], ran.fleet["looked_at"], ran.fleet["of"]) == (1, 5, 7)
    assert {name: row["verdict"] for name, row in ran.rows.items()} == {
        "acme": "mismatched", "beta": "clean", "missing": "refused", "worker": "clean", "lost": "clean",
        "password": "refused", "kernel": "broken",
    }  # fmt: skip
    acme = ran.rows["acme"]
    assert (acme["agents"], acme["open"], acme["users"]) == (5, 15, "unreachable")
    assert acme["findings"] == {"wrong_id": 5, "duplicate": 10, "drift": 5}
    assert "the environment variable MISSING_URL is not set" in ran.rows["missing"]["message"]
    lines = [json.loads(line) for line in (ran.folder / "targets.jsonl").read_text().splitlines()]
    assert {line["name"]: line for line in lines} == ran.rows
    assert re.search(r"7/7 \[.*target", ran.said)


def test_a_page_is_made_of_the_damaged_alone_and_linked(ran: Ran) -> None:
    assert {name: row["page"] for name, row in ran.rows.items() if row["page"]} == {
        "acme": "pages/acme/diagnose.html",
        "kernel": "pages/kernel/diagnose.html",
    }
    page = (ran.folder / "pages/acme/diagnose.html").read_text()
    assert "Round trip" in page
    assert "--report-dir" not in page + ran.rows["acme"]["message"], "its folder was the worker's own"
    assert ran.page.index("Looked at 5 of 7 projects") < ran.page.index('href="pages/acme/diagnose.html"')


@pytest.mark.parametrize(("pages", "made"), [("all", {"beta"}), ("none", set())])
def test_pages_are_made_of_all_or_of_none(pages: str, made: set[str], through: Host, tmp_path: Path) -> None:
    environment = written(tmp_path / "targets.toml", through, beta=HEALTHY)
    found = run(tmp_path, "--pages", pages, **environment)
    assert found.status == 0, found.said
    assert {name for name, row in found.rows.items() if row["page"]} == made
    assert {file.parent.name for file in found.folder.glob("pages/*/diagnose.html")} == made


def test_a_dead_notebook_leaves_what_the_look_found(ran: Ran, through: Host) -> None:
    kernel = ran.rows["kernel"]
    assert kernel["open"] == 15
    assert "Its page was not made: the notebook's Python process ended" in kernel["message"]
    assert through.transports == ["ipc"], "kernels that start at once take no port from each other"


def test_a_lost_worker_or_connection_is_tried_again_once_and_a_password_never(ran: Ran, through: Host) -> None:
    assert ran.rows["password"]["message"].count("password authentication failed") == 1
    assert {name: through.times[name] for name in ("worker", "lost", "password")} == {
        "worker": 2,
        "lost": 2,
        "password": 1,
    }


def test_a_host_has_no_more_connections_than_it_is_allowed(ran: Ran, through: Host) -> None:
    assert through.most == 1


def test_since_names_what_is_new_still_there_gone_and_not_known(ran: Ran) -> None:
    assert ran.fleet["since"] == {"new": ["kernel"], "still": ["acme"], "gone": ["beta"], "unknown": ["password"]}
    assert "  new: kernel\n  still: acme\n  gone: beta\n  unknown: password\n" in ran.said


def test_one_that_hangs_is_ended_and_ctrl_c_ends_all_and_leaves_what_is_known(through: Host, tmp_path: Path) -> None:
    databases = {"beta": HEALTHY, **dict.fromkeys(HANGS, HEALTHY)}
    environment = written(tmp_path / "targets.toml", through, **databases)
    options = ("--time-limit", "5", "--connections-per-host", "100", "--report-dir", tmp_path / "out")
    command = [sys.executable, "-m", "toolkit", "fleet", "diagnose", tmp_path / "targets.toml", *options]
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        wait_until(lambda: any('"timeout"' in lines.read_text() for lines in tmp_path.glob("out/*/targets.jsonl")))
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    ran = Ran(process.returncode, said, only_folder(tmp_path / "out"))
    assert ran.status == 1, said
    verdicts = {name: row["verdict"] for name, row in ran.rows.items()}
    assert verdicts.pop("beta") == "clean"
    assert set(verdicts) == set(HANGS)
    assert set(verdicts.values()) == {"timeout", "broken"}
    assert ran.fleet["looked_at"] == 1
    assert "no end after 5 s" in next(row["message"] for row in ran.rows.values() if row["verdict"] == "timeout")
    assert "the run was interrupted" in next(row["message"] for row in ran.rows.values() if row["verdict"] == "broken")
    wait_until(lambda: through.open == 0)  # so has every worker ended


def wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.1)


@contextmanager
def dask(**environment: str) -> Iterator[str]:
    """Run a cluster of two processes; yield its scheduler's address."""
    code = (
        "import sys; from distributed import LocalCluster; cluster = LocalCluster(n_workers=2, threads_per_worker=1, "
        "host='127.0.0.1', dashboard_address=None); print(cluster.scheduler_address, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate()


def test_a_dask_cluster_gives_the_same_answer(ran: Ran, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra `fleet` is not installed")
    databases = {"acme": BROKEN, "beta": HEALTHY, "missing": HEALTHY, "worker": HEALTHY}
    with host(scenarios.resolve(BROKEN), ACTS) as made:
        environment = written(tmp_path / "targets.toml", made, **databases)
        missing = environment.pop("MISSING_URL")
        with dask(**environment) as scheduler:
            on_dask = run(tmp_path, "--scheduler", scheduler, MISSING_URL=missing)
        assert made.times["worker"] == 2
    for name in databases:
        assert {**on_dask.rows[name], "seconds": 0} == {**ran.rows[name], "seconds": 0}, on_dask.said
    assert "Round trip" in (on_dask.folder / "pages/acme/diagnose.html").read_text()
    assert (on_dask.status, on_dask.fleet["looked_at"]) == (3, 3)
