"""The calls of a notebook, in a real kernel: run twice, with the user's own variables, and with papermill's cell."""

import asyncio
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

import toolkit
from tests.constants import ONE, ORGANIZATION, OTHER_ORGANIZATION
from toolkit.database.addresses import resolve
from toolkit.database.connection import connections_to
from toolkit.errors import ParameterError
from toolkit.notebooks import calls
from toolkit.notebooks.runner import notebook_file
from toolkit.sandbox import scenarios
from toolkit.scope import Scope
from toolkit.sync import startup_agent_sync

pytestmark = pytest.mark.slow

USERS = """
import collections, numpy as np
from pathlib import *
DEBUG = True
settings = pair = told = 7
df = diagnosis.findings if "diagnosis" in globals() else None
def look(anything): return anything
page: str = "a user's own annotated variable"
"""
"""Names as a user makes them while looking about."""

UNKNOWN = f"{ONE[:-1]}f"


class Kernel:
    """A Jupyter kernel, as JupyterLab drives it."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def run(self, cell: str, answer: str | None = None) -> tuple[str, str]:
        """Run one cell, and `answer` what it asks; return its error's name and text, both empty where there is none."""
        shown: list[str] = []
        reply = self.client.execute_interactive(
            cell,
            timeout=60,
            allow_stdin=answer is not None,
            output_hook=lambda message: shown.append(text_of(message["content"])),
            stdin_hook=lambda message: self.client.input(answer),
        )["content"]
        self.shown = "\n".join(shown)
        return reply.get("ename", ""), reply.get("evalue", "")

    def run_all(self, name: str, **parameters: Any) -> list[tuple[str, str]]:
        """Run a notebook's cells in their order, with these in place of its parameters; return every cell's error."""
        errors = []
        for cell in nbformat.read(notebook_file(name), as_version=4).cells:
            if cell.cell_type == "code":
                source = cell.source
                if "parameters" in cell.metadata.get("tags", []):
                    source = with_values(source, **parameters)
                errors.append(self.run(source))
                shown = self.shown
        self.shown = shown
        return errors


def text_of(content: dict[str, Any]) -> str:
    data = content.get("data", {})
    return str(data.get("text/html", data.get("text/plain", content.get("text", ""))))


def with_values(cell: str, **values: Any) -> str:
    lines = cell.splitlines()
    for name, value in values.items():
        (number,) = [each for each, line in enumerate(lines) if line.startswith(f"{name}: ")]
        lines[number] = re.sub(r" = .*?  #", f" = {value!r}  #", lines[number])
    return "\n".join(lines)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Start a kernel whose user's profile defines names, turns plotting on, and reloads modules; one for all tests."""
    folder = tmp_path_factory.mktemp("ipython")
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-own.py").write_text("DEBUG = True\nscope_of_mine = 'all'\n")
    (startup / "01-own.ipy").write_text("%load_ext autoreload\n%autoreload 2\n%pylab inline\n")
    environment = {**os.environ, "IPYTHONDIR": str(folder), "JUPYTER_PREFER_ENV_PATH": "1"}
    manager, client = start_new_kernel(kernel_name="python3", env=environment)
    yield Kernel(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


MISMATCH, NONE = ("MismatchError",), ()


@pytest.mark.parametrize(
    ("name", "ends"),
    [("00-start-here", NONE), ("10-diagnose", MISMATCH), ("20-repair", MISMATCH), ("30-verify", NONE),
     ("40-undo", NONE)],
)  # fmt: skip
def test_a_notebook_runs_twice_in_one_kernel_with_the_users_own_names_between(
    name: str, ends: tuple[str, ...], kernel: Kernel
) -> None:
    for _ in range(2):
        assert [error for error, _ in kernel.run_all(name) if error] == [*ends]
        assert kernel.run(USERS) == ("", "")


def test_a_users_own_plot_is_shown(kernel: Kernel) -> None:
    kernel.run("import toolkit\ntoolkit.diagnose(supabase='sandbox:healthy')")
    assert kernel.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])") == ("", "")
    assert "Figure" in kernel.shown


