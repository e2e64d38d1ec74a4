"""The store: every assistant under its id, visible to its owner alone."""

import asyncio
import random
import re
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, Field, ValidationError, create_model

from tests.constants import ONE, ORGANIZATION, OTHER_ORGANIZATION
from tests.databases import connections
from tests.pgbouncer import pooled, transaction_pooler
from toolkit import sql
from toolkit.cli import main
from toolkit.store import (
    Assistant,
    AssistantConflictError,
    GetConnection,
    InvalidAssistantError,
    PostgresAssistantStore,
    PostgresStorage,
)

SPELLINGS = [
    ONE,
    ONE.upper(),
    ONE.replace("-", ""),
    "{" + ONE + "}",
    "urn:uuid:" + ONE,
    "URN:UUID:" + ONE.upper(),
    uuid.UUID(ONE),
]


@pytest.fixture(params=["direct", pooled("pooled")])
def conninfo(request: pytest.FixtureRequest, clone: Callable[[str], str]) -> Iterator[str]:
    """An empty database, reached directly and through PgBouncer in transaction mode."""
    direct = clone("empty")
    if request.param == "direct":
        yield direct
    else:
        with transaction_pooler(direct) as through:
            yield through


@pytest.fixture
def get_connection(conninfo: str) -> GetConnection:
    """Autocommit connections directly; through the pooler the others, on which psycopg opens transactions itself."""
    return connections(conninfo, autocommit="pgbouncer" not in conninfo, row_factory=dict_row)


@pytest.fixture
def storage(get_connection: GetConnection) -> PostgresStorage:
    return PostgresStorage(get_connection)


@pytest.fixture
def store(storage: PostgresStorage) -> PostgresAssistantStore:
    return storage.assistants


@pytest.fixture
def one_store(clone: Callable[[str], str]) -> PostgresAssistantStore:
    """For what does not depend on how one is connected."""
    return PostgresAssistantStore(connections(clone("empty"), autocommit=True, row_factory=dict_row))


async def rows(store: PostgresAssistantStore, column: str = "id") -> list[Any]:
    async with store._get_connection() as connection:
        found = await connection.execute(
            f"SELECT {column} AS value FROM langgraph_server.assistants ORDER BY id", prepare=False
        )
        return [row["value"] for row in await found.fetchall()]


INDEXES = ["assistants_by_owner", "assistants_by_graph", "assistants_by_organization", "assistants_by_metadata"]

FIELD = "(assistant_id|graph_id|config|context|metadata|name|description|limit|offset|organizations)\\b"
"""With which every refusal of a value begins."""


async def refused(attempt: Awaitable[Any], *, naming: str = FIELD) -> None:
    with pytest.raises(InvalidAssistantError, match=f"^{naming}") as refusal:
        await attempt
    assert "written" not in str(refusal.value)  # reads write nothing, anyway


# what the broken server did wrong


async def test_create_assistant_with_explicit_id(storage: PostgresStorage) -> None:
    made = await storage.assistants.create({"assistant_id": ONE, "graph_id": "agent"}, owner_id="user-1")
    assert made.assistant_id == ONE
    found = await storage.assistants.get(ONE, owner_id="user-1")
    assert found == made
    assert await rows(storage.assistants) == [ONE]


async def test_create_assistant_without_explicit_id(storage: PostgresStorage) -> None:
    made = await storage.assistants.create({"graph_id": "agent"}, owner_id="user-1")
    assert re.fullmatch("[0-9a-f]{32}", made.assistant_id)
    assert await rows(storage.assistants) == [made.assistant_id]


async def test_a_system_row_is_visible_to_an_ordinary_user(store: PostgresAssistantStore) -> None:
    made = await store.create({"assistant_id": ONE, "graph_id": "agent"}, "system")
    assert await store.get(ONE, "user-1") == made
    assert await store.list("user-1") == [made]
    assert await store.count("user-1") == 1


# 1: the same id twice


async def test_the_owner_creates_the_same_id_again_with_new_content(store: PostgresAssistantStore) -> None:
    first = await store.create({"assistant_id": ONE, "graph_id": "agent", "config": {"tags": ["old"]}}, "user-1")
    again = await store.create({"assistant_id": ONE, "graph_id": "other", "config": {"tags": ["new"]}}, "user-1")
    assert (again.graph_id, again.config, again.version) == ("other", {"tags": ["new"]}, 2)
    assert again.created_at == first.created_at
    assert again.updated_at > first.updated_at
    assert await store.get(ONE, "user-1") == again


async def test_the_same_content_again_changes_neither_version_nor_updated_at(store: PostgresAssistantStore) -> None:
    data = {"assistant_id": ONE, "graph_id": "agent", "config": {"configurable": {"a": 1.0}}, "name": "A"}
    first = await store.create(data, "user-1")
    assert await store.create(data, "user-1") == first


@pytest.mark.parametrize("if_exists", ["update", "do_nothing"])
async def test_twenty_concurrent_creates_of_one_id_all_succeed(store: PostgresAssistantStore, if_exists: Any) -> None:
    data = {"assistant_id": ONE, "graph_id": "agent"}
    made = await asyncio.gather(*(store.create(data, "user-1", if_exists=if_exists) for _ in range(20)))
    assert {each.assistant_id for each in made} == {ONE}
    assert {each.version for each in made} == {1}
    assert await rows(store) == [ONE]


