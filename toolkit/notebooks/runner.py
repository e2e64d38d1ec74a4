"""The notebook runner: it executes a command's notebook, and writes its page and files."""

import html
import logging
import os
import re
import sys
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError
from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from papermill.exceptions import PapermillExecutionError

from toolkit import __version__
from toolkit.errors import ParameterError, ToolkitError, exit_status_of
from toolkit.masking import masked, spellings
from toolkit.pages import ci
from toolkit.pages.report import EXIT_STATUS, PRACTICE, Report, VerdictWord
from toolkit.settings import Settings

_ERROR_CELL = "papermill-error-cell-tag"
_NOTEBOOK_ONLY = "notebook-only"
"""The tag of cells that only a notebook's user needs, not a page's reader."""

_LOOK_ABOUT = "look-about"
"""The tag of cells that show how DataFrames are used. A command skips them: they take pandas, and memory."""

_PRACTICE_NOTE = (
    "Nothing needs doing on your platform because of this page; yours is looked at by <code>python -m toolkit diagnose"
    " --supabase env:SUPABASE_DB_URL --langgraph env:LANGGRAPH_DB_URL</code> (one database: without --langgraph)."
)

_AFTER_STOP = {
    "diagnose": "Nothing was changed.",
    "verify": "Nothing was changed.",
    "repair": "A repair under way keeps what is done: the next repair finishes it first, and `undo` lists it.",
    "undo": "An undo under way keeps what is done: ask for it again, and it goes on.",
}
"""The state of the platform after a stopped run, by command."""

_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
"""The scripts of a page; it needs none, and nbconvert's load mermaid and MathJax from other hosts."""

_CONTAINER = re.compile(r'<div[^>]*id="notebook-container"[^>]*>')
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


def run(settings: Settings, report_dir: Path, cell_timeout: int, progress_bar: bool = True) -> tuple[Report, Path]:
    """Run a command's notebook, and write its page and files.

    Args:
        settings: the parameters; the notebook gets those that differ from its defaults.
        report_dir: the folder in which the run's folder `<time>-<command>` is created.
        cell_timeout: seconds after which a cell is stopped.
        progress_bar: whether to show the executed cells, and a long phase's progress, on standard error.

    Returns:
        The report, and the folder with the executed notebook, the HTML page, `report.json`, `findings.csv` and
        `junit.xml`.

    Raises:
        ParameterError: if the folder cannot be created.
    """
    folder = _new_folder(report_dir, settings.command)
    settings = settings.model_copy(update={"report_dir": str(folder)})
    executed = folder / f"{settings.command}.ipynb"
    stopped = _execute(settings, executed, cell_timeout, progress_bar)
    report_file = folder / "report.json"
    secrets = spellings(settings.secrets())
    if executed.exists():
        _clean(executed, secrets, has_verdict=report_file.exists())
    if report_file.exists():
        report = Report.model_validate_json(report_file.read_text(encoding="utf-8"))
    else:
        status, message = stopped or (1, "the notebook ended without a verdict")
        verdict: VerdictWord = "refused" if status == EXIT_STATUS["refused"] else "broken"
        report = Report(
            notebook=settings.command,
            verdict=verdict,
            exit_status=EXIT_STATUS[verdict],
            scope=settings.scope,
            seconds=settings.seconds,
            message=masked(message, secrets),
        )
        report_file.write_text(report.to_json(), encoding="utf-8")
    (folder / "junit.xml").write_bytes(ci.junit(report))
    if executed.exists():
        (folder / f"{settings.command}.html").write_text(_page(executed, _headline(settings, report)), encoding="utf-8")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as opened:
            opened.write(ci.markdown(report))
    return report, folder


