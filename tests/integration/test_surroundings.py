"""Surroundings that are not ours: a user's Jupyter, IPython, home, folders, proxies, and disks that are full."""

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from tests.commands import only_folder, toolkit
from tests.constants import ROOT
from toolkit.cli import main
from toolkit.errors import ParameterError
from toolkit.notebooks import runner
from toolkit.sandbox import scenarios

pytestmark = pytest.mark.slow

CONSOLE_SCRIPT = str(Path(sys.executable).with_name("assistant-toolkit"))

Reference = Callable[[str], str]


def script(*arguments: str, cwd: Path, limit: int | None = None, stdout: int = subprocess.PIPE,
           **environment: str) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """Run the console script; no file that it writes may be larger than `limit` bytes."""
    sizes = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit)) if limit else None
    if limit:  # Python would leave half a module's bytecode
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return subprocess.run(
        [CONSOLE_SCRIPT, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=100, check=False,
        cwd=cwd, preexec_fn=sizes, env={**os.environ, **environment},
    )  # fmt: skip


def test_the_notebooks_process_takes_nothing_of_its_users_jupyter_python_and_folder(
    reference: Reference, tmp_path: Path
) -> None:
    for kernels in ("path", "data"):
        (folder := tmp_path / kernels / "kernels" / "python3").mkdir(parents=True)
        (folder / "kernel.json").write_text('{"argv": ["/bin/false"], "display_name": "x", "language": "python"}')
    (startup := tmp_path / "ipython" / "profile_default" / "startup").mkdir(parents=True)
    (startup / "00-own.py").write_text("DEBUG = True\nprint('of the profile')\n")
    (startup.parent / "ipython_kernel_config.py").write_text(
        "c.IPKernelApp.pylab = 'inline'\nc.InteractiveShellApp.exec_lines = ['import os', 'assert False']\n"
        "c.InteractiveShell.ast_node_interactivity = 'all'\n"
    )
    (tmp_path / "pythonstartup.py").write_text("print('of PYTHONSTARTUP')\nsupabase = diagnosis = 7\n")
    (tmp_path / "home").write_text("a file, so nothing can be written below it\n")
    (there := tmp_path / "there" / "toolkit").mkdir(parents=True)
    (long := tmp_path / ("longer than the path of a socket " * 4)).mkdir()
    for file in (there / "__init__.py", there.parent / "toolkit.py", there.parent / "papermill.py"):
        file.write_text("raise SystemExit('of the working directory')\n")
    ran = script(
        "diagnose", "--supabase", reference("broken"), "--report-dir", "out", cwd=there.parent,
        JUPYTER_PATH=str(tmp_path / "path"), JUPYTER_DATA_DIR=str(tmp_path / "data"),
        IPYTHONDIR=str(tmp_path / "ipython"), PYTHONSTARTUP=str(tmp_path / "pythonstartup.py"),
        HOME=str(tmp_path / "home"), JUPYTER_PREFER_ENV_PATH="0", PYTHONIOENCODING="ascii",
        TMPDIR=str(long), MPLBACKEND="of-a-package-that-is-not-there",
    )  # fmt: skip
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert ran.stderr == ""
    folder = only_folder(there.parent / "out")
    next_command = re.findall("^next .*\n +(.*)$", ran.stdout, re.MULTILINE)[0]
    assert next_command.startswith("assistant-toolkit diagnose --supabase sandbox:")
    assert next_command.endswith(f" --report-dir {folder.parent}")
    cells = nbformat.read(folder / "diagnose.ipynb", as_version=4).cells
    told = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [each for each in told if each.output_type == "stream"], "nothing was printed or warned of"
    assert "MISMATCHED" in (folder / "diagnose.html").read_text()


def test_a_repair_keeps_its_verdict_where_its_files_cannot_be_written(
    copy_of: Callable[[str], str], tmp_path: Path
) -> None:
    scenarios.resolve(name := copy_of("broken"))  # PostgreSQL is to write what it wants
    ran = script(
        "repair",
        "--supabase",
        f"sandbox:{name}",
        "--apply",
        cwd=tmp_path,
        limit=3000,
        GITHUB_STEP_SUMMARY=str(tmp_path),
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.match("(.) REPAIRED: ", ran.stdout)
    assert re.fullmatch(
        r"Warning: the verdict stands, but not written: repair.ipynb \(File too large\), repair.html \(File too large\)"
        r", .*the summary in GITHUB_STEP_SUMMARY \(Is a directory\)\n", ran.stderr
    )  # fmt: skip
    assert ran.stdout.endswith("(no page: it could not be written)\n")
    assert {file.name for file in only_folder(tmp_path / "reports").iterdir()} == {"id_map.csv", "junit.xml"}, "whole"


def test_a_verdict_stands_where_no_place_takes_it(reference: Reference, tmp_path: Path) -> None:
    quick = ("diagnose", "--quick", "--supabase", reference("broken"), "--report-dir", str(tmp_path / "reports"))
    for summary in (tmp_path, tmp_path / "none" / "summary.md", "/dev/full"):
        ran = CliRunner().invoke(main, quick, env={"GITHUB_STEP_SUMMARY": str(summary)})
        assert (ran.exit_code, ran.stdout[2:12], ran.stderr.count("\n")) == (2, "MISMATCHED", 1)
        assert ran.stderr.startswith(
            "Warning: the verdict stands, but not written: the summary in GITHUB_STEP_SUMMARY ("
        )
    refused = CliRunner().invoke(main, ("verify", "--supabase", "env:NOT_SET", "--report-dir", str(tmp_path / "other")),
                                 env={"GITHUB_STEP_SUMMARY": str(tmp_path)})  # fmt: skip
    assert (refused.exit_code, refused.stderr.count("Warning: ")) == (3, 1)
    earlier = sorted((tmp_path / "reports").iterdir())[0] / "report.json"
    ran = script(*quick, "--since", str(earlier), cwd=tmp_path, limit=100)
    assert (ran.returncode, ran.stdout[2:12]) == (2, "MISMATCHED"), ran.stderr
    assert "findings.csv (File too large), report.json (File too large), junit.xml (File too large)" in ran.stderr
    (tmp_path / "targets.toml").write_text(f'[[target]]\nname = "acme"\nsupabase = "{quick[3]}"\n')
    ran = script("fleet", "diagnose", "targets.toml", "--pages", "none", cwd=tmp_path, limit=100)
    assert (ran.returncode, "  mismatched acme: " in ran.stdout) == (2, True), ran.stderr
    assert ran.stderr.endswith(
        "Warning: the verdict stands, but not written: fleet.html (File too large), fleet.json (File too large)\n"
    )
    for command, named in (
        (quick, "mismatched"),
        (("fleet", "diagnose", "targets.toml", "--pages", "none"), "Looked at 1 of 1: 1 mis"),
    ):
        with Path("/dev/full").open("w") as full:
            ran = script(*command, cwd=tmp_path, stdout=full.fileno())
        assert ran.returncode == 2
        assert f"Warning: standard output took no verdict (No space left on device): {named}" in ran.stderr


def test_streams_that_are_closed_and_folders_that_are_gone(reference: Reference, tmp_path: Path) -> None:
    healthy = ("diagnose", "--supabase", reference("healthy"), "--report-dir")
    shell = ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', CONSOLE_SCRIPT, *healthy, str(tmp_path / "out")]
    assert subprocess.run(shell, timeout=100, check=False).returncode == 0
    assert (only_folder(tmp_path / "out") / "diagnose.html").exists()
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    ran = CliRunner().invoke(main, [*healthy, str(tmp_path / "link")])
    assert (ran.exit_code, "its folder leads nowhere, or is full" in ran.stderr) == (3, True)
    shell = ["sh", "-c", 'rmdir "$PWD"; exec "$0" "$@"', CONSOLE_SCRIPT, *healthy, str(tmp_path)]
    (tmp_path / "gone").mkdir()
    ran = subprocess.run(shell, cwd=tmp_path / "gone", capture_output=True, text=True, check=False)
    assert ran.returncode == 3, ran.stderr
    said = ran.stderr.splitlines()[-1]  # a launcher in a path with a space is a script, and its shell says it, too
    assert said.startswith("✗ REFUSED: the working directory is gone (No such file or directory)")


def test_a_report_folder_is_found_from_home_or_refused(
    reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home := tmp_path / "Ca$$h & Zoë's"))
    quick = ("diagnose", "--quick", "--supabase", reference("healthy"))
    ran = CliRunner().invoke(main, [*quick, "--report-dir=~/reports"], env={"GITHUB_STEP_SUMMARY": None})
    assert ran.exit_code == 0, ran.output
    assert only_folder(home / "reports").name.endswith("-diagnose")
    for name in (b"\xff", b"caf\xe9/reports"):
        with pytest.raises(ParameterError, match="whose name is not UTF-8"):
            runner.new_folder(tmp_path / os.fsdecode(name), "diagnose")
    ran = CliRunner().invoke(main, [*quick, "--report-dir", str(tmp_path / os.fsdecode(b"\xe9"))])
    assert (ran.exit_code, "\\udce9" in ran.stderr) == (3, True)


WITHOUT_UNIX = """
import sys
sys.modules |= dict.fromkeys(("fcntl", "pwd", "grp", "resource"))
import toolkit.agent_sync, toolkit.store, toolkit.sync
from toolkit.__main__ import main
sys.argv[1:] = sys.argv[1:]
main()
"""


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--help",), 0, "Usage: assistant-toolkit"),
        (("diagnose", "--supabase", "env:NOT_SET"), 3, "variable NOT_SET is not set"),
        (("guard", "status", "--langgraph", "env:NOT_SET"), 3, "variable NOT_SET is not set"),
        (("sync", "--supabase", "service:none"), 3, "service none"),
    ],
)
def test_what_windows_lacks_is_imported_for_the_sandbox_only(
    arguments: tuple[str, ...], status: int, said: str, tmp_path: Path
) -> None:
    ran = subprocess.run([sys.executable, "-c", WITHOUT_UNIX, *arguments], capture_output=True, text=True, cwd=tmp_path,
                         env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)  # fmt: skip
    assert (ran.returncode, said in ran.stdout + ran.stderr) == (status, True), ran.stdout + ran.stderr


def test_python_m_says_which_toolkit_it_runs(tmp_path: Path) -> None:
    for name in ("here", "installed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "toolkit").symlink_to(ROOT / "toolkit")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    ran = subprocess.run([sys.executable, "-m", "toolkit", "--version"], capture_output=True, text=True,
                         cwd=tmp_path / "here", env=environment, check=True)  # fmt: skip
    said = f"assistant-toolkit runs '{tmp_path}/installed/toolkit/__init__.py'\n"
    assert ran.stderr == f"python -m toolkit runs the copy in the working directory; {said}"
    assert "Usage: assistant-toolkit" in toolkit("--help").stdout
    assert json.loads(toolkit("verify", "--json", "--supabase", "env:X", "--report-dir", str(tmp_path)).stdout)