async def test_of_concurrent_creates_that_raise_one_wins(store: PostgresAssistantStore) -> None:
    data = {"assistant_id": ONE, "graph_id": "agent"}
    attempts = (store.create(data, "user-1", if_exists="raise") for _ in range(8))
    made = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(each, Assistant) for each in made) == 1
    assert sum(isinstance(each, AssistantConflictError) for each in made) == 7


async def test_do_nothing_returns_the_owners_row_unchanged(store: PostgresAssistantStore) -> None:
    first = await store.create({"assistant_id": ONE, "graph_id": "agent", "name": "A"}, "user-1")
    assert await store.create({"assistant_id": ONE, "graph_id": "other"}, "user-1", if_exists="do_nothing") == first


async def test_an_unknown_if_exists_is_refused(one_store: PostgresAssistantStore) -> None:
    await refused(
        one_store.create({"graph_id": "agent"}, "user-1", if_exists="replace"), naming="if_exists is 'replace'"
    )  # type: ignore[arg-type]
    assert await rows(one_store) == []


# 2: somebody else's id


@pytest.mark.parametrize("owner", ["user-1", "system"])
@pytest.mark.parametrize("if_exists", ["update", "do_nothing", "raise"])
async def test_create_leaves_another_owners_row_untouched(
    store: PostgresAssistantStore, owner: str, if_exists: Any
) -> None:
    theirs = await store.create({"assistant_id": ONE, "graph_id": "agent", "config": {"tags": ["good"]}}, owner)
    with pytest.raises(AssistantConflictError) as refusal:
        await store.create({"assistant_id": ONE, "graph_id": "evil"}, "user-2", if_exists=if_exists)
    assert "good" not in str(refusal.value)
    assert owner not in str(refusal.value)
    assert "if_exists" not in str(refusal.value)  # no other value of it takes another owner's row
    assert await store.get(ONE, owner) == theirs


@pytest.mark.parametrize("claim", ["owner", "created_by"])
async def test_an_owner_in_the_callers_metadata_changes_nothing(store: PostgresAssistantStore, claim: str) -> None:
    made = await store.create(
        {"assistant_id": ONE, "graph_id": "agent", "metadata": {claim: "system", "a": 1}}, "user-1"
    )
    assert made.metadata == {"owner": "user-1", "a": 1}
    changed = await store.update(ONE, {"metadata": {claim: "system"}}, "user-1")
    assert changed is not None
    assert changed.metadata == {"owner": "user-1", "a": 1}
    assert await store.get(ONE, "user-2") is None


async def test_nobody_reads_changes_or_deletes_anothers_row(store: PostgresAssistantStore) -> None:
    theirs = await store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")
    assert await store.get(ONE, "user-2") is None
    assert await store.update(ONE, {"name": "mine"}, "user-2") is None
    assert await store.delete(ONE, "user-2") is False
    assert (await store.list("user-2"), await store.count("user-2")) == ([], 0)
    assert await store.get(ONE, "user-1") == theirs


async def test_a_user_neither_changes_nor_deletes_a_system_row(store: PostgresAssistantStore) -> None:
    theirs = await store.create({"assistant_id": ONE, "graph_id": "agent"}, "system")
    assert await store.update(ONE, {"config": {}}, "user-1") is None
    assert await store.delete(ONE, "user-1") is False
    assert await store.get(ONE, "user-1") == theirs


# 3: ids that are none


@pytest.mark.parametrize("absent", [None, ""])
async def test_an_empty_id_is_as_good_as_none(store: PostgresAssistantStore, absent: Any) -> None:
    made = await store.create({"assistant_id": absent, "graph_id": "agent"}, "user-1")
    assert re.fullmatch("[0-9a-f]{32}", made.assistant_id)


@pytest.mark.parametrize(
    "bad",
    [7, 0, False, [ONE], b"a", " ", "a/b", "a?b", "a#b", " a", "a\n", "a\0b", "x" * 256, "x" * 3000, "\ud800"],
)
async def test_what_is_no_id_is_refused_before_anything_is_written(one_store: PostgresAssistantStore, bad: Any) -> None:
    await refused(one_store.create({"assistant_id": bad, "graph_id": "agent"}, "user-1"), naming="assistant_id")
    assert await rows(one_store) == []


@pytest.mark.parametrize("odd", ["my-assistant", "a0000000_0000_4000_a000_000000000001", "Ä", "x" * 255])
async def test_text_that_is_no_uuid_is_kept_as_it_is(one_store: PostgresAssistantStore, odd: str) -> None:
    made = await one_store.create({"assistant_id": odd, "graph_id": "agent"}, "user-1")
    assert made.assistant_id == odd
    assert await one_store.get(odd, "user-1") == made


@pytest.mark.parametrize("strange", ["a/b", "a\0b", "x" * 3000, "", "\ud800"])
async def test_an_id_that_no_row_can_have_is_not_found(one_store: PostgresAssistantStore, strange: str) -> None:
    assert await one_store.get(strange, "user-1") is None
    assert await one_store.update(strange, {}, "user-1") is None
    assert await one_store.delete(strange, "user-1") is False


# 4: one UUID, many spellings


@pytest.mark.parametrize("spelling", SPELLINGS, ids=str)
async def test_every_spelling_of_a_uuid_is_one_row(one_store: PostgresAssistantStore, spelling: Any) -> None:
    await one_store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")
    again = await one_store.create({"assistant_id": spelling, "graph_id": "agent", "name": "again"}, "user-1")
    assert again.assistant_id == ONE
    assert await one_store.get(spelling, "user-1") == again
    changed = await one_store.update(spelling, {"name": "changed"}, "user-1")
    assert changed is not None
    assert changed.version == 3
    assert await one_store.delete(spelling, "user-1") is True
    assert await rows(one_store) == []


