"""The store with any input: refused with nothing written, or read back as it was."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.constants import ONE
from toolkit.store import AssistantConflictError, PostgresAssistantStore

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(min_value=-(10**1200), max_value=10**1200), st.floats(),
    st.text(),
    st.sampled_from(["\0", "\ud800", ONE, "system"]), st.binary(max_size=3), st.tuples(st.integers()),
    st.sets(st.integers()),
)  # fmt: skip

values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.text(), st.integers()), inner, max_size=4)
    ),
    max_leaves=12,
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)

ids = st.one_of(
    values,
    st.uuids(),
    st.uuids().map(str),
    st.uuids().map(lambda each: each.hex.upper()),
    st.sampled_from([ONE, ONE.upper(), ""]),
)

objects = st.one_of(
    st.dictionaries(st.text(), json_values, max_size=4), st.dictionaries(st.text(), values, max_size=4), values
)

keys = st.sampled_from(["owner", "created_by", "recursion_limit", "tags", "configurable"])

anything = st.fixed_dictionaries(
    {"graph_id": st.one_of(st.just("agent"), values)},
    optional={
        "assistant_id": ids,
        "config": st.one_of(objects, st.dictionaries(keys, json_values)),
        "context": objects,
        "metadata": st.one_of(objects, st.dictionaries(keys, json_values)),
        "name": st.one_of(st.text(), values),
        "description": st.one_of(st.text(), values),
    },
)

sound_objects = st.dictionaries(texts, json_values, max_size=4)

sound = st.fixed_dictionaries(
    {"graph_id": st.just("agent")},
    optional={
        "assistant_id": st.uuids(),
        "config": sound_objects,
        "context": sound_objects,
        "metadata": sound_objects,
        "name": texts,
        "description": texts,
    },
)

payloads = st.one_of(sound, anything)  # of anything alone a tenth to a fifth is accepted


def test_a_payload_is_refused_with_nothing_written_or_read_back_equal(clone: Callable[[str], str]) -> None:
    conninfo = clone("empty")
    accepted: list[bool] = []

    @settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(creates=payloads, updates=payloads)
    def holds(creates: dict[str, Any], updates: dict[str, Any]) -> None:
        accepted.append(runner.run(_check(store, creates, updates)))

    with asyncio.Runner() as runner:
        connection = runner.run(_connect(conninfo))

        @asynccontextmanager
        async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
            yield connection

        store = PostgresAssistantStore(get_connection)
        try:
            holds()
        finally:
            runner.run(connection.close())
    assert 15 < sum(accepted) < len(accepted) - 15  # both ways are tried


async def _connect(conninfo: str) -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(conninfo, autocommit=True)


async def _check(store: PostgresAssistantStore, creates: dict[str, Any], updates: dict[str, Any]) -> bool:
    await store.clear()
    await store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-2")
    before = await store.list("user-1")
    try:
        made = await store.create(creates, "user-1")
    except (ValueError, AssistantConflictError):
        assert await store.list("user-1") == before == []
        assert await store.count("user-2") == 1
        return False
    assert await store.get(made.assistant_id, "user-1") == made
    assert await store.list("user-1") == [made]
    assert made.graph_id == creates["graph_id"]
    for key in ("config", "context"):
        assert getattr(made, key) == as_kept(creates.get(key, {}))
    for key in ("name", "description"):
        assert getattr(made, key) == creates.get(key)
    assert made.metadata == {**_without_owner(as_kept(creates.get("metadata", {}))), "owner": "user-1"}
    try:
        changed = await store.update(made.assistant_id, updates, "user-1")
    except ValueError:
        assert await store.get(made.assistant_id, "user-1") == made
    else:
        assert changed is not None
        assert changed == await store.get(made.assistant_id, "user-1")
        assert changed.version == made.version + 1
        assert changed.config == as_kept(updates.get("config", made.config))
        assert changed.metadata == {**made.metadata, **_without_owner(as_kept(updates.get("metadata", {})))}
    return True


def as_kept(value: Any) -> Any:
    """Return a value as it comes back, its tuples as lists."""
    if isinstance(value, dict):
        return {key: as_kept(entry) for key, entry in value.items()}
    return [as_kept(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def _without_owner(metadata: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if key not in ("owner", "created_by")}
