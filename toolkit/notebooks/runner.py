"""The notebook runner: a command's notebook becomes a page and files."""

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
"""The tag of cells that are for whoever runs the notebook, and not for a page's reader."""

_YOURS = (
    "Nothing needs doing on your platform because of this page; yours is looked at by <code>python -m toolkit diagnose"
    " --supabase env:SUPABASE_DB_URL --langgraph env:LANGGRAPH_DB_URL</code> (one database: without --langgraph)."
)

_KEPT = {
    "diagnose": "Nothing was changed.",
    "verify": "Nothing was changed.",
    "repair": "A repair under way keeps what is done: the next repair finishes it first, and `undo` lists it.",
    "undo": "An undo under way keeps what is done: ask for it again, and it goes on.",
}
"""What a run that was broken off leaves."""

_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
"""Nothing on the page needs one, and nbconvert's fetch from elsewhere (mermaid, MathJax)."""

_CONTAINER = re.compile(r'<div[^>]*id="notebook-container"[^>]*>')
_STYLE = """<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body { padding: 0 !important; } #notebook { padding: 1em !important; }
#notebook-container { max-width: 64em; width: auto !important; margin: auto; padding: 0 !important; box-shadow: none; }
div.prompt, div.output_prompt { display: none !important; } div.cell, div.output_subarea { max-width: 100% !important; padding: 0 !important; }
div.output_area { display: block; } div.cell { margin: .6em 0; } div.code_cell:not(:has(.output_area)) { display: none; } img { max-width: 100%; height: auto; }
@media (max-width: 600px) {
  #notebook { padding: .5em !important; } h1 { font-size: 1.5em !important; }
  table, tbody, th[scope=row], th[scope=row] + td { display: block; width: auto !important; } th[scope=row] { border-bottom: 0 !important; }
  thead:has(th[scope=col]), td[data-label]:empty { display: none; } tr:has(td[data-label]) { display: block !important; margin: 0 0 1em; }
  td[data-label] { display: block; white-space: normal !important; overflow-wrap: anywhere; } td[data-label]::before { content: attr(data-label) ": "; color: #555; }
}
</style></head>"""
"""Without the gutters that the template keeps for a notebook's prompts; on a phone a table's cells stand below each other, none is cut."""


def notebook_file(name: str) -> Path:
    """Find a notebook by its name: in the installed package, else beside it in a checkout.

    Raises:
        ToolkitError: if it is in neither place.
    """
    package = Path(str(resources.files("toolkit")))
    for folder in (package / "notebooks" / "files", package.parent / "notebooks"):
        if (file := folder / f"{name}.ipynb").is_file():
            return file
    raise ToolkitError(f"notebook {name}.ipynb is not installed")


def run(settings: Settings, report_dir: Path, cell_timeout: int, progress_bar: bool = True) -> tuple[Report, Path]:
    """Run a command's notebook, and make of it the pages and files that it leaves.

    Args:
        settings: the parameters; what differs from the notebook's own defaults is passed on.
        report_dir: where the run's folder `<time>-<command>` is made.
        cell_timeout: seconds after which a cell is given up.

    Returns:
        The report, and the folder with the executed notebook, the HTML page, `report.json`, `findings.csv` and
        `junit.xml`.
    """
    folder = _new_folder(report_dir, settings.command)
    settings = settings.model_copy(update={"report_dir": str(folder)})
    executed = folder / f"{settings.command}.ipynb"
    stopped = _execute(settings, executed, cell_timeout, progress_bar)
    report_file = folder / "report.json"
    secrets = spellings(settings.secrets())
    if executed.exists():
        _tidy(executed, secrets, has_verdict=report_file.exists())
    if report_file.exists():
        report = Report.model_validate_json(report_file.read_text(encoding="utf-8"))
    else:
        status, message = stopped or (1, "the notebook ended without a verdict")
        verdict: VerdictWord = "refused" if status == EXIT_STATUS["refused"] else "broken"
        report = Report(
            notebook=settings.command, verdict=verdict, exit_status=EXIT_STATUS[verdict], scope=settings.scope,
            seconds=settings.seconds, message=masked(message, secrets),
        )  # fmt: skip
        report_file.write_text(report.to_json(), encoding="utf-8")
    (folder / "junit.xml").write_bytes(ci.junit(report))
    if executed.exists():
        (folder / f"{settings.command}.html").write_text(page(executed, _made(settings, report)), encoding="utf-8")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as opened:
            opened.write(ci.markdown(report))
    return report, folder


