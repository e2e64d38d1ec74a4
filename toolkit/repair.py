"""How is a plan applied, so that a crash leaves a row too many and never one too few?

Expand, move, contract: canonical rows are made, write-backs set, references moved, old rows removed when nothing
names them any more; the same for one database and two. Every change and its before-image share a transaction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from toolkit import journal, sql
from toolkit.database import Connection, Pair, connected, writing
from toolkit.diagnosis import diagnose, over_places, visible_places
from toolkit.plan import Plan, UnusablePlanError, make_plan
from toolkit.records import Left, Progress, Record, Scope, Step
from toolkit.references import Place
from toolkit.settings import database_called

AgentSteps = tuple[Step, ...]
"""All steps of one agent: they are done, or found stale, together."""

_BATCH = 1000
_NARROWED = (psycopg.errors.LockNotAvailable, psycopg.errors.UniqueViolation)


class Outcome(Record):
    """What one repair run did."""

    run_id: str
    counts: dict[str, int]
    """Steps done, by kind, and references moved."""
    left: tuple[Left, ...]
    """Agents that were left alone, and why: they changed since the plan, or a lock was not to be had."""


def apply(pair: Pair, plan: Plan, progress: Progress = lambda phase, done, total: None) -> Outcome:
    """Apply a plan, journaled, agent by agent in batches.

    An agent whose rows or write-back changed since the plan is left alone and reported; so is one whose lock is
    not to be had within half a second. The others go on.

    Raises:
        UnusablePlanError: if the plan was made for other databases; nothing is changed.
    """
    for side in ("supabase", "langgraph"):
        if getattr(plan, f"{side}_fingerprint") != getattr(pair, f"{side}_fingerprint"):
            raise UnusablePlanError(f"the plan was made for another {side} database than {getattr(pair, f'{side}_database').place}")
    run = _Run(pair, plan, journal.begin(pair, plan), progress)
    run.expand()
    run.write_back()
    run.move()
    run.contract()
    journal.finish(pair, run.run_id)
    return Outcome(run_id=run.run_id, counts={kind: count for kind, count in sorted(run.counts.items()) if count}, left=tuple(run.left))


class _Run:
    def __init__(self, pair: Pair, plan: Plan, run_id: str, progress: Progress) -> None:
        self.pair = pair
        self.run_id = run_id
        self.scope = Scope.parse(plan.scope)
        self.places = visible_places(pair.langgraph)[0]
        self.progress = progress
        by_agent = groupby(sorted(plan.steps, key=lambda step: step.agent_id), key=lambda step: step.agent_id)
        self.agents: list[AgentSteps] = [tuple(steps) for _, steps in by_agent]
        self.moving = {step.agent_id for step in plan.steps if step.replaces} | {move.agent_id for move in plan.moves}
        self.names = {each.agent_id: each.agent_name for each in (*plan.steps, *plan.moves)}
        self.counts: Counter[str] = Counter()
        self.left: list[Left] = []

    def expand(self) -> None:
        """Make the canonical rows; from here on the front end's id answers."""
        self._in_batches("making assistants under their agents' ids", self._expand)

    def write_back(self) -> None:
        """Tell Supabase the ids, where the write-back still is what the plan saw."""
        self._in_batches("writing ids back to Supabase", self._write_back)

    def move(self) -> None:
        """Move references to the canonical ids."""
        places = [place for place in self.places if place.moves]
        agent_ids = sorted(self.moving - {left.agent_id for left in self.left})
        with writing(self.pair.langgraph):
            self.pair.langgraph.execute("SET LOCAL statement_timeout = 0")  # one pass over tables of any size
            remember = over_places(places, sql.statement("remember_spellings"))
            self.pair.langgraph.execute(remember, {"run_id": self.run_id, "agent_ids": agent_ids})
        for done, place in enumerate(places):
            self.progress("moving conversations, crons and memories", done, len(places))
            for agent_id in self._move(place, agent_ids):
                agent_ids.remove(agent_id)
                self.agents = [steps for steps in self.agents if steps[0].agent_id != agent_id]
                self.left.append(
                    Left(
                        finding="dangling_reference",
                        agent_id=agent_id,
                        agent_name=self.names[agent_id],
                        assistant_id=None,
                        reason=f"another transaction holds its rows in {place.name}; run the repair again",
                    )
                )
        self.progress("moving conversations, crons and memories", len(places), len(places))

    def contract(self) -> None:
        """Remove the old rows that nothing names any more."""
        self._in_batches("removing old copies", self._contract)

    def _in_batches(self, phase: str, work: Callable[[Sequence[AgentSteps]], Iterator[tuple[AgentSteps, str]]]) -> None:
        """Do `work` on batches of agents; those it yields are left, with the reason, and take no part any more."""
        total = len(self.agents)
        gone: set[str] = set()
        for start in range(0, total, _BATCH):
            self.progress(phase, start, total)
            batch = self.agents[start : start + _BATCH]
            for steps, reason in _narrowing(batch, work):
                gone.add(steps[0].agent_id)
                self._leave(steps, reason)
        self.agents = [steps for steps in self.agents if steps[0].agent_id not in gone]
        self.progress(phase, total, total)

    def _move(self, place: Place, agent_ids: Sequence[str]) -> list[str]:
        """Move what these agents' old ids name in one place; return the agents for which a lock stands against it."""
        if not agent_ids:
            return []
        connection = self.pair.langgraph
        try:
            with writing(connection):
                connection.execute("SET LOCAL statement_timeout = 0")  # one pass over a table of any size
                statement = place.move(sql.statement("move_references"))
                moved = connection.execute(statement, {"run_id": self.run_id, "agent_ids": agent_ids}).fetchone()
        except _NARROWED:
            if len(agent_ids) == 1:
                return list(agent_ids)
            middle = len(agent_ids) // 2
            return [*self._move(place, agent_ids[:middle]), *self._move(place, agent_ids[middle:])]
        self.counts["move"] += (moved or {})["rows"]
        return []

    def _leave(self, steps: AgentSteps, reason: str) -> None:
        first = steps[0]
        self.left.append(
            Left(
                finding=first.finding,
                agent_id=first.agent_id,
                agent_name=first.agent_name,
                assistant_id=first.assistant_id,
                reason=reason,
            )
        )

    def _expand(self, batch: Sequence[AgentSteps]) -> Iterator[tuple[AgentSteps, str]]:
        connection = self.pair.langgraph
        desired = self._desired(batch)
        write_backs = self._write_backs(batch)
        with writing(connection):
            hashes = _locked(connection, {id for steps in batch for step in steps for id in (step.assistant_id, step.canonical_id)})
            stale = {steps[0].agent_id: reason for steps in batch if (reason := staleness(steps, hashes, desired, write_backs))}
            fresh = [step for steps in batch for step in steps if step.agent_id not in stale]
            for kinds, statement in (({"rekey"}, "rekey"), ({"create"}, "create"), ({"adopt", "update"}, "overwrite")):
                if chosen := [step for step in fresh if step.kind in kinds]:
                    connection.execute(sql.statement(statement), self._parameters(chosen, desired))
            if replaced := [step for step in fresh if step.replaces]:
                connection.execute(sql.statement("remember_ids"), self._parameters(replaced, {}))
        self.counts.update(step.kind for step in fresh if step.kind in ("rekey", "create", "adopt", "update"))
        yield from ((steps, stale[steps[0].agent_id]) for steps in batch if steps[0].agent_id in stale)

    def _write_back(self, batch: Sequence[AgentSteps]) -> Iterator[tuple[AgentSteps, str]]:
        wanted = [step for steps in batch for step in steps if step.kind == "write_back"]
        if not wanted:
            return
        with writing(self.pair.supabase):
            rows = self.pair.supabase.execute(sql.statement("set_write_backs"), self._parameters(wanted, {})).fetchall()
        written = {row["agent_id"] for row in rows}
        self.counts["write_back"] += len(written)
        missed = {step.agent_id for step in wanted} - written
        yield from ((steps, "its write-back changed since the plan") for steps in batch if steps[0].agent_id in missed)

    def _contract(self, batch: Sequence[AgentSteps]) -> Iterator[tuple[AgentSteps, str]]:
        old = {step.assistant_id: step for steps in batch for step in steps if step.kind in ("rekey", "remove")}
        if not old:
            return
        connection = self.pair.langgraph
        ids = {"ids": sorted(filter(None, old))}
        by_agents = [
            row
            for statement in ("still_written_back", "still_a_tool")
            for row in self.pair.supabase.execute(sql.statement(statement), ids).fetchall()
        ]
        with writing(connection):
            connection.execute("SET LOCAL statement_timeout = 0")
            hashes = _locked(connection, old.keys())
            named = connection.execute(over_places(self.places, sql.statement("still_named")), ids).fetchall()
            kept = {row["id"]: f"{row['place']} still names {row['id']}" for row in (*named, *by_agents)}
            kept |= {id: f"{id} changed since the plan" for id, step in old.items() if id and hashes.get(id) != step.expects}
            removed = [step for id, step in old.items() if id not in kept]
            connection.execute(sql.statement("remove"), self._parameters(removed, {}))
        self.counts["remove"] += sum(step.kind == "remove" for step in removed)
        for id, reason in sorted(kept.items()):
            yield (old[id],), reason

    def _desired(self, batch: Sequence[AgentSteps]) -> dict[str, dict[str, Any]]:
        wanted = [step.agent_id for steps in batch for step in steps if step.kind in ("create", "adopt", "update")]
        if not wanted:
            return {}
        parameters = {**self.scope.parameters, "agent_ids": wanted}
        rows = self.pair.supabase.execute(sql.statement("desired_rows"), parameters).fetchall()
        return {row["agent_id"]: row for row in rows}

    def _write_backs(self, batch: Sequence[AgentSteps]) -> dict[str, str | None]:
        """What the write-backs are just now; that they still are, `set_write_backs` checks under lock."""
        wanted = [step.agent_id for steps in batch for step in steps if step.kind == "write_back"]
        if not wanted:
            return {}
        rows = self.pair.supabase.execute(sql.statement("write_backs"), {"agent_ids": wanted}).fetchall()
        return {row["agent_id"]: row["write_back"] for row in rows}

    def _parameters(self, steps: Iterable[Step], desired: dict[str, dict[str, Any]]) -> dict[str, Any]:
        return {"run_id": self.run_id, "steps": Jsonb([{**step.model_dump(), **desired.get(step.agent_id, {})} for step in steps])}


