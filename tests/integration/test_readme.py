"""The commands and lines that the README and docs/ say to paste, run as they stand."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import jwt
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.constants import ONE, README, ROOT, USER
from tests.databases import connections
from toolkit import sql
from toolkit.sandbox import http
from toolkit.sandbox.postgres import binaries
from toolkit.store import Assistant

DATABASES = (ROOT / "docs" / "databases.md").read_text(encoding="utf-8")
SCRIPTS = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
REHEARSAL = (ROOT / "docs" / "rehearse.md").read_text(encoding="utf-8")
SERVER = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
_LIKE_THIS = "--plan reports/…-repair/plan.json --digest 0123456789abcdef"
_SECRET = "a secret of the tests, long enough for HS256"


def commands(text: str) -> list[str]:
    """Return the shell commands of a page, in order, without those that a reader fills in or runs once."""
    blocks = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).replace("\\\n", "").replace("&&\n", "&& ")
    return [line for line in blocks.splitlines() if not re.match("export |make ", line)]


class Reader:
    """A person who pastes one command after the other into a shell."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        path = [Path(sys.executable).parent, binaries.find_binaries().folder]
        self.environment = {**os.environ, **variables, "PATH": ":".join([*map(str, path), os.environ["PATH"]])}

    def paste(self, command: str) -> tuple[int, str]:
        ran = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        if folders := sorted(self.folder.glob("reports/*-repair/plan.json")):
            self.environment["PLAN"] = str(folders[0])
            self.environment["DIGEST"] = json.loads(folders[0].read_text())["digest"][:16]
        return ran.returncode, ran.stdout + ran.stderr


def test_the_incident_card_leads_from_the_alert_to_the_proof_and_back(
    clone: Callable[[str], str], tmp_path: Path
) -> None:
    database = clone("broken")
    claims = {"sub": USER, "aud": "authenticated", "exp": int(time.time()) + 600}
    token = jwt.encode(claims, _SECRET, algorithm="HS256")
    reader = Reader(tmp_path, SUPABASE_DB_URL=database, LANGGRAPH_DB_URL=database, USER_JWT=token)
    card = README.split("## Something is broken now")[1].split("\n## ")[0]
    went_well = {
        "assistant-toolkit diagnose            # with a page": (2, "MISMATCHED"),
        "assistant-toolkit diagnose --quick": (2, "MISMATCHED"),
        "(umask 077 && pg_dump": (2, "PLANNED"),
        "assistant-toolkit repair --apply": (0, "REPAIRED"),
        "assistant-toolkit verify": (0, "CLEAN"),
        "assistant-toolkit undo": (0, "run-1"),
    }
    with http.running(http.create_app(database, _SECRET)) as api_url:
        for command in commands(card):
            status, word = next(well for begin, well in went_well.items() if command.startswith(begin))
            command = command.replace("https://your-server.example", api_url)
            ran, said = reader.paste(command.replace(_LIKE_THIS, '--plan "$PLAN" --digest "$DIGEST"'))
            assert (ran, word in said) == (status, True), (command, said)
        restores = re.findall("^next .*\\n +(assistant-toolkit undo .*--apply.*)$", said, re.MULTILINE)
        ran, said = reader.paste(*restores)
    assert (ran, "UNDONE" in said) == (0, True), said
    for dump, table in (("agents.dump", "agents"), ("assistants.dump", "checkpoints")):
        listed = reader.paste(f"pg_restore --list {dump}")
        assert listed[0] == 0
        assert f" TABLE DATA public {table} " in listed[1]


def test_the_rehearsal_repairs_a_copy_and_leaves_the_original(
    pair: Callable[[str], tuple[str, str]], clone: Callable[[str], str], tmp_path: Path
) -> None:
    supabase, langgraph = pair("broken")
    copy = clone("empty")
    with psycopg.connect(copy, autocommit=True) as connection:
        connection.execute("DROP SCHEMA langgraph_server, public CASCADE; CREATE SCHEMA public")
    reader = Reader(tmp_path, SUPABASE_DB_URL=supabase, LANGGRAPH_DB_URL=langgraph, REHEARSAL_DB_URL=copy)
    said = {command: reader.paste(command) for command in commands(REHEARSAL)}
    words = [answer for command, answer in said.items() if command.startswith("assistant-toolkit")]
    assert [status for status, _ in words] == [2, 2, 0, 0, 0], said
    for word, (_, answer) in zip(("MISMATCHED", "PLANNED", "REPAIRED", "CLEAN", "UNDONE"), words, strict=True):
        assert word in answer
    with psycopg.connect(langgraph) as connection:
        assert connection.execute("SELECT count(*) FROM langgraph_server.assistants").fetchone() == (15,)


def test_the_first_look_can_be_pasted_and_shows_the_damage(clone: Callable[[str], str]) -> None:
    (pasted,) = re.findall(r"```sql\n(-- first_look.*?)```", DATABASES, re.DOTALL)
    assert pasted.strip() == sql.statement("first_look")
    with psycopg.connect(clone("broken")) as connection:
        rows = connection.execute(pasted.encode()).fetchall()
    assert [(found, copies) for _, _, _, found, copies, _ in rows] == [(False, 3)] * 5


def test_papermill_by_hand_leaves_what_the_page_says_and_ends_with_1(
    clone: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    database = clone("broken")
    (command,) = commands(SCRIPTS)
    status, said = Reader(tmp_path, SUPABASE_DB_URL=database, LANGGRAPH_DB_URL=database).paste(command)
    assert (status, "MismatchError" in said) == (1, True), said
    assert {file.name for file in tmp_path.iterdir()} == {"notebooks", "night.ipynb", "reports"}
    assert {file.name for file in (tmp_path / "reports" / "night").iterdir()} == {"report.json", "findings.csv"}
    assert json.loads((tmp_path / "reports" / "night" / "report.json").read_text())["exit_status"] == 2


@pytest.mark.parametrize("page", [README, SERVER], ids=["README", "docs/server.md"])
def test_the_lines_for_a_server_and_a_script_ask_and_swap_store_and_sync(
    page: str, clone: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    healthy = clone("healthy")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUPABASE_DB_URL", healthy)
    monkeypatch.setenv("LANGGRAPH_DB_URL", healthy)
    get_connection = connections(healthy, autocommit=False, row_factory=dict_row)
    storage = SimpleNamespace()
    names: dict[str, Any] = {"self": storage, "get_connection": get_connection, "Assistant": Assistant}
    for lines in re.findall(r"```python\n(.*?)```", page + SCRIPTS, re.DOTALL):
        approved = names["planned"].digest[:16] if "planned" in names else ""
        exec(lines.replace("0123456789abcdef", approved), names)  # noqa: S102 - the pages' own lines, run as they stand
    assert "diagnosis" not in names or names["diagnosis"].report.verdict == "clean"
    assert (tmp_path / "reports" / "planned" / "plan.json").exists()
    assert names["repaired"].report.verdict == "clean"

    async def swapped() -> None:
        made = await storage.assistants.create({"assistant_id": ONE, "graph_id": "agent"}, owner_id="system")
        assert made.assistant_id == ONE
        assert type(made) is Assistant
        scope = names["parse_agent_sync_scope"]("all")
        done = await names["startup_agent_sync"](get_connection, storage, scope=scope, owner_id="system")
        assert {"total": 5, "failed": 0}.items() <= done.items()
        assert await names["lazy_sync_agent"](get_connection, storage, agent_id=UUID(ONE), owner_id="user-1") == ONE
        assert await names["lazy_sync_agent"](get_connection, storage, agent_id=UUID(int=7), owner_id="user-1") is None

    asyncio.run(swapped())
