"""How long does somebody wait for a verdict, compared with a notebook that does nothing?

    python -m benchmarks.commands --rounds 5

In every round, one after the other, each as a process of its own: the floor (papermill's own command runs an empty
notebook), `diagnose` of a small healthy database with its page, and two refusals: a URL of a port where no server
listens, and a variable that is not set. Printed are medians of the time on the clock and of the CPU time of the
process and its children, and round by round ratios to the floor of the same round. On a PostgreSQL of the sandbox.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from toolkit.sandbox import scenarios

_TOOLKIT = (sys.executable, "-m", "toolkit")
_SCENARIO = "healthy@benchmark-commands"
_EMPTY = {"cells": [], "metadata": {"kernelspec": {"name": "python3", "language": "python"}}, "nbformat": 4}


def ways(folder: Path) -> dict[str, tuple[tuple[str, ...], int]]:
    """Return each command with the exit status that it must end with, the floor first."""
    (notebook := folder / "empty.ipynb").write_text(json.dumps({**_EMPTY, "nbformat_minor": 5}), encoding="utf-8")
    floor = (sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), str(folder / "executed.ipynb"))
    diagnose = (*_TOOLKIT, "diagnose", "--report-dir", str(folder / "reports"), "--supabase")
    found = {
        "floor: papermill, an empty notebook": (floor, 0),
        "diagnose": ((*diagnose, f"sandbox:{_SCENARIO}"), 0),
        "diagnose, no server at the URL": ((*diagnose, "env:CLOSED_DB_URL"), 3),
        "diagnose, a variable that is not set": ((*diagnose, "env:MISSPELT_DB_URL"), 3),
    }
    described = subprocess.run([*_TOOLKIT, "diagnose", "--help"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - this Python
    if "--quick" in described:
        return {**found, "diagnose --quick": ((*diagnose, f"sandbox:{_SCENARIO}", "--quick"), 0)}
    print("diagnose --quick: left out, this version has no such option")
    return found


def run(command: tuple[str, ...], status: int) -> tuple[float, float]:
    """Run a command; return the seconds on the clock, and the CPU seconds of its processes."""
    environment = {**os.environ, "CLOSED_DB_URL": "postgresql://user@127.0.0.1:1/postgres"}
    environment.pop("MISSPELT_DB_URL", None)
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment)  # noqa: S603 - this Python
        _, ended, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(ended)
        said.seek(0)
        assert process.returncode == status, said.read().decode()
    return seconds, used.ru_utime + used.ru_stime


def measure(commands: dict[str, tuple[tuple[str, ...], int]], rounds: int) -> None:
    """Run the rounds, interleaved, and print medians and ratios as a table."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (command, status) in commands.items():
            taken[name].append(run(command, status))
    floors = taken[next(iter(commands))]
    print("| | on the clock | × floor | CPU | × floor |\n|---|---|---|---|---|")
    for name, runs in taken.items():
        cells = []
        for which in (0, 1):
            ratios = [each[which] / floor[which] for each, floor in zip(runs, floors, strict=True)]
            cells += [f"{statistics.median(each[which] for each in runs):.2f} s", f"{statistics.median(ratios):.2f}"]
        print(f"| {name} | {' | '.join(cells)} |")


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    try:
        scenarios.reset(_SCENARIO)
        scenarios.resolve(_SCENARIO)
        with tempfile.TemporaryDirectory() as folder:
            measure(ways(Path(folder)), options.rounds)
    finally:
        scenarios.drop(_SCENARIO)


if __name__ == "__main__":
    main()
