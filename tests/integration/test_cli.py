"""The commands: exit status, output and the files that they leave."""

import csv
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import papermill
import psycopg
import pytest
from papermill.exceptions import PapermillExecutionError

from tests.commands import only_folder, toolkit
from tests.databases import READS_LANGGRAPH, READS_SUPABASE, AsRole, MakeDatabases
from toolkit.catalog.kinds import KINDS
from toolkit.database.connection import connected
from toolkit.database.shapes import ASSISTANTS
from toolkit.notebooks import calls
from toolkit.notebooks.runner import notebook_file
from toolkit.repair import journal
from toolkit.sandbox import scenarios
from toolkit.settings import UndoSettings

pytestmark = pytest.mark.slow

Reference = Callable[[str], str]


IMPORTED_FOR_A_PAGE = re.compile(
    r"\| +(papermill|nbformat|nbconvert|jupyter_client|IPython|pandas|matplotlib|langgraph_sdk)$", re.MULTILINE
)
"""What `PYTHONPROFILEIMPORTTIME` says of a module that only a notebook or its page needs."""


def refused(report_dir: Path, *arguments: str, **environment: str) -> str:
    """Run a command that is refused before a kernel starts; return all that it said and wrote."""
    ran = toolkit(*arguments, "--report-dir", str(report_dir), PYTHONPROFILEIMPORTTIME="1", **environment)
    assert ran.returncode == 3, ran.stdout
    assert not IMPORTED_FOR_A_PAGE.findall(ran.stderr)
    folder = only_folder(report_dir)
    assert ran.stdout.endswith(f"report  {folder} (no page: the notebook did not run)\n")
    assert {file.name for file in folder.iterdir()} == {"report.json", "junit.xml"}
    report = json.loads((folder / "report.json").read_text())
    assert (report["notebook"], report["verdict"], report["exit_status"]) == (arguments[0], "refused", 3)
    assert ran.stdout.startswith(f"✗ REFUSED: {report['message']}\n")
    assert ElementTree.parse(folder / "junit.xml").getroot().get("failures") == "1"
    return ran.stdout + ran.stderr + "".join(file.read_text() for file in folder.iterdir())


def test_diagnose_leaves_the_contracted_files(reference: Reference, tmp_path: Path) -> None:
    (summary := tmp_path / "summary.md").write_text("# what an earlier step said\n")
    ran = toolkit(
        "diagnose",
        "--supabase",
        reference("broken"),
        "--report-dir",
        str(tmp_path / "reports"),
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert ran.returncode == 2, ran.stderr
    folder = only_folder(tmp_path / "reports")
    assert re.fullmatch(r"\d{8}T\d{6}Z-diagnose", folder.name)
    assert {file.name for file in folder.iterdir()} == {
        "diagnose.ipynb",
        "diagnose.html",
        "report.json",
        "findings.csv",
        "junit.xml",
    }
    report = json.loads((folder / "report.json").read_text())
    assert report["schema"] == 1
    assert report["findings"] == {**dict.fromkeys(KINDS, 0), "wrong_id": 5, "duplicate": 10, "drift": 5}
    told = ("notebook", "verdict", "exit_status", "scope", "agents", "assistants", "open", "noted")
    assert [report[name] for name in told] == ["diagnose", "mismatched", 2, "all", 5, 15, 15, 5]
    assert (report["plan"], report["run_id"], report["users"]) == (None, None, "unreachable")
    assert [check["passed"] for check in report["checks"]] == [None], (
        "without --api-url the server is not asked, and that is said"
    )
    assert report["seconds"] > 0
    assert len(list(csv.DictReader((folder / "findings.csv").read_text().splitlines()))) == 20
    page = (folder / "diagnose.html").read_text()
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["']https?://""", page)
    assert "What it says of agents and users is not of your platform" in page
    assert page.count("✗ MISMATCHED") == 1, "the verdict stands once"
    assert "The last cell raises" not in page, "that is for whoever runs the notebook"
    assert "No user reaches any of the 5 agents." in page
    assert json.loads((folder / "report.json").read_text())["glance"]["headline"] in page
    assert re.search(r'<img[^>]+alt=\s*"Round trip: ', page)
    cells = json.loads((folder / "diagnose.ipynb").read_text())["cells"]
    looks_about = [cell["outputs"] for cell in cells if "look-about" in cell["metadata"].get("tags", [])]
    assert looks_about == [[], [], []], "no DataFrame is made that nobody looks at"
    suite = ElementTree.parse(folder / "junit.xml").getroot()
    assert suite.get("failures") == "1"
    checked = {f"checks.{check['name']}" for check in report["checks"]}
    assert {case.get("name") for case in suite} == {"verdict", *checked, *(f"findings.{kind}" for kind in KINDS)}
    assert suite.get("skipped") == "1", "the check that was not made"
    earlier, said = summary.read_text().split("## ")
    assert earlier == "# what an earlier step said\n"
    assert said.startswith("❌ diagnose: mismatched\n\nPractice database. Not reachable: 5 of 5 agents")
    assert "| `wrong_id` | 5 |" in said


def test_diagnose_of_a_healthy_pair_in_two_databases_is_clean(reference: Reference, tmp_path: Path) -> None:
    copy = reference("healthy")
    arguments = ("--supabase", f"{copy}/supabase", "--langgraph", f"{copy}/langgraph", "--report-dir", str(tmp_path))
    ran = toolkit("diagnose", *arguments, PYTHONPROFILEIMPORTTIME="1")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"\| +papermill$", ran.stderr, re.MULTILINE)
    assert "rfc3987_syntax." not in ran.stderr, "it takes longer to import than all the rest"
    assert json.loads((only_folder(tmp_path) / "report.json").read_text())["findings"]["drift"] == 5


