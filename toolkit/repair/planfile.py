"""Saved plans: JSON files with a digest, and a line for each row so that they can be read row by row."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from toolkit import __version__
from toolkit.database.spool import Spool
from toolkit.errors import RefusedError
from toolkit.repair.plan import SECTIONS, Plan

_FIRST_LINE = re.compile(rb'\{"digest": "(?P<digest>[0-9a-f]{64})",\n')


class UnusablePlanError(RefusedError):
    """A plan file that is damaged, outdated or of another database."""

    remedy = "make a new plan, with `repair` without --apply, and have that approved; nothing was changed"


def save(plan: Plan, file: Path) -> None:
    """Write a plan and its digest to `file`."""
    with file.open("wb") as opened:
        opened.write(f'{{"digest": "{plan.digest}",\n'.encode())
        opened.writelines(plan.pieces())


def load(file: Path) -> Plan:
    """Read a saved plan.

    Raises:
        UnusablePlanError: if the file cannot be read, was changed, or was saved by another version of the toolkit.
    """
    try:
        digest, plan = _read(file)
    except OSError as error:
        raise UnusablePlanError(f"cannot read plan {file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):  # a ValidationError is a ValueError
        raise UnusablePlanError(f"{file} is not a plan that toolkit {__version__} knows") from None
    if plan is None or plan.digest != digest:
        raise UnusablePlanError(f"{file} was changed after it was made: its digest does not fit")
    if plan.toolkit_version != __version__:
        raise UnusablePlanError(f"{file} was made by toolkit {plan.toolkit_version}, this is {__version__}")
    return plan


def _read(file: Path) -> tuple[str, Plan | None]:
    """Return the digest that the file names, and the plan; None for the plan where its bytes have another digest."""
    with file.open("rb") as lines:
        first = _FIRST_LINE.fullmatch(lines.readline(100))
        if first is None:
            raise ValueError("no digest in the first line")
        start = lines.tell()
        is_whole = hashlib.file_digest(lines, "sha256").hexdigest() == first["digest"].decode()
        lines.seek(start)
        head = json.loads(lines.readline().removeprefix(b'"plan": ').removesuffix(b",\n") + b"}")
        sections: dict[str, Any] = {}
        for name, model in SECTIONS.items():
            sections[name] = Spool(model, map(model.model_validate_json, _section(lines, name)))
        return first["digest"].decode(), Plan(**head, **sections) if is_whole else None


def _section(lines: Iterable[bytes], name: str) -> Iterator[bytes]:
    reading = iter(lines)
    if next(reading, None) != f'"{name}": [\n'.encode():
        raise ValueError(f"no {name}")
    for line in reading:
        if line.startswith(b"]"):
            return
        yield line.removesuffix(b"\n").removesuffix(b",")
    raise ValueError(f"{name} have no end")
