"""The notebook runner: it checks, executes a command's notebook, and writes its page and files.

What Jupyter needs is imported late: a refusal does without it, and a kernel starts meanwhile.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

from toolkit import kernel, phrases
from toolkit.database.connection import connected
from toolkit.diagnosis import verification
from toolkit.errors import ParameterError, ToolkitError
from toolkit.escaping import masked, spellings
from toolkit.pages import ci
from toolkit.pages.report import EXIT_STATUS, Report, VerdictWord
from toolkit.settings import AskingSettings, DiagnoseSettings, Settings

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

_FORMATS = ("rfc3987_syntax", "isoduration")
"""What `jsonschema` imports to check IRIs and durations, or does without. Their parsers take two seconds to import."""

_LONGEST = 70
"""Bytes of the folder for temporary files: the path of a kernel's socket in it must be shorter than 104."""

_PACKAGE = Path(str(resources.files("toolkit")))


def notebook_file(name: str) -> Path:
    """Return a notebook's path by its name, in the installed package or beside it in a checkout.

    Raises:
        ToolkitError: if neither has it.
    """
    for folder in (_PACKAGE / "notebooks" / "files", _PACKAGE.parent / "notebooks"):
        if (file := folder / f"{name}.ipynb").is_file():
            return file
    raise ToolkitError(f"notebook {name}.ipynb is not installed")


def run(
    settings: Settings, report_dir: Path, cell_timeout: int, progress_bar: bool, quick: bool = False
) -> tuple[Report, Path]:
    """Check parameters and connections, run a command's notebook, and write its page and files.

    Args:
        settings: the parameters; the notebook gets `supabase`, and those that differ from its defaults.
        report_dir: the folder in which the run's folder `<time>-<command>` is created.
        cell_timeout: seconds after which a cell is stopped.
        progress_bar: whether to show the executed cells, and a long phase's progress, on standard error.
        quick: diagnose without a notebook, and write no page.

    Returns:
        The report, and the folder with the executed notebook, the HTML page, `report.json`, `findings.csv` and
        `junit.xml`. What is refused before the notebook runs leaves `report.json` and `junit.xml` only.

    Raises:
        ParameterError: if the folder cannot be created.
    """
    folder = new_folder(report_dir, settings.command)
    settings = settings.model_copy(update={"report_dir": str(folder)})
    secrets = spellings(settings.secrets())
    made: list[NotebookNode] = []
    unwritten: list[str] = []
    verdict: Report | None = None
    status, message = 1, ""
    try:
        if quick and isinstance(settings, DiagnoseSettings):
            from toolkit.notebooks import calls

            found = calls.diagnosed(settings)
            with kept(folder / "findings.csv", unwritten):
                found.save(folder)
            verdict = found.report
        else:
            status, message = _execute(settings, made, cell_timeout, progress_bar)
    except ToolkitError as error:
        status, message = error.exit_status, str(error)
    except KeyboardInterrupt:
        status, message = 1, f"interrupted. {settings.after_stop}"
    except Exception as error:
        if not quick:
            raise
        message = f"{type(error).__name__}: {error}. Without --quick, the notebook shows where"
    verdict = verdict or _verdict(folder, made)
    report = verdict or _stopped(settings.command, settings.scope, status, masked(message, secrets), settings.seconds)
    if made:
        import nbformat

        from toolkit.notebooks import execution, page

        notebook = made[0]
        execution.clean(notebook, secrets, has_verdict=verdict is not None)
        with kept(folder / f"{settings.command}.ipynb", unwritten) as file:
            nbformat.write(notebook, file)
        with kept(folder / f"{settings.command}.html", unwritten) as file:
            page.write(notebook, settings, report, file)
    return _written(report, folder, unwritten), folder


@contextmanager
def kept(file: Path, unwritten: list[str]) -> Iterator[Path]:
    """Go on if a file cannot be written, and remove its half: the work is done, and its verdict stands."""
    try:
        yield file
    except OSError as error:
        unwritten.append(f"{file.name} ({error.strerror or error})")
        with suppress(OSError):
            file.unlink()


def warn(unwritten: list[str]) -> None:
    """Warn in one line of what could not be written."""
    if unwritten:
        named = phrases.named(unwritten, len(unwritten), phrases.SHOWN_ROWS)
        print(f"Warning: the verdict stands, but not written: {named}", file=sys.stderr)


def refuse(command: str, error: ToolkitError, report_dir: Path) -> tuple[Report, Path]:
    """Write the report of a command whose parameters are refused, as `run` does."""
    folder = new_folder(report_dir, command)
    return _written(_stopped(command, "", error.exit_status, str(error)), folder, []), folder


