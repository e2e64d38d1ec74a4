"""One server for the whole test run, and a database of its own for every test that asks."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from toolkit.sandbox import scenarios

_OWN_FOLDER = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a sandbox of its own; xdist's workers inherit it from the process that starts them."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    # Short, and not below pytest's own folder, which is closed to the user who runs root's server.
    config.stash[_OWN_FOLDER] = os.environ["TOOLKIT_SANDBOX_DIR"] = tempfile.mkdtemp(prefix="toolkit-", dir="/tmp")
    Path(os.environ["TOOLKIT_SANDBOX_DIR"]).chmod(0o711)  # root's server, another user, enters it


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's server and remove what it leaves."""
    if _OWN_FOLDER in config.stash:
        try:
            scenarios.stop()
        finally:
            shutil.rmtree(config.stash[_OWN_FOLDER])


@pytest.fixture
def copy_of() -> Iterator[Callable[[str], str]]:
    """Name a fresh copy of a scenario, as in `broken@t-0f3a…`; dropped after the test in all its forms."""
    made: list[str] = []

    def name(scenario: str) -> str:
        made.append(f"{scenario}@t-{uuid.uuid4().hex[:12]}")
        return made[-1]

    yield name
    for each in made:
        scenarios.drop(each)


@pytest.fixture
def clone(copy_of: Callable[[str], str]) -> Callable[[str], str]:
    """Copy a scenario into one database of this test's own; return its conninfo."""
    return lambda scenario: scenarios.resolve(copy_of(scenario))


@pytest.fixture
def pair(copy_of: Callable[[str], str]) -> Callable[[str], tuple[str, str]]:
    """Copy a scenario into two databases of this test's own; return the conninfo of Supabase's and LangGraph's."""

    def make(scenario: str) -> tuple[str, str]:
        name = copy_of(scenario)
        return scenarios.resolve(f"{name}/supabase"), scenarios.resolve(f"{name}/langgraph")

    return make


@pytest.fixture
def reference(copy_of: Callable[[str], str]) -> Callable[[str], str]:
    """Name a copy as the commands take it, `sandbox:broken@t-0f3a…`; append `/supabase` or `/langgraph` for two."""
    return lambda scenario: f"sandbox:{copy_of(scenario)}"