@pytest.mark.parametrize("spelling", SPELLINGS, ids=str)
async def test_a_new_uuid_is_stored_in_its_canonical_spelling(one_store: PostgresAssistantStore, spelling: Any) -> None:
    await one_store.create({"assistant_id": spelling, "graph_id": "agent"}, "user-1")
    assert await rows(one_store) == [ONE]


async def test_a_generated_id_passed_back_finds_its_own_row(store: PostgresAssistantStore) -> None:
    made = await store.create({"graph_id": "agent"}, "user-1")
    again = await store.create({"assistant_id": made.assistant_id, "graph_id": "agent", "name": "again"}, "user-1")
    assert again.assistant_id == made.assistant_id
    assert await store.get(made.assistant_id, "user-1") == again
    assert await rows(store) == [made.assistant_id]


async def test_a_row_as_given_wins_over_the_canonical_one(one_store: PostgresAssistantStore) -> None:
    made = await one_store.create({"graph_id": "agent"}, "user-1")
    dashed = str(uuid.UUID(made.assistant_id))
    other = await one_store.create({"assistant_id": dashed, "graph_id": "agent"}, "user-1")
    assert await one_store.get(made.assistant_id, "user-1") == made
    assert await one_store.get(dashed, "user-1") == other
    assert await one_store.delete(made.assistant_id, "user-1") is True
    assert await rows(one_store) == [dashed]


# 5: content that cannot be read back


@pytest.mark.parametrize(
    "bad",
    [
        {"metadata": None},
        {"config": None},
        {"context": None},
        {"config": []},
        {"config": "x"},
        {"metadata": [["owner", "system"]]},
        {"config": {"recursion_limit": "many"}},
        {"config": {"recursion_limit": True}},
        {"config": {"tags": "one"}},
        {"config": {"configurable": []}},
        {"config": {"a": float("nan")}},
        {"config": {"a": [float("inf")]}},
        {"config": {"a": "b\0c"}},
        {"config": {"a\0b": 1}},
        {"config": {1: "a"}},
        {"config": {"a": "\udfff"}},
        {"config": {"a": {1, 2}}},
        {"config": {"a": 10**5000}},
        {"graph_id": None},
        {"graph_id": ""},
        {"graph_id": " "},
        {"graph_id": 7},
        {"graph_id": "a\0b"},
        {"name": 7},
        {"description": ["x"]},
    ],
)
async def test_content_that_cannot_be_kept_is_refused_before_anything_is_written(
    one_store: PostgresAssistantStore, bad: dict[str, Any]
) -> None:
    await refused(one_store.create({"assistant_id": ONE, "graph_id": "agent", **bad}, "user-1"))
    assert await rows(one_store) == []
    made = await one_store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")
    await refused(one_store.update(ONE, bad, "user-1"))
    assert await one_store.list("user-1") == [made]


async def test_a_missing_graph_is_refused(one_store: PostgresAssistantStore) -> None:
    await refused(one_store.create({"assistant_id": ONE}, "user-1"), naming="graph_id is required")
    await refused(one_store.create([("graph_id", "agent")], "user-1"), naming="data is of type list")  # type: ignore[arg-type]


@pytest.mark.parametrize("owner", ["", None, 7, "a\0b"])
async def test_a_row_without_an_owner_is_refused(one_store: PostgresAssistantStore, owner: Any) -> None:
    await refused(one_store.create({"graph_id": "agent"}, owner), naming="owner_id")
    await refused(one_store.list(owner), naming="owner_id")
    assert await rows(one_store) == []


async def test_what_is_nested_too_deeply_is_refused(one_store: PostgresAssistantStore) -> None:
    deep: dict[str, Any] = {}
    for _ in range(20_000):
        deep = {"a": deep}
    await refused(one_store.create({"graph_id": "agent", "config": deep}, "user-1"), naming="config.*nested")


async def test_rows_an_older_server_left_do_not_break_reading(one_store: PostgresAssistantStore) -> None:
    async with one_store._get_connection() as connection:
        await connection.execute(
            "INSERT INTO langgraph_server.assistants (id, graph_id, config, context, metadata)"
            """ VALUES ('a/b', 'agent', '[]', 'null', '{"owner": "user-1"}'),"""
            """        ('', 'agent', '{}', '{}', '{"owner": "user-1"}')"""
        )
    assert {each.assistant_id for each in await one_store.list("user-1")} == {"a/b", ""}
    assert await one_store.delete("a/b", "user-1") is True
    assert await one_store.delete("", "user-1") is True


