"""The plan of a repair: steps, moves and what is left; data, not code."""

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import Literal, Self, cast

from pydantic import BaseModel

from toolkit.catalog.kinds import Kind
from toolkit.database.spool import Spool

StepKind = Literal["rekey", "create", "adopt", "update", "write_back", "remove"]
MAKES: tuple[StepKind, ...] = ("rekey", "create", "adopt", "update")
"""The steps that leave an assistant under its agent's id."""


class Step(BaseModel, frozen=True):
    """One thing the repair would do to one row."""

    kind: StepKind
    finding: Kind
    """The finding it answers."""
    agent_id: str
    agent_name: str
    assistant_id: str | None
    """The row as it is now: the copy that is kept, or the row that is removed; None where there is none yet."""
    canonical_id: str | None
    """The id that the agent's assistant has; None where an orphan is removed."""
    expects: str | None
    """Hash of what the plan saw, for `write_back` the write-back itself; where it differs, the step is stale."""

    @property
    def replaces(self) -> bool:
        """References move from its assistant's id to the canonical one."""
        return self.kind in ("rekey", "remove") and self.canonical_id is not None


class Move(BaseModel, frozen=True):
    """References of one place that go from old ids to an agent's canonical id, or conversations, counted."""

    place: str
    """A place of the catalog; or `conversations`, wherever their rows stand."""
    agent_id: str
    agent_name: str
    rows: int
    assistant_id: str | None = None
    """The user's row on which these conversations with the agent were held; None: what names the agent's old ids."""


class Left(BaseModel, frozen=True):
    """A finding that is deliberately not repaired, or could not be, and why."""

    finding: Kind
    agent_id: str | None
    agent_name: str | None
    assistant_id: str | None
    reason: str
    is_open: bool = False
    """It stays open: somebody has to act."""
    count: int = 1
    """How many the finding counts."""


SECTIONS: dict[str, type[BaseModel]] = {"moves": Move, "left": Left, "steps": Step}
"""The parts of a plan that hold rows, in the order of its bytes."""


class AgentPlan(BaseModel, frozen=True):
    """What a plan does for one agent."""

    agent_id: str
    agent_name: str
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]


class Plan(BaseModel, frozen=True, arbitrary_types_allowed=True):
    """What a repair would do: data, not code; saved to a file, shown to whoever approves, applied from it.

    Its rows are not held in memory: iterate over them.
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
        """SHA-256 of the plan's bytes: the same state gives the same digest."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many steps of every kind that has any, and how many references move."""
        counted = dict(sorted(Counter[str](step.kind for step in self.steps).items()))
        moved = sum(move.rows for move in self.moves)
        return {**counted, **({"move": moved} if moved else {})}

    @cached_property
    def places(self) -> frozenset[str]:
        """Places whose references move; with `conversations`, those of users' rows."""
        return frozenset(move.place for move in self.moves)

    @cached_property
    def touched(self) -> int:
        """How many agents it does something for."""
        return sum(1 for _ in self.agents())

    def __copy__(self) -> Self:
        # what was worked out once does not go along: a copy with another scope has another digest
        copied = self.model_construct(**{name: getattr(self, name) for name in type(self).model_fields})
        return cast(Self, copied)  # mypy's plugin says Plan, whatever the class

    def agents(self) -> Iterator[AgentPlan]:
        """Tell agent by agent, in the order of their ids, what is done."""
        rows: Iterator[Step | Move] = heapq.merge(self.steps, self.moves, key=lambda row: row.agent_id)
        for agent_id, group in groupby(rows, key=lambda row: row.agent_id):
            both = list(group)
            yield AgentPlan(
                agent_id=agent_id,
                agent_name=both[0].agent_name,
                steps=tuple(row for row in both if isinstance(row, Step)),
                moves=tuple(row for row in both if isinstance(row, Move)),
            )

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the plan, as its file has them below the digest."""
        head = json.dumps(self.model_dump(mode="json", exclude=set(SECTIONS)), sort_keys=True, ensure_ascii=False)
        yield b'"plan": ' + head.removesuffix("}").encode()
        for name in SECTIONS:
            yield f',\n"{name}": ['.encode()
            for number, line in enumerate(getattr(self, name).lines()):
                yield (b",\n" if number else b"\n") + line
            yield b"\n]"
        yield b"}}\n"
