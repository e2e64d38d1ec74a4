"""Which statement has this name?

Every `.sql` file of this folder holds statements. Each begins with a line `-- name: what it answers`; the
text up to the next such line is the statement. A line `-- include: name` is replaced by that statement, so
that one relation (`desired_assistants`) is written once and read by sync, diagnosis and repair alike.
"""

import re
from functools import cache
from importlib import resources
from typing import LiteralString

_HEAD = re.compile(r"^-- (?P<name>[a-z0-9_]+): .+$", re.MULTILINE)
_INCLUDE = re.compile(r"^-- include: (?P<name>[a-z0-9_]+)$", re.MULTILINE)


@cache
def _statements() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".sql"):
            continue
        text = file.read_text(encoding="utf-8")
        heads = [head for head in _HEAD.finditer(text) if head["name"] != "include"]
        ends = [head.start() for head in heads[1:]] + [len(text)]
        for head, end in zip(heads, ends, strict=True):
            if head["name"] in found:
                raise ValueError(f"two statements are named {head['name']!r}")
            found[head["name"]] = text[head.start() : end].strip()
    return found


@cache
def statement(name: str, **choices: str) -> LiteralString:
    """Return the statement called `name`, with its includes in place.

    Args:
        name: as its `-- name: …` line has it.
        **choices: which statement stands in for an include of this name, such as `agents="agents_copied"`.

    Raises:
        KeyError: if no file of this folder names such a statement.
    """

    def included(line: re.Match[str]) -> str:
        return statement(choices.get(line["name"], line["name"]), **choices)

    return _INCLUDE.sub(included, _statements()[name])
