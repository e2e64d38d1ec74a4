"""The benchmarks can be run: their smallest size, without a look at the figures."""

import subprocess
import sys

import pytest

from tests.constants import ROOT


@pytest.mark.slow
# benchmarks.repair takes two minutes whatever its size
@pytest.mark.parametrize(
    "arguments",
    [
        "diagnosis --agents 50",
        "sync --agents 50",
        "store --rows 100 --agents 50",
        "commands",
        "fleet --targets 2 --damaged 0",
    ],
)
def test_benchmark_runs(arguments: str) -> None:
    command = [sys.executable, "-m", *f"benchmarks.{arguments} --rounds 1".split()]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    failures = [line for line in child.stdout.splitlines() if "could not be run" in line]
    assert all("ModuleNotFoundError" in line for line in failures), failures  # peers that are not installed
