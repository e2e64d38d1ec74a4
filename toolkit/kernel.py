"""The notebook around a call: its parameters cell, what papermill injected, and the errors that it shows."""

import ast
import json
import re
import sys
from collections.abc import Mapping, Sequence, Set
from typing import Any

from toolkit.escaping import masked
from toolkit.phrases import closest

HANDED_OVER = "text/x-assistant-toolkit-report"
"""The type of an output that bears `report.json`, which could not be written."""


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
            # `papermill --inject-output-path` adds names of its own
            injected = {name: _literal(value) for name, value in values.items() if not name.startswith("PAPERMILL_")}
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


def is_left(name: str) -> bool:
    """Return whether a notebook that no person runs declares this parameter, and papermill injected no value for it."""
    declared, values = _cells()
    return name in declared and name not in values and not can_answer()


_SPELLED = {
    "bool_type": ("True or False", "-p {name} True"),
    "string_type": ("a text", "-r {name} {value}"),
    "list_type": ("a list", "-y '{name}: [{value}]'"),
}
"""What a parameter of each type must be, and how papermill writes it, by pydantic's word for another type."""


_HOST_AND_PORT = re.compile(r"[\w.-]+:\d{1,5}/?")
"""A server's address that lacks only `http://`: `127.0.0.1:8123`."""


def explained(error: Any, known: Sequence[str]) -> str:
    """Return what is wrong with a parameter, from pydantic's error, with papermill's spelling of the right type."""
    if not error["loc"]:
        return str(error["ctx"]["error"])
    name, value = str(error["loc"][0]), error["input"]
    if error["type"] == "extra_forbidden":
        return f"unknown parameter {name!r}: {closest(name, known)}"
    may_hold_one = name == "api_token" or (name == "api_url" and not _HOST_AND_PORT.fullmatch(str(value)))
    secret = may_hold_one or "=" in repr(value)
    shown = "a value (not shown: it may be a secret)" if secret else repr(value)
    is_entry = len(error["loc"]) > 1
    if spelled := _SPELLED.get("list_type" if is_entry else error["type"]):
        entry = " of texts" if is_entry else ""
        told = f"parameter {name!r}, got {shown} of type {type(value).__name__}: it must be {spelled[0]}{entry}"
        if secret or isinstance(value, bool) or not isinstance(value, str | int | float):
            return told
        return f"{told}; papermill: " + spelled[1].format(
            name=name, value=json.dumps(str(value)) if is_entry else value
        )
    reason = error.get("ctx", {}).get("error") or error["msg"].lower()
    return f"parameter {name!r}, got {shown}: {reason}"


def parameters(known: Set[str]) -> Mapping[str, Any]:
    """Return the present values of those `known` names that the parameters cell declares."""
    shell = _shell()
    return {name: repr(shell.user_ns.get(name)) for name in _cells()[0] & known} if shell else {}


def can_answer() -> bool:
    """Return whether a person can answer a question: in JupyterLab, but not under papermill, nbclient or nbval."""
    shell = _shell()
    return bool(shell and getattr(shell.kernel, "_allow_stdin", False))


def hand_over(report: str, unwritten: str) -> None:
    """Say what could not be written, and leave the report in an output of the notebook."""
    print(f"Warning: not written: {unwritten}", file=sys.stderr)
    if shell := _shell():
        shell.display_pub.publish({HANDED_OVER: report})


def mask_errors(secrets: Sequence[str]) -> None:
    """Mask these secrets, in the forms that `spellings` returns, in every error that the notebook shows."""
    if (shell := _shell()) is None:
        return
    show = type(shell)._showtraceback

    def show_masked(kind: type[BaseException], error: BaseException, lines: Sequence[str]) -> None:
        show(shell, kind, masked(str(error), secrets), [masked(line, secrets) for line in lines])

    shell._showtraceback = show_masked
