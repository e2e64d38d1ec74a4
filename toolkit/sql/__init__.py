"""Named SQL statements, each with the side it runs on and the slots that its caller fills.

Every `.sql` file of this folder holds statements. Each begins with a head line; the text up to the next one is its own:

    -- sync_orphans (supabase; slots: present): the number of the system's assistants whose agent is not in use

- A side is `supabase`, `langgraph`, `either`, `sandbox`, or `fragment` for a part of other statements.
- `-- include: name` stands for the statement of this name, so that `desired_assistants` is written once. Within a line
  it is `/* include: name */`.
- `-- slot: name`, or `/* slot: name */`, stands for what the caller chooses: a statement with `fills: name` in its head
  line, or a `Text`. The head line names every slot that must be filled, also those of its includes.
  `tool_sets = every_tool_set` names what stands in a slot that the caller leaves out.
- `{table}` is a hole for psycopg.sql. The head line names these, too: `holes: table, key`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import LiteralString

_HEAD = re.compile(
    r"^-- ([a-z0-9_]+) \((supabase|langgraph|either|sandbox|fragment)(?:; fills: ([^;)]+))?"
    r"(?:; slots: ([^;)]+))?(?:; holes: ([^)]+))?\): (.+)$",
    re.MULTILINE,
)
_SLOT = re.compile("([a-z_]+)(?: = ([a-z_]+))?")
_PART = re.compile(r"(?:^-- |/\* )(include|slot): ([a-z0-9_]+)(?:$| \*/)", re.MULTILINE)


class Text(str):
    """SQL that stands in a slot itself, where no statement of this folder does."""

    __slots__ = ()


@dataclass(frozen=True)
class Statement:
    """One statement, as its file has it."""

    name: str
    text: str
    side: str
    slots: Mapping[str, str]
    """The default of each slot; empty: the caller must fill it."""
    fills: frozenset[str]
    holes: frozenset[str]


@cache
def statements() -> Mapping[str, Statement]:
    """Read every statement of this folder, by name."""
    found: dict[str, Statement] = {}
    for file in sorted(Path(__file__).parent.glob("*.sql")):
        parts = iter(_HEAD.split(file.read_text(encoding="utf-8"))[1:])
        for name, side, fills, slots, holes, sentence, rest in zip(*[parts] * 7, strict=True):
            if name in found:
                raise ValueError(f"two statements are named {name!r}")
            defaults = dict(_SLOT.findall(slots or ""))
            names = (frozenset(re.findall("[a-z_]+", trait or "")) for trait in (fills, holes))
            found[name] = Statement(name, f"-- {name}: {sentence}{rest.rstrip()}", side, defaults, *names)
    return found


@lru_cache(256)  # of every diagnosis across two servers some texts are its own
def statement(name: str, **slots: str) -> LiteralString:
    """Return a statement with its includes in place and its slots filled.

    Each of `slots` names a statement, as in `wanted="assistants_to_write"`, or is a `Text`. It comes before a default.
    What this statement has no slot for is ignored, so that one mapping serves several statements.

    Raises:
        ValueError: if there is no such statement, a slot is not filled, or its filler does not fill it.
    """
    if name not in statements():
        raise ValueError(f"no statement is named {name!r}")
    here = statements()[name]
    chosen = {slot: default for slot, default in here.slots.items() if default} | slots

    def put(found: re.Match[str]) -> str:
        what, part = found.groups()
        filler = part if what == "include" else chosen.get(part)
        if filler is None:
            raise ValueError(f"slot {part!r} of statement {name!r} is not filled")
        text = filler if isinstance(filler, Text) else statement(filler, **chosen)
        if what == "slot" and text is not filler and part not in statements()[filler].fills:
            raise ValueError(f"statement {filler!r} does not fill slot {part!r} of statement {name!r}")
        return text if found[0].startswith("--") else f"\n{text}\n"  # its first or last line may be a comment

    return _PART.sub(put, here.text)
