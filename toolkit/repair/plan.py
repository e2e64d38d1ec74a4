"""Plan of a repair: steps, moves and what is left, as data."""

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import groupby
from typing import Literal, Self, TypeVar, cast

from pydantic import BaseModel

from toolkit.catalog.kinds import Kind
from toolkit.database.spool import Spool

StepKind = Literal["rekey", "create", "adopt", "update", "write_back", "remove"]
MAKES: tuple[StepKind, ...] = ("rekey", "create", "adopt", "update")
"""Steps after which the agent has an assistant with its canonical id."""
ASKS_SUPABASE: frozenset[str] = frozenset({"create", "adopt", "update", "write_back"})
"""Steps that read or write the Supabase side."""

Row = TypeVar("Row")


class Step(BaseModel, frozen=True):
    """One change that the repair would make to one row."""

    kind: StepKind
    finding: Kind
    """Kind of the finding that the step answers."""
    agent_id: str
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


class Move(BaseModel, frozen=True):
    """References or conversations of one place that move to an agent's canonical id."""

    place: str
    """Name of a place, such as `runs.assistant_id`; or `conversations`, whose rows stand in several places."""
    agent_id: str
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

    schema_version: Literal[2] = 2
    toolkit_version: str
    supabase_fingerprint: str
    langgraph_fingerprint: str
    scope: str
    moves: Spool[Move]
    """By agent, then place."""
    left: Spool[Left]
    steps: Spool[Step]
    """By agent."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the plan's bytes; equal rows in both databases give an equal digest."""
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
    for value, rows in groupby(heapq.merge(*streams, key=key), key=key):
        yield value, list(rows)
