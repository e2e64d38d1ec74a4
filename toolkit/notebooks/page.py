"""The HTML page of an executed notebook.

Importing it loads nbconvert: `runner` does so while the notebook runs.
"""

import html
import re
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path

from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from toolkit import __version__
from toolkit.pages.report import PRACTICE, Report
from toolkit.settings import Settings

_NOTEBOOK_ONLY = "notebook-only"
"""The tag of cells that only a notebook's user needs, not a page's reader."""

_PRACTICE_NOTE = (
    "Nothing needs doing on your platform because of this page; yours is looked at by <code>assistant-toolkit diagnose"
    " --supabase env:SUPABASE_DB_URL --langgraph env:LANGGRAPH_DB_URL</code> (one database: without --langgraph)."
)

_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
"""The scripts of a page; it needs none, and nbconvert's load mermaid and MathJax from other hosts."""

_CONTAINER = re.compile(r'<div[^>]*id="notebook-container"[^>]*>')


@cache
def exporter() -> HTMLExporter:
    """Return the maker of self-contained pages with texts and results, without code."""
    # The default template drops a picture's alternative text.
    made = HTMLExporter(template_name="classic", embed_images=True)
    made.exclude_input = made.exclude_input_prompt = made.exclude_output_prompt = True
    removed = TagRemovePreprocessor(remove_cell_tags={"nbval-raises-exception", _NOTEBOOK_ONLY})
    made.register_preprocessor(removed, enabled=True)
    made.from_notebook_node(new_notebook())  # compiles the templates
    return made


def write(notebook: NotebookNode, settings: Settings, report: Report, file: Path) -> None:
    """Write an executed notebook as one HTML page, under a line that says what ran and when."""
    body, _ = exporter().from_notebook_node(notebook, {"metadata": {"name": file.stem, "path": str(file.parent)}})
    headline = _headline(settings, report).replace(PRACTICE, f"<b>{PRACTICE}</b>", 1)
    line = f'<p style="color:#111;margin:0 0 1em">{headline}</p>'
    style = (resources.files("toolkit") / "notebooks" / "page.css").read_text(encoding="utf-8")
    head = f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>\n{style}</style></head>'
    page = _CONTAINER.sub(lambda found: found[0] + line, _SCRIPT.sub("", body), count=1)
    file.write_text(page.replace("</head>", head, 1), encoding="utf-8")


def _headline(settings: Settings, report: Report) -> str:
    """Return the page's first line as HTML: time, command, databases, scope, duration, version."""
    databases = " and ".join(filter(None, (settings.supabase, settings.langgraph)))
    scope = "" if settings.scope == "all" else f", {settings.scope}"
    plan = f" · plan {report.plan.mark}…" if report.plan else ""
    practice = f"{PRACTICE} {_PRACTICE_NOTE}<br>" if settings.is_practice else ""
    what = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {settings.command} of {databases}{scope}"
    return practice + html.escape(f"{what} · took {report.seconds} s · toolkit {__version__}{plan}")
