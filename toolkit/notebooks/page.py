"""The HTML page of an executed notebook.

Importing it loads nbconvert: `runner` does so while the notebook runs.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path

from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from papermill.execute import ERROR_MARKER_TAG

from toolkit import __version__
from toolkit.errors import exit_status_of
from toolkit.pages.html import TONES
from toolkit.pages.report import PRACTICE, Report
from toolkit.settings import Settings

_NOTEBOOK_ONLY = "notebook-only"
"""The tag of cells that only a notebook's user needs, not a page's reader."""

_RECORD = "record"
"""The tag of cells that show what a repair did; they come first on its page."""


@cache
def exporter() -> HTMLExporter:
    """Return the maker of pages with texts and results, without code; the folder `pages/template` has their form."""
    folder = str(resources.files("toolkit") / "pages")
    made = HTMLExporter(template_name="template", extra_template_basedirs=[folder], embed_images=True)
    made.exclude_input = made.exclude_input_prompt = made.exclude_output_prompt = made.exclude_anchor_links = True
    removed = TagRemovePreprocessor(remove_cell_tags={"nbval-raises-exception", _NOTEBOOK_ONLY})
    made.register_preprocessor(removed, enabled=True)
    made.from_notebook_node(new_notebook())  # compiles the templates
    return made


def write(notebook: NotebookNode, settings: Settings, report: Report, file: Path) -> None:
    """Write an executed notebook as one HTML page, under the verdict and a line that says what ran and when."""
    made = datetime.now(UTC)
    if report.glance is None:
        notebook.cells = _with_content(notebook.cells)
    is_record = settings.command == "repair" and report.run_id is not None
    if is_record:
        notebook.cells.sort(key=lambda cell: _RECORD not in cell.metadata.get("tags", []))
    names = " and ".join(filter(None, (settings.supabase, settings.langgraph)))
    seen, (_, mark) = report.at_a_glance, TONES[report.at_a_glance.tone]
    resources = {
        "title": f"{mark} {seen.title} · {names.replace('env:', '').replace('service:', '')} · {made:%H:%M} UTC",
        "head": report.head(made, _source(settings, report, names, made)),
        "is_record": is_record,
        "is_practice": settings.is_practice,
        "metadata": {"path": str(file.parent)},
    }
    body, _ = exporter().from_notebook_node(notebook, resources)
    file.write_text(body, encoding="utf-8")


def _with_content(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the cells of a run that stopped early, without empty headings and errors that the page's head says."""
    kept, heading = list[NotebookNode](), list[NotebookNode]()
    for cell in cells:
        if cell.cell_type == "markdown":
            heading = heading if ERROR_MARKER_TAG in cell.metadata.get("tags", []) else [cell]
        elif outputs := [each for each in cell.get("outputs", ()) if not _is_said(each)]:
            cell.outputs = outputs
            kept += [*heading, cell]
            heading = []
    return kept


def _is_said(output: NotebookNode) -> bool:
    error = output.get("ename", "")
    return error == "KeyboardInterrupt" or exit_status_of(error) is not None


def _source(settings: Settings, report: Report, names: str, made: datetime) -> list[str]:
    """Return what was read, by which command, when."""
    practice = f"{PRACTICE} " if settings.is_practice else ""
    scope = "" if settings.scope == "all" else f", {settings.scope}"
    plan = f" · plan {report.plan.mark}…" if report.plan else ""
    what = f"{practice}{settings.command} of {names}{scope} · {made:%Y-%m-%d %H:%M} UTC"
    return [f"{what} · took {report.seconds} s · toolkit {__version__}{plan}", *report.read]