def _made(settings: Settings, report: Report) -> str:
    """Say of what and when a page is."""
    databases = " and ".join(filter(None, (settings.supabase, settings.langgraph)))
    scope = "" if settings.scope == "all" else f", {settings.scope}"
    plan = f" · plan {report.plan.mark}…" if report.plan else ""
    practice = f"{PRACTICE} {_YOURS}<br>" if settings.is_practice else ""
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return practice + html.escape(
        f"{when} · {settings.command} of {databases}{scope} · took {report.seconds} s · toolkit {__version__}{plan}"
    )


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
    """Run the notebook; return the status and message of what stopped it, or None."""
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # this environment's kernel, not one of the user's folder
    logging.getLogger("asyncio").setLevel(
        logging.CRITICAL
    )  # interrupted, nbclient leaves a task that finds the kernel dead
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of papermill's and Jupyter's own, about each other
            papermill.execute_notebook(
                notebook_file(settings.notebook),
                executed,
                settings.model_dump(exclude_defaults=True),
                kernel_name="python3",
                progress_bar={"bar_format": "{l_bar}{bar}| {n_fmt}/{total_fmt} cells"} if progress_bar else False,
                execution_timeout=cell_timeout,
                stderr_file=sys.stderr if progress_bar else None,  # a long phase's progress
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            )
    except PapermillExecutionError as error:
        return exit_status_of(error.ename), error.evalue
    except CellTimeoutError:
        return (
            1,
            f"a cell took longer than {cell_timeout} s: give it more with --cell-timeout. {_KEPT[settings.command]}",
        )
    except KeyboardInterrupt:
        return 1, f"interrupted. {_KEPT[settings.command]}"
    except RuntimeError as error:  # the kernel died, or did not start
        return 1, f"the notebook's Python process ended: {error}. Is there memory enough? {_KEPT[settings.command]}"
    return None


def _tidy(executed: Path, secrets: Sequence[str], *, has_verdict: bool) -> None:
    """Take away what was only of use while it ran, and secrets that a library's error may have named.

    Where there is a verdict, papermill's red note goes, too: a bad verdict is no accident, and the report says it better.
    """
    notebook = nbformat.read(executed, as_version=4)
    if has_verdict:
        notebook.cells = [cell for cell in notebook.cells if _ERROR_CELL not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        for output in outputs:
            for name in ("text", "ename", "evalue"):
                if name in output:
                    output[name] = masked(output[name], secrets)
            if "traceback" in output:
                output["traceback"] = [masked(line, secrets) for line in output["traceback"]]
        if outputs:
            cell["outputs"] = [
                output for output in outputs if not (output.get("name") == "stderr" and "\r" in output["text"])
            ]
    nbformat.write(notebook, executed)


def page(executed: Path, made: str) -> str:
    """Turn an executed notebook into one self-contained HTML page: sentences and results, no code.

    Args:
        executed: the notebook.
        made: HTML that says of what and when, for the page's head: the notebook itself says the same every time.
    """
    exporter = HTMLExporter(
        template_name="classic",  # the default template drops a picture's alternative text
        exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True, embed_images=True,
    )  # fmt: skip
    exporter.register_preprocessor(
        TagRemovePreprocessor(remove_cell_tags={"nbval-raises-exception", _NOTEBOOK_ONLY}), enabled=True
    )
    body, _ = exporter.from_filename(str(executed))
    line = f'<p style="color:#111;margin:0 0 1em">{made.replace(PRACTICE, f"<b>{PRACTICE}</b>", 1)}</p>'
    return _CONTAINER.sub(lambda found: found[0] + line, _SCRIPT.sub("", body), count=1).replace("</head>", _STYLE, 1)
