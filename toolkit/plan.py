"""What would the repair do, and what does it leave?"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError

from toolkit import __version__, sql
from toolkit.database import Pair, UnbelievableReadError, comparing
from toolkit.diagnosis import Diagnosis
from toolkit.errors import RefusedError
from toolkit.references import CATALOG
from toolkit.settings import RepairSettings
from toolkit.records import KINDS, Finding, Kind, Left, Move, Record, Step

_MOVED = frozenset(place.name for place in CATALOG if place.moves)
_MAKES_CANONICAL = frozenset({"rekey", "create", "adopt"})
_TROUBLES: tuple[Kind, ...] = ("conflict", "hidden", "wrong_id", "missing")
_REASONS: dict[str, str] = {
    "conflict": "somebody else's row holds the agent's id: look at it, then name the agent, --allow conflict:<agent id>",
    "missing": "its content cannot be written as JSON, or it is synced on demand",
    "stray": "a user's own row: it stays, and so do the conversations on it",
    "dangling_reference": "nothing tells which agent it meant",
    "drift": "the next sync writes it; to write it now, --allow drift",
    "orphan": "its agent is not in use any more; to remove it, --allow orphan",
    "misrouted": "history",
}


_WAITS = "waits until the agent's id is free"


class UnusablePlanError(RefusedError):
    """make a new plan, with `repair` without --apply, and have that approved; nothing was changed"""


class UnapprovedPlanError(RefusedError):
    """save the plan (`repair` without --apply writes plan.json), have it approved, and apply it with --apply --plan FILE"""


class Plan(Record):
    """What a repair would do: data, not code; saved to a file, shown to whoever approves, applied from it."""

    schema_version: Literal[1] = 1
    toolkit_version: str
    supabase_fingerprint: str
    langgraph_fingerprint: str
    scope: str
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    left: tuple[Left, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the plan's bytes: the same state gives the same digest."""
        return hashlib.sha256(self._bytes()).hexdigest()

    @property
    def counts(self) -> dict[str, int]:
        """How many steps of every kind that has any, and how many references move."""
        counted = dict(sorted(Counter(step.kind for step in self.steps).items()))
        moved = sum(move.rows for move in self.moves)
        return {**counted, **({"move": moved} if moved else {})}

    def _bytes(self) -> bytes:
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode()

    def _content(self) -> dict[str, Any]:
        return {"digest": self.digest, "plan": self.model_dump(mode="json")}

    def save(self, file: Path) -> None:
        """Write the plan and its digest to `file`."""
        file.write_text(json.dumps(self._content(), sort_keys=True, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read a saved plan.

        Raises:
            UnusablePlanError: if the file cannot be read, is no plan of this toolkit's version, or was changed.
        """
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            plan = cls(**content["plan"])
        except OSError as error:
            raise UnusablePlanError(f"cannot read plan {file}: {error.strerror}") from None
        except (ValueError, ValidationError, KeyError, TypeError):
            raise UnusablePlanError(f"{file} is not a plan that toolkit {__version__} knows") from None
        if content != plan._content():
            raise UnusablePlanError(f"{file} was changed after it was made: its digest does not fit")
        if plan.toolkit_version != __version__:
            raise UnusablePlanError(f"{file} was made by toolkit {plan.toolkit_version}, this is {__version__}")
        return plan


def plan_for(pair: Pair, diagnosis: Diagnosis, settings: RepairSettings) -> Plan:
    """Load the plan that the settings name, or make one.

    Raises:
        UnusablePlanError: if the named plan cannot be used, or was made for another scope.
        UnapprovedPlanError: if `apply` is asked for without a saved plan, on a database that is not on this machine.
    """
    if settings.plan:
        plan = Plan.load(Path(settings.plan))
        if plan.scope != settings.scope:
            raise UnusablePlanError(f"the plan is for scope {plan.scope!r}, got scope {settings.scope!r}")
        return plan
    if settings.apply and not (pair.supabase_database.is_local and pair.langgraph_database.is_local):
        raise UnapprovedPlanError(f"{pair.supabase_database.place} or {pair.langgraph_database.place} is not on this machine")
    return make_plan(pair, diagnosis, settings.scope, settings.only, settings.allow)


def make_plan(pair: Pair, diagnosis: Diagnosis, scope: str, only: Sequence[str] = (), allow: Sequence[str] = ()) -> Plan:
    """Turn findings into steps, each with the hash of what it expects.

    Args:
        pair: both sides, for the rows' hashes; nothing is written.
        diagnosis: what was found.
        scope: the scope as it was named.
        only: agent ids and kinds of findings; others are left. Empty: all.
        allow: `drift`, `orphan`, `conflict:<agent id>`: what is repaired only when named.

    Raises:
        UnbelievableReadError: where a place that may hold assistant ids is hidden from this role, since a row
            that something hidden names must not be removed.
    """
    if diagnosis.unknown:
        raise UnbelievableReadError(f"a repair has to see every place that holds assistant ids; hidden: {', '.join(diagnosis.unknown)}")
    with comparing(pair, diagnosis.scope) as includes:
        rows = pair.langgraph.execute(sql.statement("steps", **includes), diagnosis.scope.parameters).fetchall()
    steps = chosen([Step(**row) for row in rows], only, allow)
    return Plan(
        toolkit_version=__version__,
        supabase_fingerprint=pair.supabase_fingerprint,
        langgraph_fingerprint=pair.langgraph_fingerprint,
        scope=scope,
        steps=steps,
        moves=(moves := _moves(diagnosis, steps, only)),
        left=_left(diagnosis.findings, steps, moves, only),
    )


def chosen(candidates: Sequence[Step], only: Sequence[str], allow: Sequence[str]) -> tuple[Step, ...]:
    """Pick the steps that are allowed and asked for, and for which the canonical row is there or will be."""
    picked = [step for step in candidates if _is_allowed(step, allow) and _is_asked_for(step, only)]
    waits_for = {step.agent_id for step in candidates if step.kind in _MAKES_CANONICAL}
    gets = {step.agent_id for step in picked if step.kind in _MAKES_CANONICAL}
    return tuple(step for step in picked if step.agent_id not in waits_for or step.agent_id in gets)


def _is_allowed(step: Step, allow: Sequence[str]) -> bool:
    if step.finding == "conflict":
        return f"conflict:{step.agent_id}" in allow
    return step.finding not in ("drift", "orphan") or step.finding in allow


def _is_asked_for(step: Step, only: Sequence[str]) -> bool:
    return not only or step.agent_id in only or step.finding in only


def _moves(diagnosis: Diagnosis, steps: Sequence[Step], only: Sequence[str]) -> tuple[Move, ...]:
    replacing = [step for step in steps if step.replaces]
    old_ids = {step.assistant_id for step in replacing}
    gets = {step.agent_id for step in steps if step.kind in _MAKES_CANONICAL} | _settled(diagnosis)
    asked_for = {agent_id for agent_id in gets if not only or agent_id in only or "dangling_reference" in only}
    moving = {step.agent_id for step in replacing} | asked_for
    counted: Counter[tuple[str, str, str]] = Counter()
    for reference in diagnosis.references:
        if reference.place in _MOVED and reference.assistant_id in old_ids and reference.agent_id:
            counted[reference.place, reference.agent_id, reference.agent_name or ""] += reference.rows
    for finding in diagnosis.of("dangling_reference"):
        if finding.is_open and finding.agent_id in moving and finding.evidence["place"] in _MOVED:
            counted[finding.evidence["place"], finding.agent_id or "", finding.agent_name or ""] += finding.count
    return tuple(
        Move(place=place, agent_id=agent_id, agent_name=name, rows=rows) for (place, agent_id, name), rows in sorted(counted.items())
    )


def _settled(diagnosis: Diagnosis) -> set[str | None]:
    """Agents with dangling references whose own assistant is in order, so that these can move at once."""
    settled = {finding.agent_id for finding in diagnosis.of("dangling_reference")}
    for kind in _TROUBLES if settled else ():
        settled.difference_update(finding.agent_id for finding in diagnosis.of(kind))
    return settled


def _left(findings: Iterable[Finding], steps: Sequence[Step], moves: Sequence[Move], only: Sequence[str]) -> tuple[Left, ...]:
    moved = {(move.agent_id, move.place) for move in moves}
    removed = {(step.finding, step.assistant_id) for step in steps if step.kind == "remove"}
    by_agent = {(step.finding, step.agent_id) for step in steps if step.kind != "remove"}
    left = []
    for finding in findings:
        if (finding.kind, finding.agent_id) in by_agent or (finding.kind, finding.assistant_id) in removed:
            continue
        if finding.kind == "dangling_reference" and (finding.agent_id, finding.evidence["place"]) in moved:
            continue
        unnamed = only and finding.agent_id not in only and finding.kind not in only
        waits = finding.kind == "dangling_reference" and finding.is_open
        known = _WAITS if waits else _REASONS.get(finding.kind, _WAITS)
        if finding.kind == "dangling_reference" and finding.evidence["place"] not in _MOVED:
            known = "it is an agent's tool: correct assistant_tool_ids in Supabase, the sync writes the rest"
        reason = "not named by --only" if unnamed else known
        left.append(
            Left(
                finding=finding.kind,
                agent_id=finding.agent_id,
                agent_name=finding.agent_name,
                assistant_id=finding.assistant_id,
                reason=str(finding.evidence.get("problem") or reason),
            )
        )
    return tuple(sorted(left, key=lambda each: (KINDS.index(each.finding), each.agent_id or "", each.assistant_id or "")))