def test_a_noted_kind_can_be_made_to_fail(reference: Reference, tmp_path: Path) -> None:
    assert (
        toolkit(
            "diagnose", "--supabase", reference("healthy"), "--fail-on", "drift", "--report-dir", str(tmp_path)
        ).returncode
        == 2
    )


def test_a_saved_plan_is_applied_verified_and_undone(reference: Reference, tmp_path: Path) -> None:
    database = ("--supabase", reference("broken"))
    planned = toolkit("repair", *database, "--report-dir", str(tmp_path / "plan"))
    assert planned.returncode == 2, planned.stderr
    assert "Nothing was changed" in planned.stdout
    plan = only_folder(tmp_path / "plan") / "plan.json"
    digest = plan.read_text()[12:28]  # what `head -c 28` shows of it
    assert f"plan    {digest}…" in planned.stdout
    assert f"plan {digest}…" in (planned_page := (plan.parent / "repair.html").read_text())
    assert "What was done" not in planned_page
    suite = ElementTree.parse(plan.parent / "junit.xml").getroot()
    assert suite.get("failures") == "1", "for CI it is open still"
    repaired = toolkit("repair", *database, "--apply", "--plan", str(plan), "--report-dir", str(tmp_path / "repair"))
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert f"plan    {digest}…" in repaired.stdout
    assert f"changed by run-1: {ASSISTANTS} 15\nmade    by run-1: {ASSISTANTS} 5\n" in repaired.stdout
    report = json.loads((only_folder(tmp_path / "repair") / "report.json").read_text())
    assert report["verdict"] == "repaired"
    assert report["plan"] == {"digest": json.loads(plan.read_text())["digest"], "steps": {"rekey": 5, "remove": 10}}
    assert (report["run_id"], report["changes"], report["made"]) == ("run-1", {ASSISTANTS: 15}, {ASSISTANTS: 5})
    assert re.match("(.) REPAIRED: ", repaired.stdout)
    undone = toolkit("undo", *database, "--run", "run-1", "--apply", "--report-dir", str(tmp_path / "undo"))
    assert undone.returncode == 0, undone.stdout
    report = json.loads((only_folder(tmp_path / "undo") / "report.json").read_text())
    assert (report["verdict"], report["open"], report["changes"]) == ("undone", 15, {ASSISTANTS: 15})
    assert re.match("(.) UNDONE: ", undone.stdout)
    forgotten = toolkit("undo", *database, "--forget", "run-1", "--report-dir", str(tmp_path / "forget"))
    assert forgotten.returncode == 0, forgotten.stdout
    assert re.match("(.) FORGOTTEN: ", forgotten.stdout)
    with connected(*UndoSettings(supabase=database[1]).databases()) as pair:
        assert [each.forgotten_at is not None for each in journal.runs(pair)] == [True]


