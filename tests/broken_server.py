"""A small model of the server before it was mended, and of the front end beside it.

It has both bugs: `create()` stored every assistant under a random id, and `get` and `list` showed a reader nothing but
the reader's own rows. Two half cures are here, too. The front end's fallback turns a 404 into a bare assistant. Every
call blocks, with one transaction a statement, as in the real server.
"""

import itertools
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

Connection = psycopg.Connection[dict[str, Any]]
Row = dict[str, Any]

SYSTEM = "system"
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
"""When a week of use begins."""

_AGENTS = """
SELECT agent.id, agent.organization_id, agent.name, agent.graph_id, agent.system_prompt,
       agent.temperature, agent.max_tokens,
       COALESCE(model.runtime_model_name, 'openai:gpt-4o') AS model_name,
       (SELECT jsonb_agg(jsonb_build_object('url', server.url, 'tools', server.tools, 'auth_required', server.auth)
                         ORDER BY server.url)
        FROM  (SELECT tool.endpoint_url AS url, jsonb_agg(tool.tool_name) AS tools, bool_or(tool.auth_required) AS auth
               FROM   public.agent_mcp_tools AS used JOIN public.mcp_tools AS tool ON tool.id = used.mcp_tool_id
               WHERE  used.agent_id = agent.id GROUP BY tool.endpoint_url) AS server) AS servers
FROM   public.agents AS agent
       LEFT JOIN public.global_ai_engines AS engine ON engine.id = agent.engine_id
       LEFT JOIN public.ai_models AS model ON model.id = engine.language_model_id
WHERE  agent.status = 'active' AND agent.deleted_at IS NULL
ORDER  BY agent.organization_id, agent.name
"""


class BrokenStore:
    """The assistants, as the server kept them: each under a random id, each seen by its owner alone."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def create(self, data: Row, owner_id: str) -> Row:
        """First bug: the id that was passed in is ignored. No name is stored either."""
        return self._insert(uuid.uuid4().hex, data, owner_id)

    def get(self, assistant_id: str, owner_id: str) -> Row | None:
        """Second bug: what the system owns, nobody else finds."""
        return self._row(
            "SELECT * FROM langgraph_server.assistants WHERE id = %s AND metadata->>'owner' = %s",
            assistant_id,
            owner_id,
        )

    def list(self, owner_id: str, graph_id: str) -> list[Row]:
        """Return the owner's rows of one graph, newest first."""
        return self.connection.execute(
            "SELECT * FROM langgraph_server.assistants WHERE metadata->>'owner' = %s AND graph_id = %s ORDER BY "
            "created_at DESC",
            (owner_id, graph_id),
        ).fetchall()

    def update(self, assistant_id: str, data: Row, owner_id: str) -> Row | None:
        return self._row(
            """UPDATE langgraph_server.assistants
               SET    config = %s, metadata = metadata || %s, version = version + 1, updated_at = now()
               WHERE  id = %s AND metadata->>'owner' = %s RETURNING *""",
            Jsonb(data["config"]), Jsonb(data["metadata"]), assistant_id, owner_id,
        )  # fmt: skip

    def _insert(self, assistant_id: str, data: Row, owner_id: str, on_conflict: str = "") -> Row:
        inserted = self._row(
            "INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata) VALUES (%s, %s, %s, %s)"
            f" {on_conflict} RETURNING *",
            assistant_id,
            data["graph_id"],
            Jsonb(data.get("config", {})),
            Jsonb({**data.get("metadata", {}), "owner": owner_id}),
        )
        assert inserted is not None
        return inserted

    def _row(self, statement: str, *values: Any) -> Row | None:
        return self.connection.execute(statement.encode(), values).fetchone()


class IdFixedStore(BrokenStore):
    """Half a cure: the id is kept, and creating twice is an error."""

    def create(self, data: Row, owner_id: str) -> Row:
        return self._insert(data.get("assistant_id") or uuid.uuid4().hex, data, owner_id)


class UpsertingStore(BrokenStore):
    """Half a cure: the id is kept and creating twice is an update, whoever the row belongs to."""

    def create(self, data: Row, owner_id: str) -> Row:
        everything = (
            "ON CONFLICT (id) DO UPDATE SET graph_id = EXCLUDED.graph_id, config = EXCLUDED.config, metadata = "
            "EXCLUDED.metadata"
        )
        return self._insert(data.get("assistant_id") or uuid.uuid4().hex, data, owner_id, everything)