def staleness(
    steps: AgentSteps, hashes: dict[str, str], desired: dict[str, dict[str, Any]], write_backs: dict[str, str | None]
) -> str | None:
    """Tell why an agent's steps do not fit what the rows are now, or None when they do."""
    for step in steps:
        row = hashes.get(step.assistant_id or "")
        content = desired.get(step.agent_id, {}).get("hash")
        if step.kind in ("rekey", "create") and step.canonical_id in hashes:
            return "a row with its canonical id has appeared since the plan"
        if step.kind in ("rekey", "remove") and row != step.expects:
            return f"assistant {step.assistant_id} changed since the plan"
        if step.kind == "create" and content != step.expects:
            return "the agent changed in Supabase since the plan"
        if step.kind in ("adopt", "update") and f"{row} {content}" != step.expects:
            return f"assistant {step.assistant_id}, or the agent in Supabase, changed since the plan"
        if step.kind == "write_back" and (step.agent_id not in write_backs or write_backs[step.agent_id] != step.expects):
            return "its write-back changed since the plan"
    return None


def _locked(connection: Connection, ids: Iterable[str | None]) -> dict[str, str]:
    rows = connection.execute(sql.statement("lock_assistants"), {"ids": sorted(filter(None, ids))}).fetchall()
    return {row["id"]: row["hash"] for row in rows}


def _narrowing(
    batch: Sequence[AgentSteps], work: Callable[[Sequence[AgentSteps]], Iterator[tuple[AgentSteps, str]]]
) -> list[tuple[AgentSteps, str]]:
    """Do `work` on a batch; where a lock or a unique key stands against it, on its halves, down to one agent."""
    try:
        return list(work(batch))
    except _NARROWED as error:
        if len(batch) == 1:
            reason = "another transaction holds its rows" if isinstance(error, _NARROWED[0]) else "its id was taken meanwhile"
            return [(batch[0], f"{reason}; run the repair again")]
        middle = len(batch) // 2
        return [*_narrowing(batch[:middle], work), *_narrowing(batch[middle:], work)]


def repair_sandbox(supabase: str, langgraph: str) -> None:
    """Repair the databases of these two conninfos, as the scenario `repaired` wants it."""
    sides = [database_called("sandbox:repaired", conninfo) for conninfo in (supabase, langgraph)]
    with connected(*sides) as pair:
        apply(pair, make_plan(pair, diagnose(pair, Scope.parse("all")), "all"))