def _stopped(command: str, scope: str, status: int, message: str, seconds: float = 0.0) -> Report:
    verdict: VerdictWord = "refused" if status == EXIT_STATUS["refused"] else "broken"
    facts = {"notebook": command, "scope": scope, "seconds": seconds, "message": message}
    return Report(verdict=verdict, exit_status=EXIT_STATUS[verdict], **facts)


def _written(report: Report, folder: Path, unwritten: list[str]) -> Report:
    """Write the files that CI reads, `report.json` only if the notebook has not; warn of what could not be written."""
    if not (folder / "report.json").exists():
        with kept(folder / "report.json", unwritten):
            report.save(folder)
    with kept(folder / "junit.xml", unwritten) as file:
        file.write_bytes(ci.junit(report))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8") as opened:
                opened.write(ci.markdown(report))
        except OSError as error:
            unwritten.append(f"the summary in GITHUB_STEP_SUMMARY ({error.strerror})")
    warn(unwritten)
    return report


def new_folder(report_dir: Path, command: str) -> Path:
    """Create the folder `<time>-<command>` in `report_dir`.

    Raises:
        ParameterError: if it cannot be created.
    """
    stem = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    # a shell leaves `--report-dir=~/reports` alone; Path's own raises for an unknown user
    base = Path(os.path.expanduser(report_dir)).absolute()  # noqa: PTH111
    try:
        str(base).encode()
    except UnicodeEncodeError:
        raise ParameterError(f"got report folder {str(base)!r}, whose name is not UTF-8: no page can name it") from None
    for number in range(1, 100):
        folder = base / (f"{stem}-{command}" if number == 1 else f"{stem}-{number}-{command}")
        try:
            folder.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise ParameterError(f"cannot make report folder {str(folder)!r}: {error.strerror}") from None
        return folder
    raise ParameterError(f"cannot make report folder {str(folder)!r}: its folder leads nowhere, or is full")


def _execute(settings: Settings, made: list["NotebookNode"], cell_timeout: int, progress_bar: bool) -> tuple[int, str]:
    _check(settings)
    with _kernel() as started:
        hidden = [name for name in _FORMATS if name not in sys.modules]
        sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # for None, an import raises ImportError
        from toolkit.notebooks import execution

        for name in hidden:
            del sys.modules[name]
        source = notebook_file(settings.notebook)
        return execution.execute(started, settings, source, made, cell_timeout, progress_bar)


def _verdict(folder: Path, made: list["NotebookNode"]) -> Report | None:
    """Return what the notebook reports: in `report.json`, or where that could not be written, in an output."""
    for cell in made[0].cells if made else ():
        for output in cell.get("outputs", ()):
            if handed_over := output.get("data", {}).get(kernel.HANDED_OVER):
                return Report.model_validate_json(handed_over)
    file = folder / "report.json"
    return Report.model_validate_json(file.read_text(encoding="utf-8")) if file.exists() else None


def _check(settings: Settings) -> None:
    """Make the checks that a notebook makes first, so that no kernel starts for a refusal."""
    if isinstance(settings, AskingSettings):
        verification.token_of(settings)
    try:
        with connected(*settings.databases()):
            pass
    except ToolkitError:
        raise
    except Exception:
        return  # the notebook meets it as well, and its page shows it


@contextmanager
def _kernel() -> Iterator["AsyncKernelManager"]:
    """Start a kernel, without waiting until it answers; on leaving, end it if nobody has.

    It runs this Python, without the user's kernel specs, IPython profile, startup files and working directory.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import run_sync

    # After an interrupt, nbclient leaves a task that logs the kernel's death.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    arguments = ["--IPKernelApp.log_level=CRITICAL", "--HistoryManager.hist_file=:memory:"]
    base = "/tmp" if len(os.fsencode(gettempdir())) > _LONGEST else None  # noqa: S108 - it makes a folder of our own
    with TemporaryDirectory(prefix="kernel-", dir=base, ignore_cleanup_errors=True) as own:
        environment = {**os.environ, "IPYTHONDIR": own, "PYTHONSTARTUP": "", "MPLBACKEND": "agg"}
        if Path.cwd() != _PACKAGE.parent:  # in a clone, the toolkit may not be installed
            environment["PYTHONSAFEPATH"] = "1"
        if not os.access(os.path.expanduser("~"), os.W_OK | os.X_OK):  # noqa: PTH111 - Path's raises where there is none
            environment.setdefault("MPLCONFIGDIR", own)  # matplotlib would warn, and name a path
        ours = KernelSpecManager(kernel_dirs=[])
        # by sockets in the folder: two kernels that start at once may both take one port
        where = {"connection_file": f"{own}/kernel.json", "transport": "ipc", "ip": f"{own}/socket"}
        kernel = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ours, **where)
        run_sync(kernel.start_kernel)(extra_arguments=arguments, env=environment)
        try:
            yield kernel
        finally:
            if kernel.has_kernel:
                run_sync(kernel.shutdown_kernel)(now=True)
