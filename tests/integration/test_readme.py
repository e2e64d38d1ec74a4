"""The lines that the README says to paste."""

import asyncio
import re
import textwrap
from collections.abc import Callable

import psycopg
from psycopg.rows import dict_row

from tests.constants import ONE, README
from tests.databases import connections
from toolkit import sql


def test_the_first_look_can_be_pasted_and_shows_the_damage(clone: Callable[[str], str]) -> None:
    (pasted,) = (
        block for block in re.findall(r"```sql\n(.*?)```", README, re.DOTALL) if block.startswith("-- first_look")
    )
    assert pasted.strip() == sql.statement("first_look")
    with psycopg.connect(clone("broken")) as connection:
        rows = connection.execute(pasted.encode()).fetchall()
    assert [(found, copies) for _, _, _, found, copies, _ in rows] == [(False, 3)] * 5


def test_the_five_lines_of_the_readme_swap_a_servers_store(clone: Callable[[str], str]) -> None:
    get_connection = connections(clone("empty"), autocommit=False, row_factory=dict_row)
    (lines,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {"get_connection": get_connection, "agent_id": ONE}
    code = f"async def swapped():\n{textwrap.indent(lines, '    ')}"
    exec(code, names)  # noqa: S102 - the README's own lines, run as they stand
    asyncio.run(names["swapped"]())  # type: ignore[operator]
