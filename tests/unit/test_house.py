"""The house: few flat modules, short ones, each with a noun phrase at its head."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLKIT = ROOT / "toolkit"

MOST_FLAT_MODULES = 14
MOST_LINES = 300

MODULES = sorted(TOOLKIT.rglob("*.py"))
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))

QUESTION_OR_VERB = re.compile(
    r"(Are|Can|Do|Does|Has|Have|How|Is|May|What|When|Where|Which|Who|Whose|Why|Will"
    r"|Build|Find|Give|Hold|Make|Read|Return|Run|Show|Tell|Write)\b"
)
DOTTED_NAME = re.compile(r"toolkit(\.\w+)*[.:]\w+")


def test_few_modules_lie_flat() -> None:
    assert len(list(TOOLKIT.glob("*.py"))) <= MOST_FLAT_MODULES


@every_module
def test_module_is_short(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= MOST_LINES


@every_module
def test_module_begins_with_a_noun_phrase(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text()))

    assert docstring, "a module says what it is"
    first = docstring.splitlines()[0]
    assert first[0].isupper()
    assert first.endswith((".", ":"))
    assert "?" not in first
    assert QUESTION_OR_VERB.match(first) is None, first


@every_module
def test_module_names_no_other_by_a_string(module: Path) -> None:
    strings = [node.value for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Constant)]
    named = [text for text in strings if isinstance(text, str) and DOTTED_NAME.fullmatch(text)]

    assert named == [], "import it: no tool sees a circle through a string"


def test_every_room_is_a_package() -> None:
    folders = {module.parent for module in MODULES}

    assert all((folder / "__init__.py").exists() for folder in folders)
