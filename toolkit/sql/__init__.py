"""Named SQL statements, each with the side it runs on and the slots that its caller fills.

Every `.sql` file of this folder holds statements. Each begins with a head line; the text up to the next one is its own:

    -- sync_orphans (supabase; slots: present): the number of the system's assistants whose agent is not in use

- A side is `supabase`, `langgraph`, `either`, `sandbox`, or `fragment` for a part of other statements.
- `-- include: name` stands for the statement of this name, so that `desired_assistants` is written once.
- `-- slot: name` stands for what the caller chooses: a statement whose head line says that it fills this slot, as in
  `fills: present`, or a `Text`. The head line names all slots that must be filled, also those of its includes;
  `tool_sets = every_tool_set` names what stands in a slot that the caller leaves out.
- `{table}` is a hole for psycopg.sql. The head line names these, too: `holes: table, key`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import LiteralString

_HEAD = re.compile(
    r"^-- (?P<name>[a-z0-9_]+) \((?P<side>supabase|langgraph|either|sandbox|fragment)(; fills: (?P<fills>[^;)]+))?"
    r"(; slots: (?P<slots>[^;)]+))?(; holes: (?P<holes>[^)]+))?\): (?P<sentence>.+)$",
    re.MULTILINE,
)
_PART = re.compile(r"^-- (?P<what>include|slot): (?P<name>[a-z0-9_]+)$", re.MULTILINE)


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
    """What stands in each slot that the caller leaves out; empty: the caller must fill it."""
    fills: frozenset[str]
    holes: frozenset[str]


@cache
def statements() -> Mapping[str, Statement]:
    """Read every statement of this folder, by name."""
    found: dict[str, Statement] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda each: each.name):
        whole = file.read_text(encoding="utf-8") if file.name.endswith(".sql") else ""
        heads = list(_HEAD.finditer(whole))
        for head, end in zip(heads, [*(head.start() for head in heads[1:]), len(whole)], strict=False):
            name, text = head["name"], f"-- {head['name']}: {head['sentence']}{whole[head.end() : end].rstrip()}"
            slots, fills, holes = ((head[trait] or "").split(", ") for trait in ("slots", "fills", "holes"))
            defaults = {slot: default for slot, _, default in (each.partition(" = ") for each in slots) if slot}
            if name in found:
                raise ValueError(f"two statements are named {name!r}")
            found[name] = Statement(
                name, text, head["side"], defaults, frozenset(fills) - {""}, frozenset(holes) - {""}
            )
    return found


def statement(name: str, choices: Mapping[str, str] | None = None, /, **slots: str) -> LiteralString:
    """Return the statement called `name`, with its includes in place and its slots filled.

    Args:
        name: as its head line has it.
        choices: what fills slots of several statements; this one takes what it has slots for, and no default.
        **slots: what fills slots of this one, as in `wanted="assistants_to_write"`: a statement's name, or a `Text`.

    Raises:
        ValueError: if there is no such statement, include or slot, if a slot is not filled, or by what does not fit it.
    """
    return _filled(name, tuple((choices or {}).items()), tuple(slots.items()))


@cache
def _filled(name: str, choices: tuple[tuple[str, str], ...], slots: tuple[tuple[str, str], ...]) -> LiteralString:
    chosen, given, met = dict(choices), dict(slots), set()

    def expanded(name: str, defaults: Mapping[str, str]) -> str:
        if name not in statements():
            raise ValueError(f"no statement is named {name!r}")
        here = statements()[name]
        inner = {**here.slots, **{slot: default for slot, default in defaults.items() if default}}

        def put(line: re.Match[str]) -> str:
            slot = line["name"]
            if line["what"] == "include":
                return expanded(slot, inner)
            met.add(slot)
            filler = given.get(slot) or inner.get(slot) or chosen.get(slot)
            if not filler:
                raise ValueError(f"slot {slot!r} of statement {name!r} is not filled")
            if isinstance(filler, Text):
                return filler
            text = expanded(filler, inner)
            if slot not in statements()[filler].fills:
                raise ValueError(f"statement {filler!r} does not fill slot {slot!r} of statement {name!r}")
            return text

        return _PART.sub(put, here.text)

    text = expanded(name, {})
    if unknown := given.keys() - met:
        raise ValueError(f"statement {name!r} has no slot {', '.join(sorted(unknown))}")
    return text