@dataclass(frozen=True)
class Server:
    """One replica of the server, with its connections."""

    store: BrokenStore
    supabase: Connection

    def start(self, between: Callable[[], object] = lambda: None) -> dict[str, int]:
        """Sync every agent, one at a time; one that fails is counted, and the others go on.

        `between` runs between the look for an assistant and its creation: where replicas get into each other's way.
        """
        counts = {"created": 0, "updated": 0, "skipped": 0, "failed": 0}
        for agent in self.supabase.execute(_AGENTS.encode()).fetchall():
            try:
                counts[self.sync(agent, SYSTEM, between)] += 1
            except psycopg.Error:
                counts["failed"] += 1
        return counts

    def lazy_sync(self, agent_id: str, user_id: str) -> str:
        """Sync one agent as the user who opened it: the row becomes the user's."""
        (agent,) = (each for each in self.supabase.execute(_AGENTS.encode()).fetchall() if str(each["id"]) == agent_id)
        return self.sync(agent, user_id)

    def sync(self, agent: Row, owner_id: str, between: Callable[[], object] = lambda: None) -> str:
        payload = payload_of(agent)
        existing = self.store.get(payload["assistant_id"], owner_id)
        between()
        if existing is None:
            self.store.create(payload, owner_id)
        elif existing["config"] != payload["config"]:
            self.store.update(payload["assistant_id"], payload, owner_id)
        self.supabase.execute(
            "UPDATE public.agents SET langgraph_assistant_id = %s WHERE id = %s", (payload["assistant_id"], agent["id"])
        )
        return "created" if existing is None else "updated" if existing["config"] != payload["config"] else "skipped"


def payload_of(agent: Row) -> Row:
    """What the sync passes to `create()`, in the shape of that server's generation."""
    configurable = {
        "supabase_organization_id": str(agent["organization_id"]),
        "model_name": agent["model_name"],
        **{key: agent[key] for key in ("system_prompt", "temperature", "max_tokens") if agent[key] is not None},
    }
    if agent["servers"]:
        servers = [{"name": f"server-{number}", **server} for number, server in enumerate(agent["servers"], 1)]
        configurable["mcp_config"] = {"servers": servers}
    return {
        "assistant_id": str(agent["id"]),
        "graph_id": agent["graph_id"],
        "name": agent["name"],
        "config": {"configurable": configurable},
        "metadata": {
            "supabase_agent_id": str(agent["id"]),
            "supabase_organization_id": str(agent["organization_id"]),
            "synced_at": datetime.now(UTC).isoformat(),
        },
    }


@contextmanager
def server(supabase: str, langgraph: str, store: type[BrokenStore] = BrokenStore) -> Iterator[Server]:
    """Connect a replica to the databases of these two conninfos (the same for one); a transaction pooler will do."""
    with ExitStack() as connections:
        first, second = (
            connections.enter_context(
                psycopg.connect(each, autocommit=True, prepare_threshold=None, row_factory=dict_row)
            )
            for each in (supabase, langgraph)
        )
        yield Server(store(second), first)


def restart(supabase: str, langgraph: str, store: type[BrokenStore] = BrokenStore) -> dict[str, int]:
    """Start the server once, and end it."""
    with server(supabase, langgraph, store) as started:
        return started.start()


