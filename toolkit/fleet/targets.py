"""Targets: the projects of a fleet, read from `targets.toml` and checked as a whole."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from toolkit.errors import ParameterError, RefusedError
from toolkit.phrases import closest
from toolkit.settings import DiagnoseSettings

_NAME = re.compile(r"[^\W_](?:[\w .-]{0,98}[\w-])?")
"""A name that is a folder's name, too."""
_MOST_BYTES = 200


class TargetsError(RefusedError):
    """A file of targets that cannot be used."""

    remedy = "correct the file and run again; no project was looked at"

    def __init__(self, *problems: str) -> None:
        """Keep the problems apart, so that each can have a line."""
        super().__init__("; ".join(problems))
        self.problems = problems


class Target(DiagnoseSettings):
    """A project: the parameters of its diagnosis, under a name."""

    name: str = Field(description="what the result and the page's folder are called")
    supabase: str = Field(description="database with public.agents: env:NAME, service:NAME, sandbox:…")

    @field_validator("name")
    @classmethod
    def _name_is_one_of_a_folder(cls, name: str) -> str:
        if not _NAME.fullmatch(name) or len(name.encode()) > _MOST_BYTES:
            letters = "up to 100 letters (66 where one takes 3 bytes)"
            raise ValueError(f"expected {letters}, digits, spaces, '.', '-' and '_', a letter or digit first")
        return name

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of its diagnosis: references, no secrets."""
        return self.model_dump(exclude={"name"}, exclude_defaults=True)


_KEYS = [name for name in Target.model_fields if name != "report_dir"]
_NEEDED = {"name": "defaults", "supabase": "env:NAME"}


def read(file: Path) -> list[Target]:
    """Return the targets of a file, each with the defaults that it does not name itself.

    Raises:
        TargetsError: if the file cannot be read or a target cannot be used; it names every target and key.
    """
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TargetsError(f"cannot read {str(file)!r}: {error.strerror}") from None
    except ValueError as error:  # its syntax, with the line; or no UTF-8
        raise TargetsError(f"{file} is not TOML: {error}") from None
    if problems := [f"{file}: {problem}" for problem in _problems(document)]:
        raise TargetsError(*problems)
    return [Target.checked(document.get("defaults", {}) | target) for target in document["target"]]


def _problems(document: dict[str, Any]) -> Iterator[str]:
    defaults, targets = document.get("defaults", {}), document.get("target")
    for table in document.keys() - {"defaults", "target"}:
        yield f"unknown table {table!r}: {closest(table, ['target', 'defaults'])}"
    if not isinstance(targets, list) or not targets or not all(isinstance(each, dict) for each in (defaults, *targets)):
        yield "expected [[target]] for each project, and [defaults]"
        return
    for problem in _of(_NEEDED | defaults):
        yield f"[defaults]: {problem}"
    if "name" in defaults:
        yield "[defaults]: key 'name': every target has its own"
    first: dict[str, int] = {}
    for number, target in enumerate(targets, 1):
        name = str(target.get("name"))
        called = f"target {name!r}" if _NAME.fullmatch(name) and "name" in target else f"target {number}"
        for key in _NEEDED.keys() - (defaults | target).keys():
            yield f"{called}: no key {key!r}: every target needs it"
        for problem in _of(target):
            yield f"{called}: {problem}"
        if first.setdefault(name.casefold(), number) != number and "name" in target:
            yield f"{called}: key 'name': target {first[name.casefold()]} has the same"


def _of(table: dict[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if key not in _KEYS:
            yield f"unknown key {key!r}: {closest(key, _KEYS)}"
            continue
        try:
            Target.checked(_NEEDED | {key: value})
        except ParameterError as error:
            said = error.detail.removeprefix(f"parameter {key!r}").lstrip(", ")
            yield f"key {key!r}: {said.partition('; papermill: ')[0]}"
