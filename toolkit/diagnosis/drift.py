"""Drift: the parts in which assistants differ from what Supabase says."""

import json
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel

from toolkit import phrases, sql
from toolkit.database.connection import Pair
from toolkit.diagnosis.findings import Diagnosis, Finding

_LAST = "\U0010ffff"
"""Sorts after every URL, as SQL's null does."""


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
            _settings(comparable(config.get(id))) for config, id in ((desired, agent_id), (stored, assistant_id))
        )
        told[str(assistant_id)] = (
            ", ".join(sorted(name for name in {*ought, *has} if ought.get(name) != has.get(name)))
            or "beside configurable"
        )
    return told


def comparable(config: Any) -> Any:
    """Return a config in the shape in which two are compared, as the statement `comparable_config` does and explains."""
    try:
        configurable = config["configurable"]
        servers = configurable["mcp_config"]["servers"]
    except (TypeError, KeyError):
        return config
    if not isinstance(servers, list) or not any(isinstance(each, dict) and "tools" in each for each in servers):
        return config
    servers = sorted(
        map(_server, servers), key=lambda each: each.get("url", _LAST) if isinstance(each, dict) else _LAST
    )
    mcp_config = {**configurable["mcp_config"], "servers": servers}
    return {**config, "configurable": {**configurable, "mcp_config": mcp_config}}


def _server(entry: Any) -> Any:
    if not isinstance(entry, dict) or not isinstance(entry.get("tools"), list):
        return entry
    names = (each if isinstance(each, str) else json.dumps(each) for each in entry["tools"] if each is not None)
    return {**{key: entry[key] for key in entry.keys() - {"tools"}}, "name": min(names, default=None)}


def _settings(config: Any) -> dict[str, Any]:
    """Return the settings of a config, none where it or `configurable` is no object."""
    configurable = config.get("configurable") if isinstance(config, dict) else None
    return configurable if isinstance(configurable, dict) else {}