def test_a_repair_is_looked_at_and_then_applied(kernel: Kernel, reference: Callable[[str], str]) -> None:
    database = reference("broken")
    cells = [
        each.source
        for each in nbformat.read(notebook_file("20-repair"), as_version=4).cells
        if each.cell_type == "code"
    ]
    kernel.run_all("20-repair", supabase=database)
    assert kernel.run(with_values(cells[0], supabase=database, apply=True)) == ("", "")
    for _ in range(2):
        assert kernel.run(next(cell for cell in cells if "toolkit.apply" in cell)) == ("", "")
        assert "REPAIRED" in kernel.shown
    assert "run-1 applied this plan before. Nothing was changed now." in kernel.shown


def test_a_result_of_other_parameters_says_so_and_is_not_applied(
    kernel: Kernel, reference: Callable[[str], str]
) -> None:
    cells = [
        each.source
        for each in nbformat.read(notebook_file("20-repair"), as_version=4).cells
        if each.cell_type == "code"
    ]
    kernel.run_all("20-repair", supabase=reference("broken"))
    kernel.run(with_values(cells[0], supabase=(other := reference("broken")), apply=True))
    kernel.run("scope: str = 'all'  # a cell of the user's own with an annotated name")
    for shows in ("repair", "repair.steps()", "repair.moves"):
        kernel.run(shows)
        assert re.search(r"this is of supabase=.*, \d\d:\d\d UTC; the parameters were changed since", kernel.shown)
    error, told = kernel.run("toolkit.apply(repair, apply=apply, digest=digest)")
    assert (error, "run from the top" in told) == ("ParameterError", True)
    assert kernel.run(f"print(toolkit.undo(supabase={other!r}))") == ("", "")
    assert "know no repair" in kernel.shown
    kernel.run("import datetime\nrepair.made -= datetime.timedelta(hours=2)\nrepair")
    assert "run from the top" in kernel.shown


def test_a_diagnosis_says_once_that_it_is_outdated_also_where_it_writes_files(kernel: Kernel, tmp_path: Path) -> None:
    parameters = nbformat.read(notebook_file("10-diagnose"), as_version=4).cells[1].source
    kernel.run_all("10-diagnose", supabase="sandbox:broken")
    kernel.run(with_values(parameters, supabase="sandbox:broken", report_dir=str(tmp_path / "reports")))
    kernel.run("diagnosis.write()")
    assert "report_dir was changed since. No file is written: run from the top" in kernel.shown
    kernel.run(with_values(parameters, supabase="sandbox:broken", scope=f"org:{ORGANIZATION}"))
    for shows in ("diagnosis.organizations", "diagnosis.write()"):
        kernel.run(shows)
        assert kernel.shown.count("the parameters were changed since") == 1
    assert kernel.run(f"diagnosis.save({str(tmp_path / 'kept')!r})") == ("", "")
    assert {file.name for file in (tmp_path / "kept").iterdir()} == {"findings.csv", "report.json"}


def test_an_interrupted_call_says_in_one_line_what_became_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(calls, "connected", stop)
    for call, became in ((toolkit.diagnose, "nothing was changed"), (toolkit.apply, "what was begun is kept")):
        with pytest.raises(KeyboardInterrupt) as stopped:
            call(supabase="sandbox:broken")
        (line,) = stopped.value._render_traceback_()
        assert line.startswith(f"KeyboardInterrupt: toolkit.{call.__name__} was stopped; {became}")


def test_a_name_that_is_not_there_is_an_error_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="did you mean 'diagnose'"):
        _ = toolkit.diagnos
    with pytest.raises(ParameterError, match=r"with the ids of organizations, which `diagnosis\.organizations` lists"):
        toolkit.diagnose(scope="ImmoFlow")


