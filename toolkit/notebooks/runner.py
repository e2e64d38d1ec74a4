"""The notebook runner: it checks, executes a command's notebook, and writes its page and files.

What Jupyter needs is imported late: a refusal does without it, and a kernel starts meanwhile.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from toolkit.database.connection import connected
from toolkit.diagnosis import verification
from toolkit.errors import ParameterError, ToolkitError
from toolkit.escaping import masked, spellings
from toolkit.pages import ci
from toolkit.pages.report import EXIT_STATUS, Report, VerdictWord
from toolkit.settings import AskingSettings, Settings

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

_FORMATS = ("rfc3987_syntax", "isoduration")
"""What `jsonschema` imports to check IRIs and durations. No notebook holds any, and their parsers take a second."""

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
        settings: the parameters; the notebook gets those that differ from its defaults.
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
    executed = folder / f"{settings.command}.ipynb"
    try:
        stopped = _diagnose(settings) if quick else _execute(settings, executed, cell_timeout, progress_bar)
    except ToolkitError as error:
        stopped = error.exit_status, str(error)
    except KeyboardInterrupt:
        stopped = 1, f"interrupted. {settings.after_stop}"
    report_file = folder / "report.json"
    secrets = spellings(settings.secrets())
    if report_file.exists():
        report = Report.model_validate_json(report_file.read_text(encoding="utf-8"))
    else:
        status, message = stopped or (1, "the notebook ended without a verdict")
        report = _stopped(settings.command, settings.scope, status, masked(message, secrets), settings.seconds)
    if executed.exists():
        from toolkit.notebooks import execution, page

        notebook = execution.clean(executed, secrets, has_verdict=report_file.exists())
        page.write(notebook, settings, report, executed.with_suffix(".html"))
    return _written(report, folder), folder


def refuse(command: str, error: ToolkitError, report_dir: Path) -> tuple[Report, Path]:
    """Write the report of a command whose parameters are refused, as `run` does."""
    folder = new_folder(report_dir, command)
    return _written(_stopped(command, "", error.exit_status, str(error)), folder), folder


def _stopped(command: str, scope: str, status: int, message: str, seconds: float = 0.0) -> Report:
    verdict: VerdictWord = "refused" if status == EXIT_STATUS["refused"] else "broken"
    facts = {"notebook": command, "scope": scope, "seconds": seconds, "message": message}
    return Report(verdict=verdict, exit_status=EXIT_STATUS[verdict], **facts)


def _written(report: Report, folder: Path) -> Report:
    """Write the files that CI reads; `report.json` only if the notebook has not."""
    if not (folder / "report.json").exists():
        report.save(folder)
    (folder / "junit.xml").write_bytes(ci.junit(report))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as opened:
            opened.write(ci.markdown(report))
    return report


def new_folder(report_dir: Path, command: str) -> Path:
    """Create the folder `<time>-<command>` in `report_dir`.

    Raises:
        ParameterError: if it cannot be created.
    """
    stem = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for number in range(1, 100):
        folder = report_dir.absolute() / (f"{stem}-{command}" if number == 1 else f"{stem}-{number}-{command}")
        try:
            folder.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise ParameterError(f"cannot make report folder {str(folder)!r}: {error.strerror}") from None
        return folder
    raise ToolkitError(f"too many reports of this second in {report_dir}")


def _diagnose(settings: Settings) -> tuple[int, str] | None:
    """Diagnose without a notebook; return None, or the exit status and message of the error that stopped it."""
    from toolkit.notebooks import calls

    try:
        calls.diagnose(**dict(settings)).write()
    except ToolkitError:
        raise
    except Exception as error:  # the folder says what happened, as after a notebook
        return 1, f"{type(error).__name__}: {error}. Without --quick, the notebook shows where"
    return None


def _execute(settings: Settings, executed: Path, cell_timeout: int, progress_bar: bool) -> tuple[int, str] | None:
    """Run the notebook; return None, or the exit status and message of the error that stopped it."""
    _check(settings)
    with _kernel() as kernel:
        with _without_formats():
            from toolkit.notebooks import execution

        source = notebook_file(settings.notebook)
        return execution.execute(kernel, settings, source, executed, cell_timeout, progress_bar)


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
    """Start a kernel, without waiting until it answers; on leaving, end it if nobody has."""
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import run_sync

    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # a kernel of the user's folder may lack the toolkit
    # After an interrupt, nbclient leaves a task that logs the kernel's death.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    arguments = ["--IPKernelApp.log_level=CRITICAL", "--HistoryManager.hist_file=:memory:"]
    with TemporaryDirectory(prefix="kernel-") as folder:  # of two kernels that start at once, both may take one port
        kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{folder}/socket")
        run_sync(kernel.start_kernel)(extra_arguments=arguments)
        try:
            yield kernel
        finally:
            if kernel.has_kernel:
                run_sync(kernel.shutdown_kernel)(now=True)


@contextmanager
def _without_formats() -> Iterator[None]:
    """Let `jsonschema` find none of the modules that check formats, so that it does without."""
    hidden = [name for name in _FORMATS if name not in sys.modules]
    # None: an import raises the ImportError that is expected
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
