"""The notebook around a call: its parameters cell, what papermill injected, and the errors that it shows."""

import ast
import sys
from collections.abc import Mapping, Sequence, Set
from typing import Any

from toolkit.escaping import masked

_PAPERMILLS = "PAPERMILL_"
"""The beginning of the names that `papermill --inject-output-path` adds."""


def _shell() -> Any:
    """Return IPython's shell in a Jupyter kernel; None in a script."""
    found = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return found if hasattr(found, "kernel") else None


def _lines(cell: str) -> list[ast.stmt]:
    """Return the statements of a cell; none where it is not Python."""
    try:
        return ast.parse(cell).body
    except (SyntaxError, ValueError):
        return []


def _cells() -> tuple[set[str], dict[str, Any]]:
    """Return what the last parameters cell declares, and what papermill's cell after it injects.

    The parameters cell is the one that annotates `supabase`, papermill's begins with `# Parameters`
    (https://papermill.readthedocs.io/en/latest/usage-parameterize.html). Other cells and variables are not looked at.
    """
    declared: set[str] = set()
    injected: dict[str, Any] = {}
    shell = _shell()
    for cell in shell.history_manager.input_hist_parsed if shell else ():
        if cell.lstrip().startswith("# Parameters"):
            values = {ast.unparse(line.targets[0]): line.value for line in _lines(cell) if isinstance(line, ast.Assign)}
            injected = {name: _literal(value) for name, value in values.items() if not name.startswith(_PAPERMILLS)}
        elif "supabase" in (
            names := {ast.unparse(each.target) for each in _lines(cell) if isinstance(each, ast.AnnAssign)}
        ):
            declared, injected = names, {}
    return declared, injected


def _literal(value: ast.expr) -> Any:
    try:
        return ast.literal_eval(value)
    except ValueError:  # float("nan"), as papermill writes it
        return ast.unparse(value)


def injected(known: Set[str]) -> dict[str, Any]:
    """Return what papermill injected for a call: the `known` parameters, and names that the notebook does not declare.

    Empty where no parameters cell ran, as in a notebook of the user's own.
    """
    declared, values = _cells()
    return {name: value for name, value in values.items() if declared and (name in known or name not in declared)}


def parameters(known: Set[str]) -> Mapping[str, Any]:
    """Return the present values of those `known` names that the parameters cell declares."""
    shell = _shell()
    return {name: repr(shell.user_ns.get(name)) for name in _cells()[0] & known} if shell else {}


def can_answer() -> bool:
    """Return whether a person can answer a question: in JupyterLab, but not under papermill, nbclient or nbval."""
    shell = _shell()
    return bool(shell and getattr(shell.kernel, "_allow_stdin", False))


def mask_errors(secrets: Sequence[str]) -> None:
    """Mask these secrets, in the forms that `spellings` returns, in every error that the notebook shows."""
    if (shell := _shell()) is None:
        return
    show = type(shell)._showtraceback

    def show_masked(kind: type[BaseException], error: BaseException, lines: Sequence[str]) -> None:
        show(shell, kind, masked(str(error), secrets), [masked(line, secrets) for line in lines])

    shell._showtraceback = show_masked
