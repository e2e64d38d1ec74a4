"""patches/deterministic-ids.patch, applied to a stand-in for the server's file, on a real PostgreSQL."""

import asyncio
import importlib.util
import shlex
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from tests.fractal_server import connections
from tests.integration.agent_sync import stand_in

PATCH = Path(__file__).parents[3] / "patches" / "deterministic-ids.patch"

PAGE = (PATCH.parents[1] / "docs" / "patch.md").read_text(encoding="utf-8")

TOOLS = {
    "git apply …/patches/deterministic-ids.patch": "git apply -R …/patches/deterministic-ids.patch",
    "patch -p1 -F0 --no-backup-if-mismatch < …/patches/deterministic-ids.patch": (
        "patch -R -p1 -F0 --no-backup-if-mismatch < …/patches/deterministic-ids.patch"
    ),
}
"""The commands of docs/patch.md, each with the one that takes the patch out again; … is the toolkit's clone."""

AGENT = "a0000000-0000-4000-a000-000000000001"


def written(folder: Path, *, takes_a_pool: bool) -> Path:
    """Write the stand-in as the server's file, as a newer revision has it or an older one."""
    text = Path(stand_in.__file__).read_text()
    if takes_a_pool:
        text = text.replace("self._get_connection()", "self._pool.connection()")
        text = text.replace("self._get_connection =", "self._pool =")
    file = folder / "postgres_storage.py"
    file.write_text(text)
    return file


def run(command: str, folder: Path) -> None:
    if shutil.which(program := command.partition(" ")[0]) is None:
        pytest.skip(f"{program} is not installed: apt install {program}")
    shell = command.replace("…", shlex.quote(str(PATCH.parents[1])))
    subprocess.run(shell, cwd=folder, check=True, shell=True)  # noqa: S602 - the page's own line


def loaded(file: Path) -> Any:
    specification = importlib.util.spec_from_file_location("postgres_storage", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(params=["a callable", "a pool"])
async def store(request: pytest.FixtureRequest, clone: Callable[[str], str], tmp_path: Path) -> AsyncIterator[Any]:
    """The patched store of the stand-in, in its newer form and in its older one."""
    file = written(tmp_path, takes_a_pool=request.param == "a pool")
    run(next(iter(TOOLS)), tmp_path)
    conninfo = clone("empty")
    async with AsyncConnectionPool(
        conninfo, open=False, min_size=1, max_size=8, kwargs={"autocommit": True, "row_factory": dict_row}
    ) as pool:
        yield loaded(file).PostgresStorage(pool if request.param == "a pool" else connections(conninfo)).assistants


@pytest.mark.parametrize("tool", TOOLS)
def test_the_patch_goes_in_and_out_again(tool: str, tmp_path: Path) -> None:
    file = written(tmp_path, takes_a_pool=False)
    before = file.read_text()
    for command, classes in ((tool, 2), (TOOLS[tool], 1)):
        assert f"    {command}\n" in PAGE
        run(command, tmp_path)
        assert file.read_text().count("class PostgresAssistantStore") == classes
    assert file.read_text() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_file_that_the_patch_does_not_fit_stays_as_it_is(tool: str, tmp_path: Path) -> None:
    file = written(tmp_path, takes_a_pool=False)
    file.write_text(before := file.read_text().replace("class PostgresThreadStore:", "class PostgresThreads:"))
    with pytest.raises(subprocess.CalledProcessError):
        run(tool, tmp_path)
    assert file.read_text() == before


def test_the_patch_names_one_line_of_the_servers_file_and_removes_none() -> None:
    body = PATCH.read_text().partition("@@\n")[2].splitlines()
    assert [line for line in body if not line.startswith("+")] == [" class PostgresThreadStore:"]


async def test_without_the_patch_both_bugs_are_there(clone: Callable[[str], str]) -> None:
    store = stand_in.PostgresStorage(connections(clone("empty"))).assistants
    made = await store.create({"assistant_id": AGENT, "graph_id": "agent"}, "system")
    assert made.assistant_id != AGENT
    assert await store.get(made.assistant_id, "user-1") is None
    assert await store.list("user-1") == []


async def test_an_id_given_is_kept_and_none_is_made_up(store: Any) -> None:
    made = await store.create({"assistant_id": AGENT, "graph_id": "agent", "config": {"tags": ["x"]}}, "user-1")
    assert (made.assistant_id, made.config.tags, made.metadata) == (AGENT, ["x"], {"owner": "user-1"})
    assert await store.get(AGENT, "user-1") == made
    other = await store.create({"graph_id": "agent"}, "user-1")
    assert len(other.assistant_id) == 32
    with pytest.raises(ValueError, match="graph_id is required"):
        await store.create({}, "user-1")


async def test_a_second_start_finds_its_rows(store: Any) -> None:
    for content in ({"name": "old"}, {"name": "new"}):
        made = await store.create({"assistant_id": AGENT, "graph_id": "agent", **content}, "system")
    assert (made.name, made.version) == ("new", 2)
    assert await store.count("system") == 1


async def test_everybody_reads_the_systems_rows_and_nobody_anothers(store: Any) -> None:
    made = await store.create({"assistant_id": AGENT, "graph_id": "agent"}, "system")
    mine = await store.create({"graph_id": "own", "metadata": {"owner": "system"}}, "user-1")
    assert await store.get(AGENT, "user-1") == made
    assert await store.list("user-1") == [mine, made]
    assert await store.list("user-2") == [made]
    assert await store.list("user-1", graph_id="own") == [mine]
    assert await store.count("user-1") == 2
    assert await store.get(mine.assistant_id, "user-2") is None


@pytest.mark.parametrize("owner", ["system", "user-1"])
async def test_another_owners_row_is_never_touched(store: Any, owner: str) -> None:
    theirs = await store.create({"assistant_id": AGENT, "graph_id": "agent"}, owner)
    with pytest.raises(ValueError, match=f"assistant_id '{AGENT}' is another owner's"):
        await store.create({"assistant_id": AGENT, "graph_id": "evil"}, "user-2")
    assert await store.get(AGENT, owner) == theirs


async def test_ten_parallel_creates_of_one_id_are_one_row(store: Any) -> None:
    data = {"assistant_id": AGENT, "graph_id": "agent"}
    made = await asyncio.gather(*(store.create(data, "user-1") for _ in range(10)))
    assert {each.assistant_id for each in made} == {AGENT}
    assert await store.count("user-1") == 1