@pytest.mark.parametrize(
    ("injected", "said"),
    [
        ("scop = 'all'", "unknown parameter 'scop': did you mean 'scope'?"),
        ("supabase = 7", "it must be a text; papermill: -r supabase 7"),
        ("fail_on = 'drift'", "papermill: -y 'fail_on: [drift]'"),
        ("Zzz = float('nan')", "unknown parameter 'Zzz'"),
    ],
)
def test_what_papermill_injects_is_judged_by_its_cell(injected: str, said: str, kernel: Kernel) -> None:
    parameters, call = [
        each.source
        for each in nbformat.read(notebook_file("10-diagnose"), as_version=4).cells
        if each.cell_type == "code"
    ][:2]
    for cell in (USERS, parameters, f"# Parameters\n{injected}\nPAPERMILL_OUTPUT_PATH = 'x'\n"):
        assert kernel.run(cell) == ("", "")
    error, told = kernel.run(call)
    assert error == "ParameterError"
    assert said in told
    assert kernel.run(parameters) == ("", ""), "papermill's cell was removed, and the notebook run from the top"
    assert kernel.run(call) == ("", "")


def test_papermill_does_not_run_the_practice_database_by_default_where_another_is_at_hand(kernel: Kernel) -> None:
    parameters, call = [
        each.source
        for each in nbformat.read(notebook_file("30-verify"), as_version=4).cells
        if each.cell_type == "code"
    ][:2]
    kernel.run("import os; os.environ['SUPABASE_DB_URL'] = 'postgresql://u:hunter2@h/d'")
    kernel.run(parameters)
    error, told = kernel.run(call)
    assert (error, "pass supabase='env:SUPABASE_DB_URL', or 'sandbox:repaired'" in told) == ("ParameterError", True)
    assert kernel.run(call, answer="") == ("", ""), "in JupyterLab a person sees the parameters"
    kernel.run("# Parameters\nsupabase = 'sandbox:repaired'\n")
    assert kernel.run(call) == ("", "")
    kernel.run("del os.environ['SUPABASE_DB_URL']")


def test_calls_of_a_script_take_the_parameters_by_name() -> None:
    with pytest.raises(ParameterError, match="unknown parameter 'scop': did you mean 'scope'"):
        toolkit.diagnose(scop="all")
    with pytest.raises(ParameterError, match="the plan is made: give them to"):
        toolkit.apply(toolkit.plan(supabase="sandbox:healthy"), scope="all")
    with pytest.raises(ParameterError, match="got DiagnosisPage, expected what toolkit"):
        toolkit.apply(toolkit.diagnose(supabase="sandbox:healthy"))
    with pytest.raises(ParameterError, match="got NoneType for a database"):
        toolkit.engine(None)
    assert "Default: 'sandbox:broken'" in (toolkit.diagnose.__doc__ or "")
    assert "apply: True changes the databases; False writes and shows the plan. Default: True" in toolkit.apply.__doc__
    assert set(toolkit.__all__) <= set(dir(toolkit))


@pytest.mark.parametrize("call", [toolkit.diagnose, toolkit.plan, toolkit.apply, toolkit.verify, toolkit.undo])
def test_a_call_that_names_no_supabase_does_not_go_to_the_practice_database_where_another_is_at_hand(
    call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ParameterError, match="langgraph is 'env:B', and no supabase is given"):
        call(langgraph="env:B", digest="0" * 16) if call is toolkit.apply else call(langgraph="env:B")
    monkeypatch.setenv("SUPABASE_DB_URL", "postgresql://u:hunter2@h/d")
    with pytest.raises(
        ParameterError, match=r"SUPABASE_DB_URL is set, .*: pass supabase='env:SUPABASE_DB_URL', or 'sand"
    ):
        call()


