"""Interrupted commands: a clear line, status 1, and a report that names the cause."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.commands import only_folder, toolkit
from toolkit.notebooks.runner import notebook_file

pytestmark = pytest.mark.slow

PATCHED = "import sys, psycopg\nif 'ipykernel_launcher' in sys.argv[0] or 'ipykernel' in ' '.join(sys.orig_argv):\n"
"""What a sitecustomize of the test's own does in the notebook's process only."""


@pytest.fixture
def kernel_that(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Return the environment in which the notebook's process does something when it first connects to a database."""

    def make(does: str) -> dict[str, str]:
        folder = tmp_path / "site"
        folder.mkdir()
        body = (
            f"    def connect(conninfo='', **options):\n        {does}\n"
            "    psycopg.connect = psycopg.Connection.connect = connect\n"
        )
        (folder / "sitecustomize.py").write_text(PATCHED + body)
        return {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH", "")])])}

    return make


@pytest.fixture
def url(clone: Callable[[str], str]) -> Callable[[str], str]:
    """Return the URL of a database of this test's own, with a password that its server does not ask for."""

    def make(password: str) -> str:
        at = conninfo_to_dict(clone("healthy"))
        where = f"/{at['dbname']}?host={quote(str(at['host']), safe='')}&port={at['port']}"
        return f"postgresql://{at['user']}:{quote(password, safe='')}@{where}"

    return make


def report_of(report_dir: Path) -> dict[str, object]:
    report: dict[str, object] = json.loads((only_folder(report_dir) / "report.json").read_text())
    return report


def test_a_cell_that_takes_too_long_is_given_up_and_said(
    kernel_that: Callable[[str], dict[str, str]], clone: Callable[[str], str], tmp_path: Path
) -> None:
    environment = kernel_that("import time; time.sleep(60)")
    reports = tmp_path / "reports"
    ran = toolkit("diagnose", "--supabase", "env:HERE", "--report-dir", str(reports), "--cell-timeout", "3",
                  HERE=clone("healthy"), **environment)  # fmt: skip
    assert ran.returncode == 1
    assert ran.stdout.startswith(
        "✗ BROKEN: a cell took longer than 3 s: give it more with --cell-timeout. Nothing was changed."
    )
    assert "Traceback" not in ran.stdout + ran.stderr
    report = report_of(reports)
    assert (report["verdict"], report["exit_status"]) == ("broken", 1)
    assert str(report["message"]).startswith("a cell took longer than 3 s")


def test_a_kernel_that_dies_is_said(
    kernel_that: Callable[[str], dict[str, str]], clone: Callable[[str], str], tmp_path: Path
) -> None:
    environment = kernel_that("import os; os.kill(os.getpid(), 9)")
    reports = tmp_path / "reports"
    ran = toolkit(
        "repair",
        "--supabase",
        "env:HERE",
        "--report-dir",
        str(reports),
        HERE=clone("healthy"),
        **environment,
    )
    assert ran.returncode == 1
    assert ran.stdout.startswith("✗ BROKEN: the notebook's Python process ended: Kernel died.")
    assert "Is there memory enough? Nothing was changed." in ran.stdout, "it was to plan"
    assert "Traceback" not in ran.stdout + ran.stderr
    assert report_of(reports)["verdict"] == "broken"
    assert (only_folder(reports) / "junit.xml").is_file()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_a_server_does_not_answer_ends_the_same_way(number: int, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(60)
        running = interruptible("verify", "--supabase", "env:SILENT", "--report-dir", str(tmp_path),
                                SILENT=f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/x")  # fmt: skip
        try:
            with silent.accept()[0]:
                running.send_signal(number)
                said, errors = running.communicate(timeout=60)
        finally:
            running.kill()
    assert (running.returncode, errors) == (1, "")
    assert said.startswith("✗ BROKEN: interrupted. Nothing was changed.")
    assert {file.name for file in only_folder(tmp_path).iterdir()} == {"report.json", "junit.xml"}


def interruptible(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "toolkit", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a background job ignores it
        env={**os.environ, **environment},
    )


def test_ctrl_c_ends_with_a_line_and_a_report(
    kernel_that: Callable[[str], dict[str, str]], clone: Callable[[str], str], tmp_path: Path
) -> None:
    reports, began = tmp_path / "reports", tmp_path / "began"
    environment = kernel_that(f"import os, time; open({str(began)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    running = interruptible("diagnose", "--supabase", "env:HERE", "--report-dir", str(reports),
                            HERE=clone("healthy"), **environment)  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not (began.exists() and began.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        said, errors = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 1, errors
    assert said.startswith("✗ BROKEN: interrupted. Nothing was changed.")
    assert "Traceback" not in said + errors
    with pytest.raises(ProcessLookupError):
        os.kill(int(began.read_text()), 0)
    assert report_of(reports)["verdict"] == "broken"


@pytest.mark.parametrize("passwords", [("hunter2-of-odd", "p@ss:w/o#r%d?&=+ 'q\"\\ü€"), ("100%25", "<b>&amp;</b>")])
def test_no_file_holds_a_password_after_an_error_that_bears_the_connection_strings(
    passwords: tuple[str, str],
    kernel_that: Callable[[str], dict[str, str]],
    url: Callable[[str], str],
    tmp_path: Path,
) -> None:
    does = (
        "import os; both = [os.environ['SECRET_URL'], os.environ['OTHER_URL']]; "
        "conninfos = [psycopg.conninfo.make_conninfo(each) for each in both]; "
        "raise RuntimeError('cannot connect to ' + conninfo + ' of ' + ' '.join([*both, *conninfos, repr(conninfos)]))"
    )
    reports = tmp_path / "reports"
    both = ("--supabase", "env:SECRET_URL", "--langgraph", "env:OTHER_URL")
    urls = dict(zip(("SECRET_URL", "OTHER_URL"), map(url, passwords), strict=True))
    ran = toolkit("diagnose", *both, "--report-dir", str(reports), **urls, **kernel_that(does))
    assert ran.returncode == 1
    texts = [ran.stdout, ran.stderr, *(file.read_text() for file in only_folder(reports).iterdir())]
    assert len(texts) == 2 + 4, "the notebook, the page, report.json and junit.xml"
    assert "cannot connect to" in ran.stdout, "the error itself is told"
    for text in texts:
        assert not [secret for password in passwords for secret in spelled(password) if secret in text]


def spelled(password: str) -> set[str]:
    quoted = {quote(password, safe=""), quote_plus(password), quote(password)}
    return {password, *quoted, json.dumps(password)[1:-1], repr(password)[1:-1]}


def papermill(notebook: Path, environment: dict[str, str], **parameters: str) -> subprocess.CompletedProcess[str]:
    """Run the diagnosis with papermill's own command, which writes `notebook`."""
    command = [sys.executable, "-m", "papermill", str(notebook_file("10-diagnose")), str(notebook)]
    command += ["--inject-paths", "--inject-output-path", "--inject-input-path"]
    for name, value in parameters.items():
        command += ["-p", name, value]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_nor_does_the_notebook_that_raw_papermill_leaves(
    kernel_that: Callable[[str], dict[str, str]], tmp_path: Path
) -> None:
    password = "p@ss:w/o#r%d?&=+ 'q\"\\ü€"
    environment = kernel_that(
        "import os; raise RuntimeError('cannot connect to ' + conninfo + ' of ' + os.environ['SECRET_URL'])"
    )
    notebook, secret_url = tmp_path / "out.ipynb", f"postgresql://admin:{quote(password, safe='')}@127.0.0.1:1/x"
    ran = papermill(notebook, {**environment, "SECRET_URL": secret_url}, supabase="env:SECRET_URL")
    assert ran.returncode == 1
    assert "cannot connect to user=admin" in notebook.read_text(), "the error itself is told"
    assert notebook.read_text().count("***") >= 2
    assert "PAPERMILL_OUTPUT_PATH = " in notebook.read_text(), "which is no parameter of ours, nor a mistake"
    for text in (ran.stdout, ran.stderr, notebook.read_text()):
        assert not [secret for secret in spelled(password) if secret in text]


def test_nor_what_a_service_and_the_password_file_hold(
    kernel_that: Callable[[str], dict[str, str]], tmp_path: Path
) -> None:
    password, filed = "p@ss:w/o#r%d?&=+ 'q\"\\ü€", "<b>&amp;'of' the\\file</b>"
    environment = kernel_that(
        "import os; raise RuntimeError('cannot connect to ' + conninfo + ' with ' + os.environ['PASSWORDS'])"
    )
    services, passwords, notebook = tmp_path / "pg_service.conf", tmp_path / "pgpass", tmp_path / "out.ipynb"
    services.write_text(
        f"[one]\nhost=db.example.com\nuser=u\npassword={password}\n\n[two]\nhost=db.example.com\nuser=u\ndbname=d\n"
    )
    escaped = filed.replace("\\", "\\\\")
    passwords.write_text(f"db.example.com:*:d:u:{escaped}\n")
    passwords.chmod(0o600)
    secret = {
        "PGSERVICEFILE": str(services),
        "PGPASSFILE": str(passwords),
        "PASSWORDS": f"{password}, {filed}, {quote(filed)}",
    }
    ran = papermill(notebook, {**environment, **secret}, supabase="service:one", langgraph="service:two")
    assert ran.returncode == 1
    assert "cannot connect to service=one sslmode=require with ***, ***, ***" in notebook.read_text(), (
        "the error itself is told"
    )
    for text in (ran.stdout, ran.stderr, notebook.read_text()):
        assert not [secret for secret in spelled(password) | spelled(filed) if secret in text]
