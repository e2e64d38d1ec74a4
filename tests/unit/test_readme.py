"""Does the README say what there is?"""

import re
from collections.abc import Callable
from pathlib import Path

import click
import nbformat
import psycopg
import pytest

from toolkit import sql
from toolkit.catalog.kinds import KINDS
from toolkit.cli import main
from toolkit.sandbox import scenarios

ROOT = Path(__file__).parents[2]

README = (ROOT / "README.md").read_text()

RUNBOOK = "\n".join(
    cell.source for cell in nbformat.read(ROOT / "notebooks" / "00-start-here.ipynb", as_version=4).cells
)

NIGHTLY = (ROOT / ".github" / "workflows" / "diagnose.yml").read_text()


def test_every_command_is_in_the_readme_and_nothing_else_is() -> None:
    table = re.findall(r"^\| `([a-z]+)` \|", README.split("| command |")[1].split("| exit status |")[0], re.MULTILINE)
    assert sorted(table) == sorted(main.commands)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (README, {"diagnose", "repair", "verify", "undo"}),
        (RUNBOOK, {"diagnose", "repair", "verify", "undo"}),
        (NIGHTLY, {"diagnose"}),
    ],
    ids=["README", "runbook", "nightly workflow"],
)
def test_every_option_that_is_written_is_one_of_its_command(text: str, named: set[str]) -> None:
    used = re.findall(r"python -m toolkit ([a-z]+)((?:[^\n`]|\\\n)*)", text)
    assert {command for command, _ in used} >= named
    for name, line in used:
        command = main.commands[name]
        while isinstance(command, click.Group) and (words := line.split()) and words[0] in command.commands:
            command, line = command.commands[words[0]], line.split(words[0], 1)[1]
        known = {flag for parameter in command.params if isinstance(parameter, click.Option) for flag in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= known, (name, line)


def test_every_kind_and_every_scenario_is_in_the_readme() -> None:
    assert re.findall(r"^\| `([a-z_]+)` \|", README.split("## What is found")[1].split("##")[0], re.MULTILINE) == list(
        KINDS
    )
    for scenario in scenarios.SCENARIOS:
        assert f"`sandbox:{scenario}`" in README


def test_the_first_look_can_be_pasted_and_shows_the_damage(clone: Callable[[str], str]) -> None:
    (pasted,) = (
        block for block in re.findall(r"```sql\n(.*?)```", README, re.DOTALL) if block.startswith("-- first_look")
    )
    assert pasted.strip() == sql.statement("first_look")
    with psycopg.connect(clone("broken")) as connection:
        rows = connection.execute(pasted.encode()).fetchall()
    assert [(found, copies) for _, _, _, found, copies, _ in rows] == [(False, 3)] * 5


def test_the_five_lines_of_the_readme_swap_a_servers_store(clone: Callable[[str], str]) -> None:
    import asyncio
    import textwrap
    from contextlib import asynccontextmanager

    from psycopg.rows import dict_row

    conninfo = clone("empty")

    @asynccontextmanager
    async def get_connection():  # type: ignore[no-untyped-def]
        async with await psycopg.AsyncConnection.connect(conninfo, row_factory=dict_row) as connection:
            yield connection

    (lines,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {"get_connection": get_connection, "agent_id": "a0000000-0000-4000-a000-000000000001"}
    code = f"async def swapped():\n{textwrap.indent(lines, '    ')}"
    exec(code, names)  # noqa: S102 - the README's own lines, run as they stand
    asyncio.run(names["swapped"]())  # type: ignore[operator]
