"""Drift: the parts in which assistants differ from what Supabase says."""

import json
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel

from toolkit import sql
from toolkit.database.connection import Pair
from toolkit.diagnosis.findings import Diagnosis, Finding

_COMPARED = 1000
"""Assistants that are compared part by part; to read the configs of more would take seconds."""

_PLAIN = int | float | None
"""Values that hold no secret and no prompt."""

_LAST = "\U0010ffff"
"""Sorts after every URL, as SQL's null does."""


class Drift(BaseModel, frozen=True):
    """The names of the parts that differ; their content stays in the databases."""

    counts: Mapping[str, int]
    """The number of assistants that differ in each part, the most first; of a long list, `config` is one part."""
    settings: Mapping[str, str]
    """The settings of the config that differ, of the first assistants by id: `model_name, system_prompt`."""
    values: Mapping[str, str] = {}
    """What is stored of them and what ought to be, of names, models and numbers: `model_name: a instead of b`."""
    compared: int = 0
    """Assistants that were compared part by part: the first 1,000 at most."""
    most: tuple[str, int] | None = None
    """The part in which most of these differ, and how many do."""

    @property
    def are_nameless(self) -> bool:
        """Whether the part in which most differ is the name, and none of these has one."""
        return self.most == ("name", sum(value.startswith("name: null ") for value in self.values.values()))

    def parts(self, finding: Finding) -> str:
        """Return the parts in which one assistant differs: `name, model_name`."""
        columns = finding.evidence["columns"]
        config = [self.settings.get(finding.assistant_id or "", "config")] if "config" in columns else []
        return ", ".join([*(column for column in columns if column != "config"), *config])

    def __str__(self) -> str:
        return ", ".join(f"{part} {count:,}" for part, count in self.counts.items())


def drift(pair: Pair, diagnosis: Diagnosis) -> Drift:
    """Compare the drifted assistants with Supabase, part by part. This only reads."""
    rows = diagnosis.findings.rows("drift")
    differing = _differing_settings(pair, diagnosis)
    settings, values = ({id: each[number] for id, each in differing.items()} for number in (0, 1))
    found = Drift(counts={}, settings=settings, values=values)
    parts = Counter(part for each in islice(diagnosis.of("drift"), _COMPARED) for part in found.parts(each).split(", "))
    columns = Counter(part for each in diagnosis.of("drift") for part in each.evidence["columns"])
    counts = (parts if rows <= _COMPARED else columns).most_common()
    most = parts.most_common(1)[0] if parts else None
    return found.model_copy(update={"counts": dict(counts), "compared": min(rows, _COMPARED), "most": most})


def _differing_settings(pair: Pair, diagnosis: Diagnosis) -> dict[str, tuple[str, str]]:
    """Return the names and values of the settings that differ, by assistant id, for the first findings."""
    first = [each for each in islice(diagnosis.of("drift"), _COMPARED) if each.evidence["columns"] != ["graph_id"]]
    if not first:
        return {}
    wanted = {**diagnosis.scope.parameters, "agent_ids": [each.agent_id for each in first]}
    desired = pair.supabase.execute(sql.statement("desired_configs"), wanted)
    stored = pair.langgraph.execute(sql.statement("stored_configs"), {"ids": [each.assistant_id for each in first]})
    ought = {row["assistant_id"]: settings_of(row["config"]) for row in desired}
    # a config that Python cannot hold is read as text
    read = (row for row in stored if not isinstance(row["config"], str))
    has = {row["id"]: (row["name"], settings_of(row["config"])) for row in read}
    both = [each for each in first if each.agent_id in ought and each.assistant_id in has]
    return {str(each.assistant_id): _differing(each, ought[each.agent_id], *has[each.assistant_id]) for each in both}


def _differing(found: Finding, ought: Mapping[str, Any], name: str | None, has: Mapping[str, Any]) -> tuple[str, str]:
    columns = found.evidence["columns"]
    names = sorted(each for each in {*ought, *has} if ought.get(each) != has.get(each)) if "config" in columns else []
    both = [(each, has.get(each), ought.get(each)) for each in names]
    shown = [each for each in both if each[0] == "model_name" or all(isinstance(value, _PLAIN) for value in each[1:])]
    if "name" in columns:
        shown.insert(0, ("name", name, found.agent_name))
    values = (f"{part}: {_json(stored)} instead of {_json(wanted)}" for part, stored, wanted in shown)
    return ", ".join(names) or ("beside configurable" if "config" in columns else ""), "; ".join(values)


def _json(value: str | float | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def settings_of(config: Any) -> dict[str, Any]:
    """Return the settings of a config, none where it or `configurable` is no object."""
    config = comparable(config)
    configurable = config.get("configurable") if isinstance(config, dict) else None
    return configurable if isinstance(configurable, dict) else {}


def comparable(config: Any) -> Any:
    """Return a config in the one shape in which configs are compared; the statement `comparable_config` defines it."""
    try:
        configurable = config["configurable"]
        servers = configurable["mcp_config"]["servers"]
    except (TypeError, KeyError):
        return config
    if not isinstance(servers, list) or not any(isinstance(each, dict) and "tools" in each for each in servers):
        return config
    newer = sorted(map(_newer, servers), key=lambda each: each.get("url", _LAST) if isinstance(each, dict) else _LAST)
    mcp_config = {**configurable["mcp_config"], "servers": newer}
    return {**config, "configurable": {**configurable, "mcp_config": mcp_config}}


def _newer(entry: Any) -> Any:
    """Return a server's entry as a newer server writes it: one name instead of a list of tools."""
    if not isinstance(entry, dict) or not isinstance(entry.get("tools"), list):
        return entry
    names = (each if isinstance(each, str) else json.dumps(each) for each in entry["tools"] if each is not None)
    return {key: entry[key] for key in entry if key != "tools"} | {"name": min(names, default=None)}
