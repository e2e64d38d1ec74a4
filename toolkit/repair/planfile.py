"""Saved plans: JSON files with a digest, and a line for each row so that they can be read row by row."""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from toolkit import __version__
from toolkit.database.spool import Spool
from toolkit.errors import ParameterError, RefusedError
from toolkit.repair.plan import SECTIONS, Move, Plan, Step
from toolkit.settings import RepairSettings

_FIRST_LINE = re.compile(rb'\{"digest": "(?P<digest>[0-9a-f]{64})",\n')

_MOST_BYTES = 4 * 2**30
"""Size of a file that is refused unread: ten million steps take less."""

_LONGEST_LINE = 16 * 2**20
_CHANGED = "was changed after it was made: its digest does not fit"

Row = TypeVar("Row", bound=BaseModel)


class UnusablePlanError(RefusedError):
    """A plan file that is damaged, outdated or of another database."""

    remedy = "make a new plan, with `repair` without --apply, and have that approved; nothing was changed"


def save(plan: Plan, file: Path) -> None:
    """Write a plan and its digest to `file`, which only its owner may read and write."""
    with open(file, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as opened:
        os.fchmod(opened.fileno(), 0o600)  # one that was there may be open to others
        opened.write(f'{{"digest": "{plan.checksum}",\n'.encode())
        opened.writelines(plan.pieces())


def load(file: Path) -> Plan:
    """Read a saved plan.

    Raises:
        ParameterError: if the file cannot be read.
        UnusablePlanError: if it was changed, was saved by another version of the toolkit, or
            has a step that no diagnosis makes.
    """
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
            raise UnusablePlanError(f"{file} is not a plan: expected a regular file of at most 4 GiB")
        digest, plan = _read(file)
        options = {"scope", "startup_sync", "only", "allow"}
        RepairSettings.checked(plan.model_dump(mode="json", include=options))
    except OSError as error:
        raise ParameterError(f"cannot read plan {str(file)!r}: {error.strerror}") from None
    # a ValidationError is a ValueError; a RecursionError: nested too deeply
    except (ValueError, KeyError, TypeError, RecursionError, ParameterError):
        raise UnusablePlanError(f"{file} is not a plan that toolkit {__version__} knows") from None
    if plan.checksum != digest:
        raise UnusablePlanError(f"{file} {_CHANGED}")
    if plan.toolkit_version != __version__:
        raise UnusablePlanError(f"{file} was made by toolkit {plan.toolkit_version}, this is {__version__}")
    return plan


def _read(file: Path) -> tuple[str, Plan]:
    """Return the digest that the file names, which its bytes have, and the plan."""
    with file.open("rb") as lines:
        first = _FIRST_LINE.fullmatch(lines.readline(100))
        if first is None:
            raise ValueError("no digest in the first line")
        start, digest = lines.tell(), first["digest"].decode()
        if hashlib.file_digest(lines, "sha256").hexdigest() != digest:
            raise UnusablePlanError(f"{file} {_CHANGED}")
        lines.seek(start)
        head = json.loads(lines.readline(_LONGEST_LINE).removeprefix(b'"plan": ').removesuffix(b",\n") + b"}")
        if head["schema_version"] != (known := Plan.model_fields["schema_version"].default):
            found = head["schema_version"]
            raise UnusablePlanError(f"{file} has plan schema {found!r}; toolkit {__version__} reads schema {known}")
        rest = iter(partial(lines.readline, _LONGEST_LINE), b"")
        sections: dict[str, Any] = {}
        for name, model in SECTIONS.items():
            if next(rest, b"") != f'"{name}": [\n'.encode():
                raise ValueError(f"no {name}")
            section = takewhile(lambda line: not line.startswith(b"]"), rest)
            sections[name] = Spool(model, _rows(model, section))
        return digest, Plan(**head, **sections)


def _rows(model: type[Row], lines: Iterable[bytes]) -> Iterator[Row]:
    latest = ""
    for line in lines:
        row = model.model_validate_json(line.rstrip(b",\n"))
        if isinstance(row, Step) and not row.is_possible:
            what = f"{row.kind} of {row.assistant_id!r} to {row.canonical_id!r} for agent {row.agent_id}"
            raise UnusablePlanError(f"the plan has a step that no diagnosis makes: {what}")
        if isinstance(row, Step | Move):
            if row.agent_id < latest:
                raise ValueError("not by agent")
            latest = row.agent_id
        yield row
