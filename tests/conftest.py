"""One server for the whole test run, and a database of its own for every test that asks."""

import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import PLACE
from toolkit.sandbox import scenarios

_OWN_FOLDER = pytest.StashKey[Path]()

_TESTS = Path(__file__).parent

_LONGEST = ("test_property_damage.py", "campaigns", "browser", "notebooks", "test_cli.py", "test_readme.py")

_MARKS = {
    "browser": (pytest.mark.browser, pytest.mark.slow),
    # A campaign's test kills its subject at up to a hundred points: it may take long, and still not hang for ever.
    "campaigns": (pytest.mark.slow, pytest.mark.timeout(3600)),
}


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a sandbox of its own, and no database of its user's; xdist's workers inherit both."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a script's job in the background; the commands inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for variable in ("SUPABASE_DB_URL", "LANGGRAPH_DB_URL"):
        os.environ.pop(variable, None)
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of hundreds of processes would compile every module anew
    # Short, and not below pytest's own folder, which is closed to the user who runs root's server.
    config.stash[_OWN_FOLDER] = own = Path(tempfile.mkdtemp(prefix="toolkit-", dir=PLACE))
    own.chmod(0o711)  # root's server, another user, enters it
    os.environ["TOOLKIT_SANDBOX_DIR"] = str(own)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's server, if a test started it, and remove what it leaves."""
    if _OWN_FOLDER in config.stash:
        own = config.stash[_OWN_FOLDER]
        try:
            if any(own.iterdir()):
                scenarios.stop()
        finally:
            shutil.rmtree(own)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by its folder, and put the longest files first."""
    items.sort(key=lambda item: not any(name in item.path.parts or name == item.path.name for name in _LONGEST))
    for item in items:
        folder = item.path.relative_to(_TESTS).parts[0] if item.path.is_relative_to(_TESTS) else ""
        for mark in _MARKS.get(folder, ()):
            item.add_marker(mark)


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
