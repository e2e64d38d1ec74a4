"""The diagnosis without a notebook, the comparison with an earlier one, and the databases that nobody named."""

import json
import os
import re
import resource
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.commands import only_folder, toolkit
from tests.constants import COPY, ONE
from toolkit.cli import main

pytestmark = pytest.mark.slow

FOR_A_PAGE = "pandas|matplotlib|IPython|papermill|nbformat|nbconvert|jupyter_client|langgraph_sdk|httpx|sqlalchemy"

CANONICAL = f"UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = '{ONE}'"
"""The statement that makes one finding more, `not_written_back`."""

OLDEST = f"""
DELETE FROM langgraph_server.assistants WHERE id = (
  SELECT id FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' = '{ONE}' ORDER BY created_at LIMIT 1)
"""
"""The statement that mends one finding, `duplicate`."""


def quickly(*arguments: str | Path, **environment: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [*map(str, arguments)], env={"GITHUB_STEP_SUMMARY": None, **environment})


def test_quick_leaves_verdict_and_findings_within_a_second_of_cpu(clone: Callable[[str], str], tmp_path: Path) -> None:
    arguments = ("diagnose", "--quick", "--supabase", "env:HERE", "--report-dir")
    environment = {"HERE": clone("healthy"), "PYTHONPROFILEIMPORTTIME": "1"}
    ran = toolkit(*arguments, str(tmp_path / "first"), **environment)
    assert ran.returncode == 0, ran.stderr
    assert not re.findall(rf"\| +({FOR_A_PAGE})$", ran.stderr, re.MULTILINE)
    folder = only_folder(tmp_path / "first")
    assert {file.name for file in folder.iterdir()} == {"report.json", "findings.csv", "junit.xml"}
    assert ran.stdout.startswith("○ CLEAN: Every agent has its assistant, as the tables say. The server was not asked.")
    assert ran.stdout.endswith(f"report  {folder} (no page: the notebook did not run)\n")
    seconds = []
    for attempt in "123":  # what else runs on the machine makes a process slower, never quicker
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        toolkit(*arguments, str(tmp_path / attempt), HERE=environment["HERE"])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        if seconds[-1] <= 1:
            break
    assert min(seconds) <= 1


def test_json_is_the_report_in_one_line_and_nothing_else(clone: Callable[[str], str], tmp_path: Path) -> None:
    ran = toolkit("diagnose", "--quick", "--json", "--report-dir", str(tmp_path), SUPABASE_DB_URL=clone("broken"))
    assert ran.returncode == 2
    assert ran.stdout.count("\n") == 1
    assert json.loads(ran.stdout) == json.loads((only_folder(tmp_path) / "report.json").read_text())
    assert ran.stderr == "Databases, from the environment: env:SUPABASE_DB_URL.\n"
    refused = quickly("verify", "--json", "--supabase", "env:NOT_SET", "--report-dir", tmp_path / "refused")
    assert (refused.exit_code, json.loads(refused.stdout)["verdict"]) == (3, "refused")


def test_an_error_of_no_kind_that_is_ours_is_reported_without_its_secrets(tmp_path: Path) -> None:
    (site := tmp_path / "site").mkdir()
    (site / "sitecustomize.py").write_text(
        "import psycopg\ndef connect(conninfo='', **options):\n    raise RuntimeError('odd: ' + conninfo)\n"
        "psycopg.connect = psycopg.Connection.connect = connect\n"
    )
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    ran = toolkit("diagnose", "--quick", "--supabase", "env:HERE", "--report-dir", str(tmp_path / "reports"),
                  HERE="postgresql://u:hunter2-of-odd@127.0.0.1:1/x", PYTHONPATH=path)  # fmt: skip
    assert ran.returncode == 1
    assert ran.stdout.startswith("✗ BROKEN: RuntimeError: odd: ")
    texts = [ran.stdout, ran.stderr, *(file.read_text() for file in only_folder(tmp_path / "reports").iterdir())]
    assert len(texts) == 2 + 2, "report.json and junit.xml"
    assert not [text for text in texts if "hunter2" in text]


