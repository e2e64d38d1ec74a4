"""Targets: the projects of a fleet, read from `targets.toml` and checked as a whole."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from toolkit import phrases
from toolkit.errors import ParameterError, RefusedError
from toolkit.settings import DiagnoseSettings, hint


class TargetsError(RefusedError):
    """A file of targets that cannot be used."""

    remedy = "correct the file and run again; no project was looked at"


_NAME = re.compile(r"[^\W_](?:[\w .-]{0,98}[\w-])?")
"""A name that is a folder's name, too."""


class Target(DiagnoseSettings):
    """A project: the parameters of its diagnosis, under a name."""

    name: str = Field(description="what the result and the page's folder are called")
    supabase: str = Field(description="database with public.agents: env:NAME, service:NAME, sandbox:…")

    @field_validator("name")
    @classmethod
    def _name_is_one_of_a_folder(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("expected up to 100 letters, digits, spaces, '.', '-' and '_', a letter or digit first")
        return name

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of its diagnosis: references, no secrets."""
        return self.model_dump(exclude={"name"}, exclude_defaults=True)


_KEYS = [name for name in Target.model_fields if name != "report_dir"]


def read(file: Path) -> list[Target]:
    """Return the targets of a file, each with the defaults that it does not name itself.

    Raises:
        TargetsError: if the file cannot be read or a target cannot be used; it names every target and key.
    """
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TargetsError(f"cannot read {str(file)!r}: {error.strerror}") from None
    except ValueError as error:  # the syntax, with its line; or no UTF-8
        raise TargetsError(f"{str(file)!r} is not TOML: {error}") from None
    found, defaults = document.pop("target", []), document.pop("defaults", {})
    problems = [f"unknown table {name!r}: {hint(name, ['target', 'defaults'])}" for name in document]
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in (defaults, *found)):
        problems.append("expected [[target]] for each project, and [defaults]")
    elif "name" in defaults:
        problems.append("[defaults]: key 'name': every target has its own")
    elif in_defaults := _problems({"name": "defaults", "supabase": "env:NAME"} | defaults):
        problems += [f"[defaults]: {problem}" for problem in in_defaults]
    elif not found and not problems:
        problems.append("no [[target]]: a fleet has at least one project")
    else:
        found = [defaults | target for target in found]
        problems += [
            f"{_called(target, number)}: {problem}"
            for number, target in enumerate(found, 1)
            for problem in _problems(target)
        ]
        problems += _repeated(found)
    if problems:
        counted = phrases.counted(len(problems), "problem")
        raise TargetsError("\n  ".join([f"{str(file)!r}", *problems]) + f"\n{counted}")
    return [Target.checked(target) for target in found]


def _called(target: dict[str, Any], number: int) -> str:
    name = target.get("name")
    return f"target {name!r}" if isinstance(name, str) and _NAME.fullmatch(name) else f"target {number}"


def _problems(values: dict[str, Any]) -> list[str]:
    problems = [f"unknown key {key!r}: {hint(key, _KEYS)}" for key in values if key not in _KEYS]
    problems += [f"no key {key!r}: every target needs it" for key in ("name", "supabase") if key not in values]
    for key in values.keys() & _KEYS:
        try:
            Target.checked({"name": "unnamed", "supabase": "env:NAME", key: values[key]})
        except ParameterError as error:
            said = str(error).removesuffix(f": {error.remedy}").removeprefix(f"parameter {key!r}").lstrip(", ")
            problems.append(f"key {key!r}: {said.partition('; papermill: ')[0]}")
    return problems


def _repeated(targets: list[dict[str, Any]]) -> list[str]:
    """Name the targets whose folders would be one, also where a file system ignores case."""
    first: dict[str, int] = {}
    folders = [
        (number, str(target.get("name")).casefold()) for number, target in enumerate(targets, 1) if "name" in target
    ]
    return [
        f"{_called(targets[number - 1], number)}: key 'name': target {first[folder]} has the same"
        for number, folder in folders
        if first.setdefault(folder, number) != number
    ]