def replicas(
    supabase: str, langgraph: str, number: int, store: type[BrokenStore] = BrokenStore
) -> list[dict[str, int]]:
    """Start so many replicas at the same moment, and end them."""
    told: list[dict[str, int]] = []
    ready = threading.Barrier(number)

    def run() -> None:
        with server(supabase, langgraph, store) as started:
            ready.wait()
            told.append(started.start())

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@dataclass(frozen=True)
class FrontEnd:
    """What the browser of one user does."""

    server: Server
    user_id: str

    def assistant_for(self, agent_id: str, graph_id: str = "agent") -> str:
        """GET the agent's id; on 404 search for anything that is there; else POST a bare assistant."""
        found = self.server.store.get(agent_id, self.user_id)
        if found is None:
            found = next(iter(self.server.store.list(self.user_id, graph_id)), None)
        if found is None:
            found = self.server.store.create({"graph_id": graph_id}, self.user_id)
        return str(found["id"])

    def talk(self, agent: Row, thread_id: str, at: datetime) -> str:
        """Hold a conversation with the agent, whatever assistant answers; return that assistant's id."""
        assistant_id = self.assistant_for(str(agent["id"]), agent["graph_id"])
        self.server.supabase.execute(
            "INSERT INTO public.chat_sessions (organization_id, agent_id, thread_id, created_at) VALUES (%s, %s, %s, "
            "%s)",
            (agent["organization_id"], agent["id"], thread_id, at),
        )
        named = Jsonb({"assistant_id": assistant_id, "agent_id": str(agent["id"]), "owner": self.user_id})
        write = self.server.store.connection.execute
        write(
            "INSERT INTO langgraph_server.threads (id, metadata, created_at, updated_at) VALUES (%s, %s, %s, %s)",
            (thread_id, named, at, at),
        )
        write(
            "INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, status, metadata, created_at, updated_at)"
            " VALUES (%s, %s, %s, 'success', %s, %s, %s)",
            (f"run-{thread_id}", thread_id, assistant_id, Jsonb({"agent_id": str(agent["id"])}), at, at),
        )
        write(
            "INSERT INTO public.checkpoints (thread_id, checkpoint_id, checkpoint, metadata) VALUES (%s, '1', '{}', "
            "%s)",
            (thread_id, named),
        )
        return assistant_id

    def remember(self, assistant_id: str, organization_id: str, key: str, at: datetime) -> None:
        """Keep a memory in one of the four spellings, and in LangGraph's own store."""
        parts = (str(organization_id), self.user_id, assistant_id, "facts")
        spellings = ("/".join(parts), f"{{{','.join(parts)}}}", f"{{{'/'.join(parts)}}}", f"{{{'.'.join(parts)}}}")
        write = self.server.store.connection.execute
        write(
            "INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, created_at, "
            "updated_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                spellings[sum(key.encode()) % len(spellings)],
                key,
                Jsonb({"text": f"said to {assistant_id}"}),
                self.user_id,
                Jsonb({"assistant_id": assistant_id}),
                at,
                at,
            ),
        )
        write("INSERT INTO public.store (prefix, key, value) VALUES (%s, %s, '{}')", (".".join(parts), key))

    def schedule(self, assistant_id: str, key: str, at: datetime) -> None:
        """Have the assistant run every morning."""
        nested = {"assistant_id": assistant_id, "config": {"configurable": {"assistant_id": assistant_id}}}
        self.server.store.connection.execute(
            "INSERT INTO langgraph_server.crons (id, assistant_id, schedule, user_id, payload, created_at)"
            " VALUES (%s, %s, '0 7 * * *', %s, %s, %s)",
            (key, assistant_id, self.user_id, Jsonb(nested), at),
        )


def a_week_of_use(supabase: str, langgraph: str, users: int = 20, restarts: tuple[int, ...] = (0, 2, 4)) -> None:
    """Let users talk to the agents of their organization for seven days, with a restart on some of the mornings.

    The same every time, but for the random ids.
    """
    chance = random.Random(2026)
    with server(supabase, langgraph) as running:
        agents = running.supabase.execute(_AGENTS.encode()).fetchall()
        organizations = list(dict.fromkeys(agent["organization_id"] for agent in agents))
        people = []
        for number, organization in zip(range(users), itertools.cycle(organizations), strict=False):
            person = FrontEnd(running, str(uuid.UUID(int=0xC0DE << 112 | number)))
            join(running.supabase, person.user_id, organization)
            people.append((person, [agent for agent in agents if agent["organization_id"] == organization]))
        dated = _created(running, MONDAY, set())
        for day in range(7):
            if day in restarts:
                running.start()
                dated |= _created(running, MONDAY + timedelta(days=day), dated)
            for number, (person, known) in enumerate(people):
                at = MONDAY + timedelta(days=day, hours=1, minutes=number)
                key = f"{day}-{number}"
                agent = chance.choice(known)
                assistant_id = person.talk(agent, f"thread-{key}", at)
                dated |= _created(running, at, dated) if assistant_id not in dated else set()
                if chance.random() < 0.5:
                    person.remember(assistant_id, agent["organization_id"], f"memory-{key}", at)
                if chance.random() < 0.1:
                    person.schedule(assistant_id, f"cron-{key}", at)


def join(supabase: Connection, user_id: str, organization_id: Any) -> None:
    """Make somebody a member of an organization."""
    supabase.execute("INSERT INTO auth.users (id, email) VALUES (%s, %s)", (user_id, f"{user_id}@example.test"))
    supabase.execute(
        "INSERT INTO public.organization_members (organization_id, user_id, role) VALUES (%s, %s, 'member')",
        (organization_id, user_id),
    )


def _created(running: Server, at: datetime, dated: set[str]) -> set[str]:
    """Set back the assistants that are not dated yet to the moment they stand for; return their ids."""
    rows = running.store.connection.execute(
        "UPDATE langgraph_server.assistants SET created_at = %s, updated_at = %s WHERE id <> ALL (%s) RETURNING id",
        (at, at, list(dated)),
    )
    return {row["id"] for row in rows}