@pytest.mark.parametrize("call", [toolkit.diagnose, toolkit.plan, toolkit.verify])
def test_an_organization_without_agents_is_no_all_clear(call: Callable[..., Any]) -> None:
    with pytest.raises(ParameterError, match="Supabase has no agent of it in use"):
        call(supabase="sandbox:healthy", scope=f"org:{ORGANIZATION[:-1]}9")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"only": [UNKNOWN]}, f"no agent in scope has the id {UNKNOWN}"),
        ({"allow": [f"conflict:{UNKNOWN}"]}, f"no agent in scope has the id {UNKNOWN}"),
        (
            {"only": ["Recherche"]},
            "'Recherche' is neither an agent's id, which `diagnosis.agents` has",
        ),
        ({"only": [ONE], "scope": f"org:{OTHER_ORGANIZATION}"}, f"no agent in scope has the id {ONE}"),
    ],
)
def test_an_agent_that_is_not_there_is_refused_and_not_nothing_to_repair(named: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        toolkit.plan(supabase="sandbox:healthy", **named)


def test_a_script_applies_and_takes_back(reference: Callable[[str], str]) -> None:
    database = reference("broken")
    planned = toolkit.plan(supabase=database)
    assert toolkit.apply(planned, apply=False).report.word == "planned"
    with pytest.raises(ParameterError, match="got digest"):
        toolkit.apply(planned, digest="0" * 16)
    assert planned.report.plan.digest == planned.digest
    repaired = toolkit.apply(planned, digest=planned.digest[:16]).report
    assert repaired.verdict == "repaired"
    assert "such a plan is not to be approved. Deploy the fixed store." in repaired.message
    assert toolkit.verify(supabase=database).report.verdict == "clean"
    for told in ("is as it was before", "Nothing was changed. run-1 was undone at 20"):
        undone = toolkit.undo(supabase=database, run="run-1", apply=True)
        assert undone.report.verdict == "undone"
        assert told in undone.report.message
        assert ("Nothing is left to undo" in undone.report.glance.headline) is (told[:7] == "Nothing")


def test_outside_the_sandbox_nothing_is_applied_without_the_digest(
    copy_of: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THEIR_URL", scenarios.resolve(copy_of("broken")))
    planned = toolkit.plan(supabase="env:THEIR_URL")
    with pytest.raises(
        ParameterError, match=r"apply needs the approved plan and its digest.* toolkit\.apply\(planned, digest=HEX\)"
    ):
        toolkit.apply(planned)
    with pytest.raises(ParameterError, match="apply needs the approved plan and its digest"):
        toolkit.plan(supabase="env:THEIR_URL", apply=True)
    assert not toolkit.undo(supabase="env:THEIR_URL").report.run_id
    assert toolkit.apply(planned, digest=planned.plan.digest).report.verdict == "repaired"
    old_server = "By the rows' times, the old server still runs."
    report = toolkit.verify(supabase="env:THEIR_URL").report
    assert old_server in report.message
    assert old_server in report.at_a_glance.details[0]
    there = resolve("env:THEIR_URL")
    asyncio.run(startup_agent_sync(connections_to(there), scope=Scope.parse("all")))  # as the fixed server's start does
    report = toolkit.verify(supabase="env:THEIR_URL").report
    assert old_server not in report.message + str(report.at_a_glance)


def test_jupyterlab_asks_for_the_digest(kernel: Kernel, copy_of: Callable[[str], str]) -> None:
    kernel.run(f"import os, toolkit\nos.environ['THEIR_URL'] = {scenarios.resolve(copy_of('broken'))!r}")
    plan, apply = (
        "repair = toolkit.plan(supabase='env:THEIR_URL', apply=True)\nrepair.plan.digest",
        "toolkit.apply(repair)",
    )
    assert kernel.run(plan)[0] == "ParameterError", "nobody can answer"
    assert kernel.run(plan, answer="") == ("", "")
    digest = kernel.shown.strip("\n'")
    for wrong in ("", "0" * 16, digest[:15]):
        assert kernel.run(apply, answer=wrong)[0] == "ParameterError"
    assert kernel.run(apply, answer=f" {digest[:16]} ") == ("", "")
    assert "REPAIRED" in kernel.shown
