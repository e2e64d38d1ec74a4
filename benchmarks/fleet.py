"""How long does it take to look at a fleet, compared with the command for each project?

    python -m benchmarks.fleet --targets 500 --rounds 20

The targets are databases of the sandbox's PostgreSQL, copies of one healthy and one damaged template. Measured are a
fleet of healthy targets without pages, a few damaged ones with theirs, and the commands `diagnose` and
`diagnose --quick`, each `rounds` times. CPU is that of all processes of a run, without PostgreSQL's. Linux only.
"""

import argparse
import ctypes
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from toolkit.sandbox import scenarios
from toolkit.sandbox.postgres import cluster

_TOOLKIT = (sys.executable, "-m", "toolkit")
_DAMAGED = 3
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER: a fleet's workers are waited for, too, so that their CPU counts


def run(*arguments: str, status: int, **environment: str) -> tuple[float, float, float]:
    """Run a command; return its seconds on the clock, the CPU seconds of its processes, the largest one's megabytes."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([*_TOOLKIT, *arguments], stdout=said, stderr=said, env={**os.environ, **environment})  # noqa: S603 - this Python
        _, ended, used = os.wait4(process.pid, 0)
        seconds, process.returncode = time.perf_counter() - began, os.waitstatus_to_exitcode(ended)
        said.seek(0)
        assert process.returncode == status, said.read().decode()
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss
    until = time.monotonic() + 3
    while time.monotonic() < until:
        with suppress(ChildProcessError):
            pid, _, used = os.wait4(-1, os.WNOHANG)
            if pid:
                cpu, memory = cpu + used.ru_utime + used.ru_stime, max(memory, used.ru_maxrss)
                continue
        time.sleep(0.05)
    return seconds, cpu, memory / 1000


def written(folder: Path, databases: dict[str, str]) -> dict[str, str]:
    """Write a file of targets; return the environment that they name."""
    targets = (f'[[target]]\nname = "{name}"\nsupabase = "env:DB_{name}"\n' for name in databases)
    (folder / "targets.toml").write_text("".join(targets), encoding="utf-8")
    return {f"DB_{name}": cluster.connection_string(database) for name, database in databases.items()}


def measure(targets: int, rounds: int, healthy: list[str], damaged: list[str], folder: Path) -> None:
    """Run the fleets and the commands, and print a table."""
    fleet = ("fleet", "diagnose", str(folder / "targets.toml"), "--report-dir", str(folder / "reports"))
    environment = written(folder, {str(number): database for number, database in enumerate(healthy)})
    seconds, cpu, memory = run(*fleet, "--pages", "none", status=0, **environment)
    each = cpu / targets
    print("| | on the clock | CPU for each target | × the fleet's |\n|---|---|---|---|")
    print(f"| fleet of {targets} healthy targets | {seconds:.1f} s | {each:.3f} s | 1 |")
    commands = (("diagnose --quick", "--quick"), ("diagnose", "--cell-timeout=600"))
    reports = ("--report-dir", str(folder / "reports"), "--supabase", "env:DB_0")
    for name, option in commands:
        runs = [run("diagnose", option, *reports, status=0, **environment) for _ in range(rounds)]
        clock, own = (sum(one[which] for one in runs) / rounds for which in (0, 1))
        print(f"| `{name}`, mean of {rounds} | {clock:.1f} s | {own:.2f} s | {own / each:.0f} |")
    environment = written(folder, {str(number): database for number, database in enumerate(damaged)})
    without, with_pages = (run(*fleet, "--pages", pages, status=2, **environment)[0] for pages in ("none", "red"))
    print(f"\nEach of {len(damaged)} pages: {(with_pages - without) / len(damaged):.1f} s more on the clock.")
    print(f"The largest process of the first fleet had {memory:.0f} MB.")


def main() -> None:
    """Make the databases, run the benchmark, and drop them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=20, help="processes of each command")
    options = parser.parse_args()
    templates = {name: f"{name}@benchmark-fleet" for name in ("healthy", "broken")}
    for name in templates.values():
        scenarios.resolve(name)
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    made = {"healthy": [f"fleet.{number}" for number in range(options.targets)]}
    made["broken"] = [f"fleet.broken.{number}" for number in range(_DAMAGED)]
    with (
        psycopg.connect(make_conninfo(cluster.connection_string()), autocommit=True) as admin,
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            for name, databases in made.items():
                template = templates[name].replace("@", "~")
                for database in databases:
                    names = Identifier(database), Identifier(template)
                    admin.execute(SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(*names))
            measure(options.targets, options.rounds, made["healthy"], made["broken"], Path(folder))
        finally:
            for database in made["healthy"] + made["broken"]:
                admin.execute(SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(Identifier(database)))
            for name in templates.values():
                scenarios.drop(name)


if __name__ == "__main__":
    main()
