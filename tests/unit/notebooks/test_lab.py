"""The copies of the notebooks that JupyterLab opens."""

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from traitlets.utils.importstring import import_item

from tests.constants import ORGANIZATION, ROOT
from toolkit.cli import main
from toolkit.errors import ParameterError
from toolkit.notebooks import lab


def parameters_of(file: Path) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for cell in nbformat.read(file, as_version=4).cells:
        if "parameters" in cell.metadata.get("tags", []):
            exec(cell.source, names)  # noqa: S102 - as a kernel does
    return names


def test_the_copies_have_the_databases_that_were_named_and_nothing_of_the_practice_database(tmp_path: Path) -> None:
    named = {"supabase": 'env:A"\\B', "langgraph": "service:two", "scope": f"org:{ORGANIZATION}"}
    copies = sorted(lab.copies(tmp_path, named).glob("*.ipynb"))
    assert [file.name for file in copies] == [file.name for file in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    for file in copies[1:]:
        found = parameters_of(file)
        assert {name: found[name] for name in named} == named
        assert found["startup_sync"] == "", "the others are as they were"
        notebook = nbformat.read(file, as_version=4)
        nbformat.validate(notebook)
        assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]


def test_copies_for_practice_are_as_committed(tmp_path: Path) -> None:
    for file in lab.copies(tmp_path, {}).glob("*.ipynb"):
        assert nbformat.read(file, as_version=4) == nbformat.read(ROOT / "notebooks" / file.name, as_version=4)


@pytest.mark.parametrize(
    "named", [{"supabase": "postgresql://u:hunter2@h/d"}, {"langgraph": "production"}, {"scope": "org:12"}]
)
def test_what_a_command_refuses_is_in_no_copy(named: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ParameterError) as refused:
        lab.copies(tmp_path, named)
    assert "hunter2" not in str(refused.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "opened"), [([], "env:SUPABASE_DB_URL"), (["--supabase", "env:OTHER_URL"], "env:OTHER_URL")]
)
def test_lab_opens_what_the_commands_choose(
    given: list[str], opened: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", "postgresql://localhost/one")
    monkeypatch.setenv("OTHER_URL", "postgresql://localhost/two")
    monkeypatch.setattr(lab, "serve", lambda folder, _: print(parameters_of(folder / "30-verify.ipynb")["supabase"]))
    ran = CliRunner().invoke(main, ["lab", "--report-dir", str(tmp_path), "--allow-root", *given])
    assert ran.stdout.splitlines()[-1] == opened
    assert ("from the environment" in ran.stdout) is (opened == "env:SUPABASE_DB_URL")


def test_jupyterlab_is_told_to_offer_this_pythons_kernel_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kernels" / "theirs").mkdir(parents=True)
    (tmp_path / "kernels" / "theirs" / "kernel.json").write_text('{"argv": ["theirs"], "display_name": "theirs"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert list(import_item(lab._OURS.split("=")[1])().get_all_specs()) == ["python3"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_is_told_what_to_do_before_anything_starts(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["lab", "--report-dir", str(tmp_path), "--no-browser"])
    assert ran.exit_code == 3
    assert "add --allow-root" in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_first_notebook_links_to_the_others() -> None:
    texts = [cell.source for cell in nbformat.read(ROOT / "notebooks" / "00-start-here.ipynb", as_version=4).cells]
    linked = re.findall(r"\[`([\w-]+)`\]\(([\w-]+)\.ipynb\)", "\n".join(texts))
    assert linked == [(name, name) for name in ("10-diagnose", "20-repair", "30-verify", "40-undo")]