async def test_uuids_and_dates_become_text_and_tuples_lists(one_store: PostgresAssistantStore) -> None:
    config = {"a": uuid.UUID(ONE), "b": [date(2026, 1, 2), (1, "c")], "tags": ("x",)}
    context = {"at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC)}
    made = await one_store.create({"graph_id": "agent", "config": config, "context": context}, "user-1")
    assert made.config == {"a": ONE, "b": ["2026-01-02", [1, "c"]], "tags": ["x"]}
    assert made.context == {"at": "2026-01-02 03:04:00+00:00"}


# what a row comes back as


class ServersConfig(BaseModel):
    tags: list[str] = []
    recursion_limit: int = 25
    configurable: dict[str, Any] = {}


class ServersAssistant(BaseModel):
    assistant_id: str
    graph_id: str
    config: ServersConfig
    metadata: dict[str, Any]
    version: int
    created_at: datetime


async def test_a_row_comes_back_as_the_callers_own_model(one_store: PostgresAssistantStore) -> None:
    store = PostgresAssistantStore(one_store._get_connection, model=ServersAssistant)
    made = await store.create({"graph_id": "agent", "config": {"configurable": {"a": 1}}}, "user-1")
    assert isinstance(made, ServersAssistant)
    assert made.config == ServersConfig(configurable={"a": 1})
    changed = await store.update(made.assistant_id, {"config": {"tags": ["x"]}}, "user-1")
    assert changed is not None
    assert changed.config == ServersConfig(tags=["x"])
    assert await store.list("user-1") == [await store.get(made.assistant_id, "user-1")] == [changed]
    assert await rows(one_store, "config") == [{"tags": ["x"]}]


class Renamed(BaseModel):
    id: str


class Closed(ServersAssistant, extra="forbid"):
    pass


class Narrow(ServersAssistant):
    version: str


@pytest.mark.parametrize("model", [Renamed, create_model("Optional", id=(str, "")), Closed, Narrow, None, dict])
def test_a_model_that_cannot_hold_a_row_is_refused_before_one_is_written(model: Any) -> None:
    with pytest.raises(TypeError, match=r"^model is "):
        PostgresAssistantStore(connections("", autocommit=True), model=model)


async def _coroutine() -> None: ...


async def _unfinished() -> AsyncIterator[None]:
    yield


@pytest.mark.parametrize("given", [None, "postgresql://", object(), _coroutine, _unfinished])
def test_what_yields_no_connection_is_refused(given: Any) -> None:
    for each in (PostgresAssistantStore, PostgresStorage):
        with pytest.raises(TypeError, match=r"^get_connection is "):
            each(given)


class StrictConfig(ServersConfig, extra="forbid"):
    pass


class Strict(ServersAssistant):
    assistant_id: uuid.UUID  # type: ignore[assignment]
    config: StrictConfig


async def test_content_that_the_model_does_not_hold_is_refused_before_it_is_written(
    one_store: PostgresAssistantStore,
) -> None:
    store = PostgresAssistantStore(one_store._get_connection, model=Strict)
    made = await store.create({"assistant_id": ONE, "graph_id": "agent", "metadata": {"a": 1}}, "user-1")
    with pytest.raises(InvalidAssistantError, match=r"Strict does not hold the content: config\.thread_id \(Extra"):
        await store.create({"graph_id": "agent", "config": {"thread_id": "1"}}, "user-1")
    with pytest.raises(InvalidAssistantError, match="assistant_id"):
        await store.create({"assistant_id": "not-a-uuid", "graph_id": "agent"}, "user-1")
    with pytest.raises(InvalidAssistantError, match=r"config\.thread_id"):
        await store.update(ONE, {"config": {"thread_id": "1"}}, "user-1")
    changed = await store.update(ONE, {"metadata": {"b": 2}}, "user-1")
    assert changed is not None
    assert changed.metadata == {**made.metadata, "b": 2}
    assert await rows(one_store, "version") == [2]


async def test_a_row_that_the_model_does_not_hold_is_left_out_of_lists_alone(
    one_store: PostgresAssistantStore, caplog: pytest.LogCaptureFixture
) -> None:
    await one_store.create({"assistant_id": "odd", "graph_id": "agent", "config": {"thread_id": "1"}}, "system")
    store = PostgresAssistantStore(one_store._get_connection, model=Strict)
    made = await store.create({"graph_id": "agent"}, "user-1")
    assert await store.list("user-1") == [made]
    assert "assistant 'odd', which the model does not hold: assistant_id, config.thread_id" in caplog.text
    with pytest.raises(ValidationError):
        await store.get("odd", "user-1")


class Aliased(BaseModel):
    id: str = Field(alias="assistant_id")


async def test_a_model_may_have_a_name_of_its_own_for_the_id(one_store: PostgresAssistantStore) -> None:
    store = PostgresAssistantStore(one_store._get_connection, model=Aliased)
    assert (await store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")).id == ONE


async def test_the_config_has_attributes_and_dumps_as_its_row_has_it(one_store: PostgresAssistantStore) -> None:
    made = await one_store.create({"graph_id": "agent", "config": {"other": 1}}, "user-1")
    assert (made.config.tags, made.config.recursion_limit, made.config.configurable) == ([], 25, {})
    given = {"tags": ["x"], "recursion_limit": 7, "configurable": {"a": 1}}
    changed = await one_store.update(made.assistant_id, {"config": given}, "user-1")
    assert changed is not None
    assert (changed.config.tags, changed.config.recursion_limit, changed.config.configurable) == (["x"], 7, {"a": 1})
    assert (made.model_dump()["config"], made.model_dump(mode="json")["config"]) == ({"other": 1}, {"other": 1})
    assert type(made.model_dump()["config"]) is dict
    assert Assistant.model_validate_json(changed.model_dump_json()) == changed
    assert await rows(one_store, "config") == [given]


async def test_the_id_may_be_named_as_the_server_names_it(one_store: PostgresAssistantStore) -> None:
    made = await one_store.create(data={"graph_id": "agent"}, owner_id="user-1")
    named = {"resource_id": made.assistant_id, "owner_id": "user-1"}
    assert await one_store.get(**named) == made
    assert await one_store.update(data={"name": "again"}, **named) is not None
    assert await one_store.delete(**named) is True


# 6: versions


@pytest.mark.parametrize("autocommit", [True, False])
@pytest.mark.parametrize("isolation", [r"read\ committed", "serializable"])
async def test_fifty_concurrent_updates_are_fifty_versions(
    clone: Callable[[str], str], isolation: str, autocommit: bool
) -> None:
    conninfo = make_conninfo(clone("empty"), options=f"-c default_transaction_isolation={isolation}")
    async with AsyncConnectionPool(conninfo, min_size=1, max_size=8, kwargs={"autocommit": autocommit}) as pool:
        store = PostgresAssistantStore(pool)
        await store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")
        made = await asyncio.gather(*(store.update(ONE, {"metadata": {str(n): n}}, "user-1") for n in range(50)))
        assert sorted(each.version for each in made if each) == list(range(2, 52))
        found = await store.get(ONE, "user-1")
    assert found is not None
    assert len(found.metadata) == 51


async def test_update_merges_metadata_and_replaces_the_rest(store: PostgresAssistantStore) -> None:
    data = {
        "graph_id": "agent",
        "metadata": {"a": 1},
        "config": {"tags": ["x"]},
        "context": {"b": 1},
        "name": "A",
        "description": "D",
    }
    made = await store.create({"assistant_id": ONE, **data}, "user-1")
    changed = await store.update(
        ONE, {"assistant_id": "other", "metadata": {"c": 2}, "config": {}, "name": None}, "user-1"
    )
    assert changed == made.model_copy(
        update={
            "metadata": {"owner": "user-1", "a": 1, "c": 2},
            "config": {},
            "name": None,
            "version": 2,
            "updated_at": changed and changed.updated_at,
        }
    )
    assert await rows(store) == [ONE]


# 10: replicas that boot together


async def test_three_servers_that_start_together_make_the_tables_once(storage: PostgresStorage) -> None:
    async with storage._get_connection() as connection:
        await connection.execute("DROP SCHEMA langgraph_server CASCADE", prepare=False)
    await asyncio.gather(*(storage.setup() for _ in range(3)))
    await storage.setup()
    await storage.assistants.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")
    assert await storage.assistants.count("user-1") == 1


async def test_setup_makes_the_tables_that_the_dumps_have_and_indexes_with_its_own_table_only(
    clone: Callable[[str], str],
) -> None:
    shape = """SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns
               WHERE table_schema = 'langgraph_server' ORDER BY table_name, column_name"""
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'langgraph_server' ORDER BY 1"
    get_connection = connections(clone("healthy"), autocommit=True, row_factory=dict_row)
    async with get_connection() as connection:

        async def look() -> list[Any]:
            return [await (await connection.execute(query)).fetchall() for query in (shape, indexes)]

        before = await look()
        await connection.execute("DROP TABLE langgraph_server.threads, langgraph_server.thread_states")
        await connection.execute("DROP INDEX langgraph_server.idx_runs_thread_id")
        await PostgresStorage(get_connection).setup()
        again = await look()
        assert again[0] == before[0]
        assert {each["indexname"] for each in before[1]} - {each["indexname"] for each in again[1]} == {
            "idx_runs_thread_id"
        }
        await connection.execute("DROP SCHEMA langgraph_server CASCADE")
        await PostgresStorage(get_connection).setup()
        made = await look()
        assert made[0] == before[0]
        assert [each for each in made[1] if each not in before[1]] == [
            each for each in made[1] if each["indexname"] in INDEXES
        ]
        assert len(made[1]) == len(before[1]) + len(INDEXES)


async def test_setup_needs_no_right_to_create_where_everything_is_there(clone: Callable[[str], str]) -> None:
    conninfo = clone("empty")
    role = f"role_{uuid.uuid4().hex}"
    async with connections(conninfo, autocommit=True, row_factory=dict_row)() as connection:
        await connection.execute(f"CREATE ROLE {role} LOGIN")
        await connection.execute(f"GRANT USAGE ON SCHEMA langgraph_server TO {role}")

        @asynccontextmanager
        async def as_role() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL ROLE {role}")
                yield connection

        await PostgresStorage(as_role).setup()
        await connection.execute(f"DROP OWNED BY {role}")
        await connection.execute(f"DROP ROLE {role}")


# 11: organizations


async def test_organizations_narrow_the_systems_rows(store: PostgresAssistantStore) -> None:
    for number, organization in enumerate([ORGANIZATION, OTHER_ORGANIZATION], start=1):
        data = {"assistant_id": ONE[:-1] + str(number), "graph_id": "agent"}
        await store.create({**data, "metadata": {"supabase_organization_id": organization}}, "system")
    mine = await store.create({"graph_id": "agent"}, "user-1")
    listed = await store.list("user-1", organizations=[OTHER_ORGANIZATION.upper()])
    assert {each.assistant_id for each in listed} == {mine.assistant_id, ONE[:-1] + "2"}
    assert await store.count("user-1", organizations=[uuid.UUID(OTHER_ORGANIZATION)]) == 2
    assert await store.get(ONE, "user-1", organizations=[OTHER_ORGANIZATION]) is None
    assert await store.get(ONE, "user-1", organizations=[ORGANIZATION]) is not None
    assert await store.list("user-1", organizations=[]) == [mine]
    assert await store.count("user-1") == 3


# reading many


async def test_list_filters_and_orders(store: PostgresAssistantStore) -> None:
    for number, name in enumerate(["Alpha 100%", "beta_one", "ALPHA two", None]):
        data = {"graph_id": "odd" if number % 2 else "even", "name": name, "metadata": {"group": {"number": number}}}
        await store.create({"assistant_id": f"id-{number}", "description": f"of id-{number}", **data}, "user-1")

    async def ids(**filters: Any) -> list[str]:
        listed = [each.assistant_id for each in await store.list("user-1", **filters)]
        counted = {key: value for key, value in filters.items() if key not in ("limit", "offset")}
        if counted == filters:
            assert await store.count("user-1", **filters) == len(listed)
        return listed

    assert await ids() == ["id-3", "id-2", "id-1", "id-0"]
    assert await ids(limit=2, offset=1) == ["id-2", "id-1"]
    assert await ids(graph_id="even") == ["id-2", "id-0"]
    assert await ids(metadata={"group": {"number": 1}}) == ["id-1"]
    assert await ids(name="beta_one") == ["id-1"]
    assert await ids(name="beta") == []
    assert await ids(name_contains="alpha") == ["id-2", "id-0"]
    assert await ids(name_contains="%") == ["id-0"]
    assert await ids(name_contains="_") == ["id-1"]
    assert await ids(assistant_id="id-3") == ["id-3"]
    assert await ids(description="of id-2", graph_id="even") == ["id-2"]
    await store.update("id-0", {"name": "again"}, "user-1")
    assert await ids(version=2) == ["id-0"]
    assert await ids(version=1, name=None, graph_id="odd") == ["id-3", "id-1"]


async def test_rows_of_one_moment_are_listed_in_a_stable_order(one_store: PostgresAssistantStore) -> None:
    async with one_store._get_connection() as connection:
        await connection.execute(
            "INSERT INTO langgraph_server.assistants (id, graph_id, metadata)"
            """ SELECT 'id-' || n, 'agent', '{"owner": "user-1"}' FROM unnest('{3,1,2}'::int[]) AS n"""
        )
    pages = [await one_store.list("user-1", limit=1, offset=offset) for offset in range(3)]
    assert [each.assistant_id for page in pages for each in page] == ["id-1", "id-2", "id-3"]


@pytest.mark.parametrize(
    "filters",
    [
        {"limit": -1},
        {"limit": True},
        {"offset": "1"},
        {"metadata": []},
        {"name": 7},
        {"organizations": "a"},
        {"organizations": uuid.UUID(ORGANIZATION)},
        {"organizations": [7]},
        {"organizations": ["x"]},
        {"organizations": {ORGANIZATION: 1, "org-1": 2}},
    ],
)
async def test_a_filter_of_another_type_is_refused(one_store: PostgresAssistantStore, filters: dict[str, Any]) -> None:
    await refused(one_store.list("user-1", **filters))


async def test_an_unknown_filter_is_refused(one_store: PostgresAssistantStore) -> None:
    await refused(one_store.count("user-1", colour="red"), naming="colour is no filter, known are assistant_id")  # type: ignore[call-arg]


# how it is connected


async def test_a_shared_connection_is_left_without_an_open_transaction(conninfo: str) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo, row_factory=dict_row) as shared:

        @asynccontextmanager
        async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
            yield shared

        store = PostgresAssistantStore(get_connection)
        await store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")
        await store.get(ONE, "user-1")
        assert shared.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        other = PostgresAssistantStore(connections(conninfo, autocommit=True, row_factory=dict_row))
        assert await other.count("user-1") == 1


@pytest.mark.parametrize(
    "options",
    [
        {"cursor_factory": psycopg.AsyncClientCursor},
        {"cursor_factory": psycopg.AsyncRawCursor},
        {"options": "-c client_encoding=latin1"},
    ],
)
async def test_the_callers_kind_of_cursor_and_encoding_do_not_matter(
    clone: Callable[[str], str], options: dict[str, Any]
) -> None:
    conninfo = make_conninfo(clone("empty"), **{key: each for key, each in options.items() if key == "options"})
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        connection.cursor_factory = options.get("cursor_factory", connection.cursor_factory)
        storage = PostgresStorage(_always(connection))
        await storage.setup()
        made = await storage.assistants.create({"graph_id": "agent", "name": "Köln"}, "user-1")
        assert await storage.assistants.get(made.assistant_id, "user-1") == made
        assert await storage.assistants.list("user-1", name="Köln") == [made]
        assert await storage.assistants.delete(made.assistant_id, "user-1")


async def test_a_callers_own_transaction_takes_the_store_back_with_it(clone: Callable[[str], str]) -> None:
    conninfo = clone("empty")
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:

        @asynccontextmanager
        async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
            yield connection

        async with connection.transaction(force_rollback=True):
            await PostgresAssistantStore(get_connection).create({"graph_id": "agent"}, "user-1")
        assert await PostgresAssistantStore(get_connection).count("user-1") == 0


async def test_many_calls_on_one_connection_prepare_nothing_on_the_server(clone: Callable[[str], str]) -> None:
    async with await psycopg.AsyncConnection.connect(clone("empty"), autocommit=True) as connection:

        @asynccontextmanager
        async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
            yield connection

        store = PostgresAssistantStore(get_connection)
        for _ in range(10):
            await store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")
            await store.get(ONE, "user-1")
        prepared = await (await connection.execute("SELECT count(*) FROM pg_prepared_statements")).fetchone()
    assert prepared == (0,)


async def test_get_is_one_index_lookup(clone: Callable[[str], str]) -> None:
    async with connections(clone("empty"), autocommit=True, row_factory=dict_row)() as connection:
        await connection.execute(
            "INSERT INTO langgraph_server.assistants (id, graph_id) SELECT gen_random_uuid()::text, 'agent' FROM "
            "generate_series(1, 2000)"
        )
        await connection.execute("ANALYZE langgraph_server.assistants")
        statement = sql.statement("get_assistant", wanted_id="given_assistant_id")
        parameters = {"assistant_id": ONE, "owner_id": "user-1", "organizations": None}
        plan = await (await connection.execute("EXPLAIN " + statement, parameters)).fetchall()  # type: ignore[arg-type]
    text = "\n".join(row["QUERY PLAN"] for row in plan)
    assert text.count("Index Scan using assistants_pkey") == 1
    assert "Seq Scan" not in text


async def test_get_through_a_pool_is_one_round_trip(clone: Callable[[str], str]) -> None:
    async with (
        AsyncConnectionPool(clone("empty"), min_size=1, max_size=1, kwargs={"autocommit": True}) as pool,
        pool.connection() as connection,
    ):
        sent = connection.pgconn
        with tempfile.TemporaryFile() as file:
            sent.trace(file.fileno())
            await PostgresAssistantStore(_always(connection)).get(ONE, "user-1")
            sent.untrace()
            file.seek(0)
            trace = file.read().decode()
    assert trace.count("\tSync") == 1
    assert "\tQuery\t" not in trace


def _always(
    connection: psycopg.AsyncConnection[Any],
) -> Callable[[], AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]]:
    @asynccontextmanager
    async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        yield connection

    return get_connection


