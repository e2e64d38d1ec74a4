"""Every statement of toolkit.sql, with every choice of what may fill its slots."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from toolkit import sql

PART = re.compile(r"(?:^-- |/\* )(include|slot): ([a-z0-9_]+)(?:$| \*/)", re.MULTILINE)


def parts(name: str, what: str) -> set[str]:
    """Return the includes or the slots that stand in the text of a statement."""
    return {part for kind, part in PART.findall(sql.statements()[name].text) if kind == what}


def fillers(slot: str) -> list[str]:
    """Return the statements that fill a slot."""
    return [each.name for each in sql.statements().values() if slot in each.fills]


@cache
def reached(name: str) -> frozenset[str]:
    """Return the slots that a statement has, also those of its includes and of what may fill its slots."""
    own = parts(name, "slot")
    inner = parts(name, "include") | {filler for slot in own for filler in fillers(slot)}
    return frozenset(own).union(*map(reached, inner))


def same(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    return {key for key in one.keys() & other.keys() if one[key] == other[key]}


def expansions(
    texts: Mapping[str, Sequence[sql.Text]], tables: Sequence[Sequence[Mapping[str, str]]] = ()
) -> Iterator[tuple[sql.Statement, str]]:
    """Expand every statement that runs by itself, with every choice; `texts` are further choices for their slots.

    `tables` are choices that the code makes together: of each only what fits one of its rows is expanded.
    A statement that is a default is no choice elsewhere: `agent_links_read` reads what only `references` has.
    """
    by_default = {default for each in sql.statements().values() for default in each.slots.values()}
    for each in sql.statements().values():
        if each.side == "fragment":
            continue
        slots = sorted(reached(each.name))
        choices: list[list[str | None]] = [
            [filler for filler in (*fillers(slot), *texts.get(slot, ())) if filler not in by_default]
            + ([None] if each.slots.get(slot, by_default.intersection(fillers(slot))) else [])  # leaves the default
            for slot in slots
        ]
        found = set()
        for chosen in product(*choices):
            given = {slot: filler for slot, filler in zip(slots, chosen, strict=True) if filler}
            if all(any(given.keys() & row.keys() <= same(given, row) for row in table) for table in tables):
                found.add(sql.statement(each.name, **given))
        yield from ((each, text) for text in sorted(found))
