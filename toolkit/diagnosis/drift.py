"""Drift: the parts in which assistants differ from what Supabase says."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel

from toolkit import phrases, sql
from toolkit.database.connection import Pair
from toolkit.diagnosis.findings import Diagnosis, Finding


class Drift(BaseModel, frozen=True):
    """The names of the parts that differ, and nothing of their content."""

    counts: Mapping[str, int]
    """How many assistants differ in each part, the most first; of a long list `config` is one part."""
    settings: Mapping[str, str]
    """Which settings of the config differ, of the first assistants, by id."""

    def parts(self, finding: Finding) -> str:
        """Tell in what one assistant differs."""
        columns = [column for column in finding.evidence["columns"] if column != "config"]
        config = (
            [self.settings.get(finding.assistant_id or "", "config")] if "config" in finding.evidence["columns"] else []
        )
        return ", ".join([*columns, *config])

    def __str__(self) -> str:
        return ", ".join(f"{part} {count:,}" for part, count in self.counts.items())


def drift(pair: Pair, diagnosis: Diagnosis) -> Drift:
    """Tell in what the drifted assistants differ; nothing is written."""
    rows = diagnosis.findings.rows("drift")
    told = Drift(counts={}, settings=differing_settings(pair, diagnosis, phrases.fit(rows)))
    is_whole = rows == phrases.fit(rows)
    counts = Counter(
        part
        for each in diagnosis.of("drift")
        for part in (told.parts(each).split(", ") if is_whole else each.evidence["columns"])
    )
    return told.model_copy(update={"counts": dict(counts.most_common())})


def differing_settings(pair: Pair, diagnosis: Diagnosis, most: int) -> dict[str, str]:
    """Tell of the first drifted assistants, by id, which settings differ from Supabase: their names, and nothing of their content.

    Args:
        pair: both sides; nothing is written.
        diagnosis: what was found.
        most: how many findings of drift are looked at.
    """
    drifted = {
        each.agent_id: each.assistant_id
        for each in islice(diagnosis.of("drift"), most)
        if "config" in each.evidence["columns"]
    }
    if not drifted:
        return {}
    wanted = {**diagnosis.scope.parameters, "agent_ids": list(drifted)}
    desired = {
        row["assistant_id"]: row["config"]
        for row in pair.supabase.execute(sql.statement("desired_configs"), wanted).fetchall()
    }
    rows = pair.langgraph.execute(sql.statement("stored_configs"), {"ids": list(drifted.values())}).fetchall()
    stored = {row["id"]: row["config"] for row in rows}
    told = {}
    for agent_id, assistant_id in drifted.items():
        ought, has = (
            _comparable((config.get(id) or {}).get("configurable")) or {}
            for config, id in ((desired, agent_id), (stored, assistant_id))
        )
        told[str(assistant_id)] = (
            ", ".join(sorted(name for name in {*ought, *has} if ought.get(name) != has.get(name)))
            or "beside configurable"
        )
    return told


def _comparable(configurable: Any) -> Any:
    """Bring a config into the one shape: as the statement `comparable_config` does, which says why."""
    servers: Iterable[Any] = ((configurable or {}).get("mcp_config") or {}).get("servers") or []
    if not servers:
        return configurable
    return {
        **configurable,
        "mcp_config": sorted((server["url"], server.get("auth_required", False)) for server in servers),
    }