# how fast it is


@pytest.fixture
def indexed(clone: Callable[[str], str]) -> str:
    """A database whose table has the indexes that `assistant-toolkit indexes` prints."""
    conninfo = clone("empty")
    make_indexes(conninfo)
    return conninfo


def make_indexes(conninfo: str) -> None:
    printed = CliRunner().invoke(main, ["indexes"], catch_exceptions=False).output
    assert printed.startswith("-- In the database of langgraph_server.assistants, one by one, outside a transaction")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in printed.split(";"):
            if statement.strip():
                connection.execute(statement)  # type: ignore[arg-type]


FEW = 60
"""More rows than this would depend on the size of a table of 5,000."""


async def test_what_a_front_end_asks_for_reads_few_rows_of_a_large_table(indexed: str) -> None:
    async with await psycopg.AsyncConnection.connect(indexed, autocommit=True) as connection:
        await connection.execute(
            """INSERT INTO langgraph_server.assistants (id, graph_id, metadata)
               SELECT 'id-' || n, CASE n % 1000 WHEN 0 THEN 'rare' WHEN 1 THEN 'users' ELSE 'agent' END,
                      jsonb_build_object('owner', CASE n % 5 WHEN 1 THEN 'user-' || n % 50 ELSE 'system' END,
                                         'number', n, 'supabase_organization_id', lpad((n / 20)::text, 32, '0')::uuid)
               FROM   generate_series(1, 5000) AS n"""
        )
        await connection.execute("VACUUM ANALYZE langgraph_server.assistants")
        store = PostgresAssistantStore(_always(connection))
        organizations = [str(uuid.UUID(int=number)) for number in range(2)]

        async def rows_read() -> int:
            await connection.execute("SELECT pg_stat_force_next_flush()")
            found = await connection.execute(
                "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'assistants'"
            )
            return (await found.fetchone() or (0,))[0]

        async def few(asked: Awaitable[Any], expected: int) -> None:
            before = await rows_read()
            answer = await asked
            read = await rows_read() - before
            assert (answer if isinstance(answer, int) else len(answer)) == expected
            assert read <= FEW, read

        await store.count("user-7", organizations=[])  # the first call looks for the indexes
        await few(store.list("user-1", limit=10), 10)
        await few(store.list("user-1", limit=10, offset=10), 10)
        await few(store.list("system", limit=10), 10)
        await few(store.list("user-1", limit=10, graph_id="rare"), 5)
        await few(store.list("user-1", limit=10, graph_id="users"), 5)
        await few(store.list("user-1", limit=10, graph_id="none"), 0)
        await few(store.list("user-1", limit=10, organizations=organizations), 10)
        await few(store.list("user-7", limit=10, organizations=organizations, graph_id="none"), 0)
        await few(store.list("user-7", limit=50, metadata={"number": 4999}), 1)
        await few(store.list("user-7", limit=10, metadata={"number": "none"}), 0)
        await few(store.list("user-7", assistant_id="ID-7"), 0)
        await few(store.count("user-7", organizations=[organizations[0]]), 15)
        await few(store.count("user-7", metadata={"number": 4999}), 1)
        await few(store.count("user-7", organizations=[]), 0)
        await few(store.count("system"), 4000)  # in an index alone
        assert len(await store.list("user-1", name_contains="x")) == 0
        before = await rows_read()
        await store.create({"graph_id": "agent"}, "user-1")
        assert await rows_read() - before <= 1


