"""The page of a run that stopped early."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from toolkit.notebooks import page
from toolkit.pages.report import Report
from toolkit.settings import DiagnoseSettings


@pytest.mark.parametrize(
    ("name", "is_shown"),
    [("ParameterError", False), ("ToolkitError", False), ("KeyboardInterrupt", False), ("RuntimeError", True)],
)
def test_it_has_no_empty_heading_and_no_traceback_of_what_its_head_says(
    name: str, is_shown: bool, tmp_path: Path
) -> None:
    error = new_output("error", ename=name, evalue="odd", traceback=["frame of a library"])
    shown = new_output("stream", name="stdout", text="what was shown before")
    tags = {"tags": ["papermill-error-cell-tag"]}
    first, second = (new_markdown_cell("An Exception was encountered", metadata=tags) for _ in "12")
    cells = [
        *(first, new_markdown_cell("## Full"), new_code_cell(outputs=[shown])),
        *(new_markdown_cell("## Stopped"), second, new_code_cell(outputs=[error])),
        *(new_markdown_cell("## Empty"), new_code_cell()),
    ]
    report = Report(notebook="diagnose", verdict="broken", exit_status=1, scope="all", message="the cause")
    page.write(new_notebook(cells=cells), DiagnoseSettings(), report, tmp_path / "page.html")
    written = (tmp_path / "page.html").read_text()
    told = ["the cause", "Full", "what was shown before", "Stopped", "frame of a library", "An Exception", "Empty"]
    assert [each in written for each in told] == [True, True, True, is_shown, is_shown, False, False]