def test_since_counts_what_is_fixed_still_there_and_new(clone: Callable[[str], str], tmp_path: Path) -> None:
    database = clone("broken")
    asked = ("diagnose", "--quick", "--supabase", "env:HERE", "--report-dir")
    assert quickly(*asked, tmp_path / "before", HERE=database).exit_code == 2
    earlier = only_folder(tmp_path / "before") / "report.json"
    assert json.loads(earlier.read_text())["since"] is None
    with psycopg.connect(database) as connection:
        assert connection.execute(OLDEST).rowcount == connection.execute(CANONICAL).rowcount == 1
    ran = quickly(*asked, tmp_path / "after", "--since", earlier, HERE=database)
    assert ran.exit_code == 2
    assert f"since   {earlier}: 1 fixed, 19 still there, 1 new\n" in ran.stdout
    report = json.loads((only_folder(tmp_path / "after") / "report.json").read_text())
    assert report["since"] == {"fixed": 1, "still": 19, "new": 1}
    other = quickly(*asked, tmp_path / "other", "--since", earlier, HERE=clone("broken"))
    assert (other.exit_code, other.stdout) == (3, "")
    assert f"'{earlier}' is of other databases than env:HERE" in other.stderr
    assert COPY in (earlier.parent / "findings.csv").read_text()
    (earlier.parent / "findings.csv").unlink()
    refused = quickly(*asked, tmp_path / "refused", "--since", earlier, HERE="host=127.0.0.1 port=1")
    assert refused.exit_code == 3
    assert "no file" in refused.stdout
    assert "findings.csv" in refused.stdout


@pytest.mark.parametrize("arguments", [("diagnose", "--quick"), ("repair", "--only", "nobody"),
                                       ("verify", "--scope", "none"), ("undo", "--scope", "none"), ("sync",),
                                       ("guard", "status")], ids=" ".join)  # fmt: skip
def test_what_reads_takes_the_databases_of_the_environment_where_none_is_named(
    arguments: tuple[str, ...], pair: Callable[[str], tuple[str, str]], tmp_path: Path
) -> None:
    supabase, langgraph = pair("healthy")
    where = () if arguments[0] in ("sync", "guard") else ("--report-dir", tmp_path)
    ran = quickly(*arguments, *where, SUPABASE_DB_URL=supabase, LANGGRAPH_DB_URL=langgraph)
    first, second = ran.stdout.splitlines()[:2]
    assert first == "Databases, from the environment: env:SUPABASE_DB_URL and env:LANGGRAPH_DB_URL.", ran.output
    if arguments[0] == "diagnose":
        assert second.startswith("○ CLEAN: Every agent has its assistant")


def test_else_it_is_the_practice_database_and_a_named_one_is_taken_alone(
    reference: Callable[[str], str], tmp_path: Path
) -> None:
    ran = quickly("verify", "--scope", "none", "--report-dir", tmp_path)
    assert ran.stdout.startswith(
        "Practice database sandbox:repaired, not yours: neither --supabase nor SUPABASE_DB_URL names one.\n✗ REFUSED: "
    )
    unreachable = {"SUPABASE_DB_URL": "host=127.0.0.1 port=1", "LANGGRAPH_DB_URL": "host=127.0.0.1 port=1"}
    named = ("--supabase", reference("healthy"), "--report-dir", tmp_path)
    ran = quickly("diagnose", "--quick", *named, **unreachable)
    assert ran.stdout.startswith("○ CLEAN: Practice database. Every agent has its assistant")
    half = quickly("diagnose", "--langgraph", "postgresql://u:hunter2@h/d", "--report-dir", tmp_path, **unreachable)
    assert half.exit_code == 3
    assert "--langgraph names one side: name the other, too, with --supabase" in half.stdout
    assert "hunter2" not in half.output
    only = quickly("diagnose", "--quick", "--report-dir", tmp_path, LANGGRAPH_DB_URL="host=127.0.0.1 port=1")
    assert only.exit_code == 3
    assert "LANGGRAPH_DB_URL is set, SUPABASE_DB_URL is not, and no database is named" in only.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("undo", "--run", "run-1", "--apply"),
        ("undo", "--forget", "run-1"),
        ("sync", "--apply"),
        ("guard", "install", "--apply"),
        ("guard", "remove", "--apply"),
    ],
    ids=" ".join,
)
def test_what_writes_wants_the_name(arguments: tuple[str, ...], clone: Callable[[str], str], tmp_path: Path) -> None:
    where = ("--report-dir", tmp_path) if arguments[0] == "undo" else ()
    unreachable = dict.fromkeys(("SUPABASE_DB_URL", "LANGGRAPH_DB_URL"), "host=127.0.0.1 port=1")
    ran = quickly(*arguments, *where, **unreachable)
    assert ran.exit_code == 3
    both = "name the database, --supabase env:SUPABASE_DB_URL --langgraph env:LANGGRAPH_DB_URL"
    assert ("name the database, --langgraph env:LANGGRAPH_DB_URL:" if arguments[0] == "guard" else both) in ran.output
    assert "✗ REFUSED: " in ran.output