@pytest.fixture(scope="module")
def noise() -> str:
    """A text that no index can compress to what it holds."""
    return "".join(random.Random(7).choices([chr(each) for each in range(0x4E00, 0x9FFF)], k=10_000))


async def test_no_index_makes_a_write_fail(indexed: str, noise: str) -> None:
    store = PostgresAssistantStore(connections(indexed, autocommit=True, row_factory=dict_row))
    large = {"supabase_organization_id": noise, "text": noise * 300, **{f"{noise[:900]}{n}": n for n in range(5000)}}
    made = await store.create({"graph_id": noise, "name": noise, "metadata": large}, noise)
    assert await store.list(noise, limit=1, graph_id=noise, metadata={"supabase_organization_id": noise}) == [made]
    systems = await store.create({"graph_id": noise, "metadata": {"supabase_organization_id": noise}}, "system")
    assert await store.list("user-1", limit=1) == [systems]
    assert await store.count("user-1", metadata={"supabase_organization_id": noise}) == 1
    async with store._get_connection() as connection:
        for metadata in ("null", "[]", '"text"', "[[[[1]]]]", '{"owner": ["system"]}', '{"owner": null}'):
            await connection.execute(
                "INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES (%s, '', %s)",
                [metadata + noise[:860], metadata],
            )
    changed = await store.update(made.assistant_id, {"metadata": {"text": noise}}, noise)
    assert changed is not None
    assert changed.metadata == {**large, "owner": noise, "text": noise}