def _headline(settings: Settings, report: Report) -> str:
    """Return the page's first line as HTML: time, command, databases, scope, duration, version."""
    databases = " and ".join(filter(None, (settings.supabase, settings.langgraph)))
    scope = "" if settings.scope == "all" else f", {settings.scope}"
    plan = f" · plan {report.plan.mark}…" if report.plan else ""
    practice = f"{PRACTICE} {_PRACTICE_NOTE}<br>" if settings.is_practice else ""
    what = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {settings.command} of {databases}{scope}"
    return practice + html.escape(f"{what} · took {report.seconds} s · toolkit {__version__}{plan}")


def _new_folder(report_dir: Path, command: str) -> Path:
    stem = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for number in range(1, 100):
        folder = report_dir.absolute() / (f"{stem}-{command}" if number == 1 else f"{stem}-{number}-{command}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise ParameterError(f"cannot make report folder {str(folder)!r}: {error.strerror}") from None
        return folder
    raise ToolkitError(f"too many reports of this second in {report_dir}")


def _execute(settings: Settings, executed: Path, cell_timeout: int, progress_bar: bool) -> tuple[int, str] | None:
    """Run the notebook; return None, or the exit status and message of the error that stopped it."""
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # a kernel of the user's folder may lack the toolkit
    # After an interrupt, nbclient leaves a task that logs the kernel's death.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    stopped = _AFTER_STOP[settings.command]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # papermill and Jupyter warn about each other
            papermill.execute_notebook(
                notebook_file(settings.notebook),
                executed,
                settings.model_dump(exclude_defaults=True),
                kernel_name="python3",
                progress_bar={"bar_format": "{l_bar}{bar}| {n_fmt}/{total_fmt} cells"} if progress_bar else False,
                execution_timeout=cell_timeout,
                skip_cells_with_tag=_LOOK_ABOUT,
                stderr_file=sys.stderr if progress_bar else None,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            )
    except PapermillExecutionError as error:
        return exit_status_of(error.ename), error.evalue
    except CellTimeoutError:
        return 1, f"a cell took longer than {cell_timeout} s: give it more with --cell-timeout. {stopped}"
    except KeyboardInterrupt:
        return 1, f"interrupted. {stopped}"
    except RuntimeError as error:  # the kernel died, or did not start
        return 1, f"the notebook's Python process ended: {error}. Is there memory enough? {stopped}"
    return None


def _clean(executed: Path, secrets: Sequence[str], *, has_verdict: bool) -> None:
    """Remove progress bars, and mask the secrets in every output.

    With a verdict, remove papermill's error note too: the notebook ended as it should, and the report explains why.
    """
    notebook = nbformat.read(executed, as_version=4)
    if has_verdict:
        notebook.cells = [cell for cell in notebook.cells if _ERROR_CELL not in cell.metadata.get("tags", [])]
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr" or "\r" not in each.text]
        for output in cell.outputs:
            for name in {"text", "ename", "evalue"} & output.keys():
                output[name] = masked(output[name], secrets)
            if "traceback" in output:
                output.traceback = [masked(line, secrets) for line in output.traceback]
    nbformat.write(notebook, executed)


def _page(executed: Path, headline: str) -> str:
    """Return an executed notebook as one self-contained HTML page, with its texts and results, without code.

    Args:
        executed: the notebook's path.
        headline: HTML for the page's first line, which says what ran and when; the notebook is the same every time.
    """
    # The default template drops a picture's alternative text.
    exporter = HTMLExporter(template_name="classic", embed_images=True)
    exporter.exclude_input = exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    removed = TagRemovePreprocessor(remove_cell_tags={"nbval-raises-exception", _NOTEBOOK_ONLY})
    exporter.register_preprocessor(removed, enabled=True)
    body, _ = exporter.from_filename(str(executed))
    line = f'<p style="color:#111;margin:0 0 1em">{headline.replace(PRACTICE, f"<b>{PRACTICE}</b>", 1)}</p>'
    style = (_PACKAGE / "notebooks" / "page.css").read_text(encoding="utf-8")
    head = f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>\n{style}</style></head>'
    return _CONTAINER.sub(lambda found: found[0] + line, _SCRIPT.sub("", body), count=1).replace("</head>", head, 1)
