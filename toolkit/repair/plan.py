"""Plan of a repair: steps, moves and what is left, as data."""

import hashlib
import heapq
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import groupby
from typing import Annotated, Literal, Self, TypeVar, cast

from pydantic import BaseModel, PrivateAttr, StringConstraints

from toolkit.catalog.kinds import Kind
from toolkit.database.spool import Spool
from toolkit.scope import Scope, StartupSync

AgentId = Annotated[str, StringConstraints(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
StepKind = Literal["rekey", "create", "adopt", "update", "write_back", "remove"]
MAKES: tuple[StepKind, ...] = ("rekey", "create", "adopt", "update")
"""Steps after which the agent has an assistant with its canonical id."""
ASKS_SUPABASE: frozenset[str] = frozenset({"create", "adopt", "update", "write_back"})
"""Steps that read or write the Supabase side."""

ANSWERS: dict[StepKind, tuple[Kind, ...]] = {
    "rekey": ("wrong_id", "conflict"),
    "create": ("missing", "conflict"),
    "adopt": ("hidden", "conflict"),
    "update": ("drift",),
    "write_back": ("not_written_back",),
    "remove": ("duplicate", "orphan"),
}
"""The kinds of findings that a step answers."""

_HASHES = re.compile("[0-9a-f]{32}( [0-9a-f]{32})?")

Row = TypeVar("Row")


class Step(BaseModel, frozen=True):
    """One change that the repair would make to one row."""

    kind: StepKind
    finding: Kind
    """Kind of the finding that the step answers."""
    agent_id: AgentId
    agent_name: str
    assistant_id: str | None
    """Present id of the row to keep or to remove; None where no row exists yet."""
    canonical_id: str | None
    """Canonical id of the agent's assistant; None where an orphan is removed."""
    expects: str | None
    """Hash of the row that the plan saw; for `write_back` the write-back itself. The step is stale where it differs."""

    @property
    def replaces(self) -> bool:
        """True where references move from `assistant_id` to `canonical_id`."""
        return self.kind in ("rekey", "remove") and self.canonical_id is not None

    @property
    def makes(self) -> bool:
        """True where the agent has no assistant of its own before the step. Its other steps need this one."""
        return self.kind in ("rekey", "create", "adopt")

    @property
    def change(self) -> tuple[StepKind, Kind, str | None]:
        """What the step does for its agent, whatever hash it expects."""
        return self.kind, self.finding, self.assistant_id

    @property
    def is_possible(self) -> bool:
        """False where no diagnosis of any database makes this step."""
        row, canonical_id = self.assistant_id, None if self.finding == "orphan" else self.agent_id
        is_its_row = {
            "create": row is None,
            "write_back": row is None,
            "adopt": row == canonical_id,
            "rekey": row not in (None, canonical_id),
        }.get(self.kind, row is not None)
        is_compared = self.kind == "write_back" or _HASHES.fullmatch(self.expects or "") is not None
        is_answer = self.finding in ANSWERS[self.kind] and self.canonical_id == canonical_id
        return is_its_row and is_compared and is_answer


class Move(BaseModel, frozen=True):
    """References or conversations of one place that move to an agent's canonical id."""

    place: str
    """Name of a place, such as `runs.assistant_id`; or `conversations`, whose rows stand in several places."""
    agent_id: AgentId
    agent_name: str
    rows: int
    assistant_id: str | None = None
    """Id of the user's row that these conversations name; None where references name the agent's old ids."""


class Left(BaseModel, frozen=True):
    """A finding that the plan or the repair leaves alone, and the reason."""

    finding: Kind
    agent_id: str | None
    agent_name: str | None
    assistant_id: str | None
    reason: str
    is_open: bool = False
    """True where somebody still has to act."""
    count: int = 1
    """What the finding counts, in the unit of its kind."""

    @property
    def name(self) -> str:
        """The agent's name; else its id, or that of the row."""
        return self.agent_name or self.agent_id or self.assistant_id or ""


class Change(BaseModel, frozen=True):
    """How many rows of one table a repair changes, makes and removes."""

    table: str
    """The table with its schema, `langgraph_server.runs`."""
    changed: int = 0
    made: int = 0
    removed: int = 0
    threads: int = 0
    """Conversations that its changed rows belong to."""
    users: int = 0
    """Users whose conversations and memories these are."""

    @property
    def rows(self) -> int:
        return self.changed + self.made + self.removed


class Changes(BaseModel, frozen=True):
    """What a repair changes, table by table."""

    tables: tuple[Change, ...] = ()
    """By name, without those that stay as they are."""
    threads: int = 0
    users: int = 0

    def of(self, table: str) -> Change:
        """Return what changes in one table, named as in `Change`; zeros where it stays as it is."""
        return next((each for each in self.tables if each.table == table), Change(table=table))

    def without(self, rest: "Changes") -> "Changes":
        """Return these changes without `rest`; without users, since nobody counted those that both have."""
        counted = ("changed", "made", "removed", "threads")
        pairs = ((one, rest.of(one.table)) for one in self.tables)
        less = (
            Change(table=one.table, **{name: getattr(one, name) - getattr(other, name) for name in counted})
            for one, other in pairs
        )
        return Changes(tables=tuple(each for each in less if each.rows), threads=self.threads - rest.threads)

    @property
    def before(self) -> dict[str, int]:
        """Rows from before the repair that differ after it or are gone, by table."""
        return {each.table: count for each in self.tables if (count := each.changed + each.removed)}

    @property
    def made(self) -> dict[str, int]:
        """Rows that the repair makes, by table."""
        return {each.table: each.made for each in self.tables if each.made}


class Thread(BaseModel, frozen=True):
    """A conversation that gets another assistant."""

    conversation: str
    user: str | None
    old_id: str
    new_id: str


SECTIONS: dict[str, type[BaseModel]] = {"moves": Move, "left": Left, "steps": Step}
"""Sections of a plan that hold rows, in the order of its file."""


class AgentPlan(BaseModel, frozen=True):
    """Steps and moves of one agent."""

    agent_id: str
    agent_name: str
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]


class Plan(BaseModel, frozen=True, arbitrary_types_allowed=True):
    """What a repair would do, as data that is saved, approved and applied.

    Its rows may spill to disk: iterate over them.
    """

    schema_version: Literal[5] = 5
    toolkit_version: str
    supabase_fingerprint: str
    langgraph_fingerprint: str
    supabase_origin: tuple[str, ...] = ()
    """The server's address as it was named, and when it started; empty: unknown."""
    langgraph_origin: tuple[str, ...] = ()
    scope: str
    startup_sync: StartupSync = ""
    only: tuple[str, ...] = ()
    """Agent ids and kinds that the plan is about; empty: all."""
    allow: tuple[str, ...] = ()
    """What is repaired only when named, such as `drift`."""
    undone: tuple[str, ...] = ()
    """Runs that were undone before. With them, the same repair has another digest after an undo."""
    changes: Changes = Changes()
    moves: Spool[Move]
    """By agent, then place."""
    left: Spool[Left]
    steps: Spool[Step]
    """By agent."""

    _digest: str | None = PrivateAttr(None)

    def confirmed(self, digest: str = "") -> Self:
        """Mark the plan as confirmed by a diagnosis of now; `digest` is the saved plan's, if this is its rest."""
        self._digest = digest
        return self

    @property
    def is_confirmed(self) -> bool:
        """False where the plan comes from a file or is a copy: nothing is known of its steps."""
        return self._digest is not None

    @property
    def agents_in_scope(self) -> Scope:
        """The scope, parsed, with the startup sync."""
        return Scope.parse(self.scope, self.startup_sync)

    @property
    def digest(self) -> str:
        """Digest under which the plan is approved: the saved plan's, if this is the rest of one."""
        return self._digest or self.checksum

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the plan's bytes; equal rows in both databases give an equal one."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Steps by kind, and `move`, the references that move; without zeros."""
        counts = dict(sorted(Counter[str](step.kind for step in self.steps).items()))
        if moved := sum(move.rows for move in self.moves):
            counts["move"] = moved
        return counts

    @property
    def kept(self) -> int:
        """How many rows the steps replace or remove that stay, since rows that no repair moves still name them."""
        removed = sum(each.removed for each in self.changes.tables)
        return self.counts.get("rekey", 0) + self.counts.get("remove", 0) - removed if self.changes.tables else 0

    @cached_property
    def places(self) -> frozenset[str]:
        """Names of the places whose references move, and `conversations`."""
        return frozenset(move.place for move in self.moves)

    @cached_property
    def touched(self) -> int:
        """How many agents have a step or a move."""
        return sum(1 for _ in self.agents())

    def __copy__(self) -> Self:
        # without the cached properties: a copy with another scope has another digest
        copied = self.model_construct(**{name: getattr(self, name) for name in type(self).model_fields})
        return cast(Self, copied)  # mypy's plugin says Plan, whatever the class

    def agents(self) -> Iterator[AgentPlan]:
        """Yield each agent's steps and moves, by agent id."""
        streams: tuple[Iterable[Step | Move], ...] = (self.steps, self.moves)
        for agent_id, rows in merged(*streams, key=lambda row: row.agent_id):
            steps = tuple(row for row in rows if isinstance(row, Step))
            moves = tuple(row for row in rows if isinstance(row, Move))
            yield AgentPlan(agent_id=agent_id, agent_name=rows[0].agent_name, steps=steps, moves=moves)

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the plan's file after the line of the digest."""
        head = json.dumps(self.model_dump(mode="json", exclude=set(SECTIONS)), sort_keys=True, ensure_ascii=False)
        yield b'"plan": ' + head.removesuffix("}").encode()
        for name in SECTIONS:
            yield f',\n"{name}": ['.encode()
            for number, line in enumerate(getattr(self, name).lines()):
                yield (b",\n" if number else b"\n") + line
            yield b"\n]"
        yield b"}}\n"


def merged(*streams: Iterable[Row], key: Callable[[Row], str]) -> Iterator[tuple[str, list[Row]]]:
    """Merge streams that are sorted by `key`; yield each key, such as an agent's id, with its rows."""
    return ((value, list(rows)) for value, rows in groupby(heapq.merge(*streams, key=key), key=key))