async def test_missing_indexes_are_logged_once(clone: Callable[[str], str], caplog: pytest.LogCaptureFixture) -> None:
    conninfo = clone("empty")
    for expected in (1, 0):
        store = PostgresAssistantStore(connections(conninfo, autocommit=True, row_factory=dict_row))
        await store.list("user-1")
        await store.count("user-1")
        assert len(caplog.messages) == expected
        if expected:
            assert "where the toolkit's commands are installed, `assistant-toolkit indexes`" in caplog.messages[0]
            assert all(name in caplog.messages[0] for name in INDEXES)
            make_indexes(conninfo)
            caplog.clear()


async def test_a_filter_without_an_index_is_given_up_after_seconds(clone: Callable[[str], str]) -> None:
    conninfo = clone("empty")
    for autocommit in (True, False):
        get_connection = connections(conninfo, autocommit=autocommit, row_factory=dict_row)
        async with get_connection() as connection:
            # A view whose rows say how long a statement may take.
            await connection.execute(
                """DO $$ BEGIN
                       IF to_regclass('langgraph_server.stored') IS NULL THEN
                           ALTER TABLE langgraph_server.assistants RENAME TO stored;
                           INSERT INTO langgraph_server.stored (id, graph_id, metadata)
                           VALUES ('x', 'agent', '{"owner": "user-1"}');
                           CREATE VIEW langgraph_server.assistants AS
                           SELECT id, graph_id, config, context, metadata, current_setting('statement_timeout') AS name,
                                  description, version, created_at, updated_at FROM langgraph_server.stored;
                       END IF;
                   END $$"""
            )
            await connection.commit()
            for given in (_always(connection), get_connection):
                store = PostgresAssistantStore(given)
                assert [each.name for each in await store.list("user-1", name_contains="s")] == ["5s"]
                assert await store.count("user-1", version=1, name="5s") == 1
                assert [each.name for each in await store.list("user-1", limit=1)] == ["0"]


