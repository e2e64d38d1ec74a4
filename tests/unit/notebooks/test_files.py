"""The committed notebooks: parameters, length of cells, and outputs."""

import ast
import re
from typing import Any

import nbformat
import pytest

from tests.constants import ROOT
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings, VerifySettings

FOLDER = ROOT / "notebooks"

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

PICTURES = {"10-diagnose": ["Round trip", "Timeline"], "30-verify": ["Round trip"]}

LOOK_ABOUT = "look-about"
"""The tag of cells as a user writes them: a plot of one's own has no text, its DataFrame above says the same."""

SETTINGS: list[type[Settings]] = [DiagnoseSettings, RepairSettings, VerifySettings, UndoSettings]


@pytest.fixture(params=NOTEBOOKS, ids=lambda file: file.stem)
def notebook(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_notebook_is_looked_at() -> None:
    assert [file.stem for file in NOTEBOOKS] == ["00-start-here", "10-diagnose", "20-repair", "30-verify", "40-undo"]


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.notebook)
def test_the_parameters_cell_says_what_the_settings_say(settings: type[Settings]) -> None:
    notebook = nbformat.read(FOLDER / f"{settings.notebook}.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    said = {}
    for line, text in zip(ast.parse(cell.source).body, cell.source.splitlines(), strict=True):
        assert isinstance(line, ast.AnnAssign)
        said[ast.unparse(line.target)] = (
            ast.unparse(line.annotation),
            ast.literal_eval(line.value or ast.Constant(None)),
            text.split("  # ")[1],
        )
    expected = {
        name: (
            re.match(r"\w+", getattr(field.annotation, "__name__", str(field.annotation)))[0],
            field.default,
            field.description,
        )  # type: ignore[index]
        for name, field in settings.model_fields.items()
    }
    assert said == expected


def test_no_cell_is_long_or_defines_a_function_or_holds_sql(notebook: Any) -> None:
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= 14, cell.source
        tree = ast.parse(cell.source)
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)], (
            cell.source
        )
        assert not re.search(r"\b(SELECT|INSERT|UPDATE|DELETE|execute)\b", cell.source), cell.source


def test_the_cells_were_run_in_their_order(notebook: Any) -> None:
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_the_outputs_name_no_place_of_one_machine_and_no_address(notebook: Any) -> None:
    for cell in code_cells(notebook):
        for output in cell.outputs:
            data = {kind: value for kind, value in output.get("data", {}).items() if kind != "image/png"}
            text = str(data) + str(output.get("text", "")) + str(output.get("evalue", ""))
            assert not re.search(r"/home/|/root|/tmp/|/work/|0x[0-9a-f]{6,}|Warning", text), text


def test_every_picture_has_a_text_for_those_who_cannot_see_it(notebook: Any, request: pytest.FixtureRequest) -> None:
    ours = [cell for cell in code_cells(notebook) if LOOK_ABOUT not in cell.metadata.get("tags", [])]
    outputs = [output for cell in ours for output in cell.outputs]
    told = [each.metadata["image/png"]["alt"] for each in outputs if "image/png" in each.get("data", {})]
    assert [text.partition(":")[0] for text in told] == PICTURES.get(request.node.callspec.id, [])


def test_a_plot_of_ones_own_is_shown_once_where_the_reader_sees_how_it_is_made() -> None:
    notebook = nbformat.read(FOLDER / "10-diagnose.ipynb", as_version=4)
    own = [cell for cell in code_cells(notebook) if LOOK_ABOUT in cell.metadata.get("tags", [])]
    frames, (plot,) = own[:-1], own[-1].outputs
    assert all("dataframe" in output.data["text/html"] for cell in frames for output in cell.outputs)
    assert plot.data["image/png"], "the import of toolkit turned plotting off"
    assert all("notebook-only" in cell.metadata.tags for cell in own), "a page's reader has no kernel"