@pytest.mark.parametrize(
    "arguments", [("repair", "--plan", ""), ("repair", "--digest="), ("sync", "--scope", ""), ("guard", "status", "")]
)
def test_an_empty_value_is_refused(arguments: tuple[str, ...]) -> None:
    ran = toolkit(*arguments)
    assert ran.returncode == 3
    assert "has an empty value: is a variable unset?" in ran.stderr


def test_a_repair_outside_the_sandbox_wants_the_digest_of_the_approved_plan(
    copy_of: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = {"THEIR_URL": scenarios.resolve(copy_of("broken"))}
    database = ("--supabase", "env:THEIR_URL")
    assert toolkit("sync", *database, "--apply", **url).returncode == 0, "as the fixed server's start does"
    planned = toolkit("repair", *database, "--report-dir", str(tmp_path / "plan"), **url)
    command = shlex.split(re.findall("^next .*\n +assistant-toolkit (.*)$", planned.stdout, re.M)[0])
    plan, digest = command[command.index("--plan") + 1], command[command.index("--digest") + 1]
    assert digest == json.loads(Path(plan).read_text())["digest"][:16]
    wrong = toolkit("repair", *database, "--apply", "--plan", plan, "--digest", "0" * 16, **url)
    assert wrong.returncode == 3, wrong.stdout + wrong.stderr
    assert f"got digest '{'0' * 16}', which is not this plan's" in wrong.stdout
    assert digest not in wrong.stdout, "or it would be copied from there"
    repaired = toolkit(*command, **url)
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert "run-1" in repaired.stdout, "the refused ones began none"
    for ran in (planned, repaired):
        assert re.search(
            r"^read    Read as supabase and langgraph: env:THEIR_URL \(.*encrypted: no, it stays on", ran.stdout, re.M
        )


def test_the_terminal_names_each_database_after_the_verdict_unless_it_is_practice(
    pair: Callable[[str], tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = dict(zip(("THEIRS", "OURS"), pair("healthy"), strict=True))
    named = {"supabase": "env:THEIRS", "langgraph": "env:OURS"}
    options = [part for side, reference in named.items() for part in (f"--{side}", reference)]
    ran = toolkit("diagnose", *options, "--quick", "--report-dir", str(tmp_path), **urls)
    assert re.match("(.) CLEAN: ", ran.stdout)
    lines = re.findall("^read    (.*)$", ran.stdout, re.MULTILINE)
    for side, line in zip(named, lines, strict=False):
        assert re.fullmatch(
            rf"Read as {side}: {named[side]} \(.*\), .*; encrypted: no, it stays on this machine\.", line
        )
    for name, url in urls.items():
        monkeypatch.setenv(name, url)
    for call in (calls.verify, calls.undo):
        assert call(**named).report.read == tuple(lines[:2])
    assert calls.diagnose(supabase="sandbox:healthy").report.read == ()


def test_a_changed_plan_is_refused_and_nothing_done(reference: Reference, tmp_path: Path) -> None:
    database = ("--supabase", reference("broken"))
    toolkit("repair", *database, "--report-dir", str(tmp_path / "plan"))
    plan = only_folder(tmp_path / "plan") / "plan.json"
    plan.write_text(plan.read_text().replace("rekey", "create", 1))
    ran = toolkit("repair", *database, "--apply", "--plan", str(plan), "--report-dir", str(tmp_path / "repair"))
    assert ran.returncode == 3
    assert "was changed after it was made" in ran.stdout
    report = json.loads((only_folder(tmp_path / "repair") / "report.json").read_text())
    assert report["verdict"] == "refused"
    unknown = toolkit("undo", *database, "--run", "x", "--report-dir", str(tmp_path / "undo"))
    assert (unknown.returncode, "run-1" in unknown.stdout) == (3, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--supabase", "sandbox:brokn"), "'brokn'"),
        (("--supabase", "env:NOT_SET_ANYWHERE"), "NOT_SET_ANYWHERE is not set"),
        (("--supabase", "production"), "'production'"),
        (("--supabase", "sandbox:broken", "--scope", "org:12"), "'org:12'"),
        (("--supabase", "sandbox:broken", "--scope", "none"), "'none'"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    assert said in refused(tmp_path, "diagnose", *arguments)


@pytest.mark.parametrize("hidden", ["public.agents", "langgraph_server.assistants"])
def test_a_role_that_sees_too_little_of_either_side_is_refused_before_a_kernel_starts(
    hidden: str, one: MakeDatabases, as_role: AsRole, tmp_path: Path
) -> None:
    reader = as_role(one("broken"), READS_SUPABASE, f"{READS_LANGGRAPH} REVOKE SELECT ON {hidden} FROM {{role}}")
    said = refused(tmp_path, "repair", "--supabase", "env:READER", READER=reader.conninfos[0])
    assert f"cannot read what it must: {hidden}: " in said


@pytest.mark.parametrize(
    "arguments",
    [("diagnse",), ("repair", "--apply", "yes"), ("diagnose", "--cell-timeout", "0"), ("diagnose", "--aply")],
)
def test_what_is_no_command_or_option_is_refused_and_no_mismatch(arguments: tuple[str, ...]) -> None:
    ran = toolkit(*arguments)
    assert ran.returncode == 3
    assert "Error: " in ran.stderr


def test_a_pasted_url_is_refused_and_its_password_shown_nowhere(tmp_path: Path) -> None:
    said = refused(tmp_path, "diagnose", "--supabase", "postgresql://u:hunter2@db.example/x")
    assert "env:NAME" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("value", ["false", 1])
def test_raw_papermill_never_applies_what_is_not_the_bool_true(
    value: object, reference: Reference, tmp_path: Path
) -> None:
    database = reference("broken")
    with pytest.raises(PapermillExecutionError, match=r"parameter 'apply', got .*: it must be True or False"):
        papermill.execute_notebook(
            notebook_file("20-repair"),
            tmp_path / "out.ipynb",
            {"supabase": database, "apply": value},
            progress_bar=False,
        )


def test_raw_papermill_with_an_unknown_parameter_is_told_the_right_spelling(tmp_path: Path) -> None:
    with pytest.raises(PapermillExecutionError, match="unknown parameter 'aply': did you mean 'apply'"):
        papermill.execute_notebook(
            notebook_file("20-repair"), tmp_path / "out.ipynb", {"aply": True}, progress_bar=False
        )


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://u:hunter2@127.0.0.1:1/x"
    said = refused(tmp_path, "undo", "--supabase", "env:NOWHERE", NOWHERE=url)
    assert "127.0.0.1:1/x" in said
    assert "hunter2" not in said


def test_a_token_that_is_not_set_is_refused_before_anything_is_connected_to(tmp_path: Path) -> None:
    server = ("--api-url", "http://127.0.0.1:1", "--api-token", "env:USER_JTW")
    assert "'env:USER_JTW'" in refused(tmp_path, "verify", "--supabase", "env:NOWHERE", *server, NOWHERE="host=nowhere")


def test_the_demonstration_ends_well_on_one_screen_whatever_it_left_before(tmp_path: Path) -> None:
    with psycopg.connect(scenarios.resolve("broken@demo"), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS public.agents CASCADE")
    ran = toolkit("demo", "--report-dir", str(tmp_path))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    words = re.findall(r"^\d (\w+) +([A-Z]+)$", ran.stdout, re.MULTILINE)
    assert words == [
        ("diagnose", "MISMATCHED"), ("repair", "PLANNED"), ("repair", "REPAIRED"), ("verify", "CLEAN"),
        ("undo", "UNDONE"), ("repair", "PLANNED"), ("repair", "REPAIRED"),
    ]  # fmt: skip
    asked = re.findall(r"(.) (\d) of 3, (.) (\d) of 2$", ran.stdout, re.MULTILINE)
    assert asked == [("✗", "0", "✗", "0"), ("✓", "3", "✓", "2"), ("✓", "3", "✓", "2")]
    pages = re.findall(r"^The (?:first|last) page +(/.*\.html)$", ran.stdout, re.MULTILINE)
    assert [Path(page).stem for page in pages] == ["diagnose", "repair"]
    assert all(Path(page).is_file() for page in pages)
    screen = [line for line in ran.stdout.splitlines() if str(tmp_path) not in line]
    assert len(screen) <= 22
    assert max(map(len, screen)) <= 80