async def test_a_write_waits_for_a_locked_row_two_seconds_only(clone: Callable[[str], str]) -> None:
    conninfo = clone("empty")
    store = PostgresAssistantStore(connections(conninfo, autocommit=True, row_factory=dict_row))
    data = {"assistant_id": ONE, "graph_id": "agent"}
    await store.create(data, "user-1")
    async with await psycopg.AsyncConnection.connect(conninfo) as holding:
        await holding.execute("SELECT FROM langgraph_server.assistants FOR UPDATE")
        await holding.execute("INSERT INTO langgraph_server.assistants (id, graph_id) VALUES ('new', 'agent')")
        began = time.monotonic()
        answers = await asyncio.gather(
            store.update(ONE, {"name": "A"}, "user-1"),
            store.create(data, "user-1"),
            store.create(data, "user-1", if_exists="do_nothing"),
            store.create({"assistant_id": "new", "graph_id": "agent"}, "user-1", if_exists="raise"),
            store.delete(ONE.upper(), "user-1"),
            return_exceptions=True,
        )
        assert [type(each) for each in answers] == [psycopg.errors.LockNotAvailable] * 5
        assert 1 < time.monotonic() - began < 15
        assert (await store.get(ONE, "user-1")) is not None
    assert await store.delete(ONE, "user-1")


async def test_a_row_that_postgresql_cannot_hold_is_a_wrong_value(clone: Callable[[str], str], noise: str) -> None:
    store = PostgresAssistantStore(connections(clone("empty"), autocommit=True, row_factory=dict_row))
    made = await store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1")
    async with store._get_connection() as connection:
        await connection.execute("CREATE INDEX of_somebodys_own ON langgraph_server.assistants (name)")
        await refused(store.create({"graph_id": "agent", "name": noise}, "user-1"), naming="PostgreSQL cannot hold")
        await refused(store.update(ONE, {"name": noise}, "user-1"), naming="PostgreSQL cannot hold")
        assert await store.list("user-1") == [made]
        await connection.execute("UPDATE langgraph_server.assistants SET version = 2147483647")
        await refused(store.update(ONE, {}, "user-1"), naming="PostgreSQL cannot hold")


async def test_clear_removes_everybodys_rows(store: PostgresAssistantStore) -> None:
    await store.create({"graph_id": "agent"}, "user-1")
    await store.create({"graph_id": "agent"}, "system")
    await store.clear()
    assert await rows(store) == []
