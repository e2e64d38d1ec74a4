"""Damage to a pair of databases, one function for each kind: it returns SQL for the side that it names.

Each works on the agents of the sandbox's scenario `healthy`, with names (`tests/scenarios/names.langgraph.sql`).
"""

import json
import re
from pathlib import Path
from typing import LiteralString

from psycopg import sql

from tests.constants import ORGANIZATION, USER

NAMES = Path(__file__).parent / "scenarios" / "names.langgraph.sql"
MEMORIES = (
    f"{ORGANIZATION}/{USER}/{{}}/facts",
    f"{{{{{ORGANIZATION},{USER},{{}},facts}}}}",
    f"{{{{{ORGANIZATION}/{USER}/{{}}/facts}}}}",
    f"{{{{{ORGANIZATION}.{USER}.{{}}.facts}}}}",
)


def _filled(statement: LiteralString, **values: str | None) -> str:
    filled = sql.SQL(statement).format(**{name: sql.Literal(value) for name, value in values.items()}).as_string()
    return re.sub(r"\s+", " ", filled) + ";\n"


# --- assistants


def store_under(agent_id: str, assistant_id: str) -> str:
    """Store the agent's assistant under another id: the id that the sync passed in was ignored."""
    return _filled("UPDATE langgraph_server.assistants SET id = {new} WHERE id = {old}", new=assistant_id, old=agent_id)


def copy(agent_id: str, assistant_id: str, created_at: str, differs: bool = False) -> str:
    """Add one more copy of the agent's assistant, as a restart does."""
    config = {"configurable": {"model_name": "older"}} if differs else None
    return _filled(
        """INSERT INTO langgraph_server.assistants
           SELECT {id}, graph_id, COALESCE({config}::jsonb, config), context, metadata, name, description, version,
                  {created_at}::timestamptz, {created_at}::timestamptz
           FROM   langgraph_server.assistants WHERE id = {agent_id}""",
        id=assistant_id, agent_id=agent_id, created_at=created_at, config=json.dumps(config) if config else None,
    )  # fmt: skip


def only_system(assistant_id: str) -> str:
    """Take everything but the owner out of an assistant's metadata."""
    only: LiteralString = (
        """UPDATE langgraph_server.assistants SET metadata = '{{"owner": "system"}}' WHERE id = {id}"""
    )
    return _filled(only, id=assistant_id)


def delete(assistant_id: str) -> str:
    """Remove an assistant."""
    return _filled("DELETE FROM langgraph_server.assistants WHERE id = {id}", id=assistant_id)


def owned_by_user(assistant_id: str, model: str | None = None) -> str:
    """Give an assistant to a user, as a lazy sync does; with content of the user's own when `model` is given."""
    return _filled(
        """UPDATE langgraph_server.assistants
           SET    metadata = jsonb_build_object('owner', {user}::text),
                  config = CASE WHEN {model}::text IS NULL THEN config
                                ELSE jsonb_build_object('configurable',
                                                        jsonb_build_object('model_name', {model}::text)) END
           WHERE  id = {id}""",
        id=assistant_id, user=USER, model=model,
    )  # fmt: skip


def names_agent(assistant_id: str, agent_id: str) -> str:
    """Make an assistant of the system name another agent."""
    return _filled(
        """UPDATE langgraph_server.assistants
           SET    metadata = metadata || jsonb_build_object('supabase_agent_id', {agent_id}::text) WHERE id = {id}""",
        id=assistant_id, agent_id=agent_id,
    )  # fmt: skip


def drift(assistant_id: str, column: str) -> str:
    """Let `name`, `graph_id` or `config` of an assistant fall behind."""
    changes: dict[str, LiteralString] = {
        "name": "UPDATE langgraph_server.assistants SET name = NULL WHERE id = {id}",
        "graph_id": "UPDATE langgraph_server.assistants SET graph_id = 'older' WHERE id = {id}",
        "config": """UPDATE langgraph_server.assistants
                     SET config = jsonb_set(config, '{{configurable,model_name}}', '"older"') WHERE id = {id}""",
    }
    return _filled(changes[column], id=assistant_id)


def stray(assistant_id: str, names: str | None = None) -> str:
    """Add a user's row: bare, as the front end's fallback, or a full copy that names an agent."""
    config = {"configurable": {"model_name": "mine"}} if names else {}
    metadata = {"owner": USER, **({"supabase_agent_id": names} if names else {})}
    return _system_or_not(assistant_id, config, metadata)


def orphan(assistant_id: str, agent_id: str) -> str:
    """Add a row of the system for an agent that is deleted, a draft, or unknown."""
    return _system_or_not(assistant_id, {}, {"owner": "system", "supabase_agent_id": agent_id})


def _system_or_not(assistant_id: str, config: object, metadata: object) -> str:
    return _filled(
        """INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata)
           VALUES ({id}, 'agent', {config}, {metadata})""",
        id=assistant_id, config=json.dumps(config), metadata=json.dumps(metadata),
    )  # fmt: skip


def context(assistant_id: str, value: str) -> str:
    """Give an assistant a context, and a value of an extra column, with JSON of any shape."""
    change: LiteralString = (
        "UPDATE langgraph_server.assistants SET context = {value}, extra = {value}, description = 'x' WHERE id = {id}"
    )
    return _filled(change, id=assistant_id, value=value)


def bystander(column: str, value: str, key: str) -> str:
    """Add a row that names no assistant, with JSON of any shape where others name one."""
    rows: dict[str, LiteralString] = {
        "runs.metadata": "INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, metadata, kwargs)"
        " VALUES ({key}, {key}, '', {value}, {value})",
        "threads.metadata": "INSERT INTO langgraph_server.threads (id, metadata) VALUES ({key}, {value})",
        "crons.payload": "INSERT INTO langgraph_server.crons (id, schedule, payload) VALUES ({key}, '*', {value})",
        "store_items.metadata": "INSERT INTO langgraph_server.store_items (namespace, key, owner_id, metadata, value)"
        " VALUES ('', {key}, 'u', {value}, {value})",
        "checkpoints.metadata": "INSERT INTO public.checkpoints (thread_id, checkpoint_id, checkpoint, metadata)"
        " VALUES ({key}, '1', {value}, {value})",
        "store.value": "INSERT INTO public.store (prefix, key, value) VALUES ('', {key}, {value})",
        "assistants.metadata": "INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata)"
        """ VALUES ({key}, 'agent', '{{"a": 1}}', {value})""",
    }
    return _filled(rows[column], key=key, value=value)


BYSTANDERS = ("runs.metadata", "threads.metadata", "crons.payload", "store_items.metadata", "checkpoints.metadata",
              "store.value", "assistants.metadata")  # fmt: skip


# --- either side

AS_STORED = "SET session_replication_role = replica"
"""Let rows be moved without what their triggers and foreign keys do."""


def child(parent: str, name: str) -> str:
    """Move half of a table's rows into a child table."""
    return (
        f"{AS_STORED}; CREATE TABLE {name} () INHERITS ({parent}); WITH half AS (DELETE FROM ONLY {parent} AS stored"
        f" WHERE md5(stored::text) < '8' RETURNING *) INSERT INTO {name} TABLE half;\n"
    )


# --- the Supabase side


def no_status(agent_id: str) -> str:
    """Give an agent no status: it counts as not in use."""
    return _filled("UPDATE public.agents SET status = NULL WHERE id = {id}", id=agent_id)


def no_name(agent_id: str) -> str:
    """Take an agent's name away: its assistant ought to have an empty one."""
    return _filled("UPDATE public.agents SET name = NULL WHERE id = {id}", id=agent_id)


def fill_extra(agent_id: str, value: str) -> str:
    """Give an extra column of an agent JSON of any shape."""
    return _filled("UPDATE public.agents SET extra = {value} WHERE id = {id}", id=agent_id, value=value)


def write_back(agent_id: str, value: str | None) -> str:
    """Write another id back."""
    change: LiteralString = "UPDATE public.agents SET langgraph_assistant_id = {value} WHERE id = {id}"
    return _filled(change, id=agent_id, value=value)


def session(thread_id: str, agent_id: str, organization_id: str | None = None) -> str:
    """Say which agent a conversation was opened with, in that agent's organization unless another is named."""
    return _filled(
        """INSERT INTO public.chat_sessions (organization_id, agent_id, thread_id)
           SELECT COALESCE({organization}::uuid, organization_id), id, {thread}
           FROM   public.agents WHERE id = {agent}""",
        organization=organization_id, agent=agent_id, thread=thread_id,
    )  # fmt: skip


# --- what stands on a user's row


def thread(id: str, metadata: dict[str, str]) -> str:
    """Add a conversation."""
    new: LiteralString = "INSERT INTO langgraph_server.threads (id, metadata) VALUES ({id}, {metadata})"
    return _filled(new, id=id, metadata=json.dumps(metadata))


def memory(assistant_id: str, user_id: str, key: str = "k") -> str:
    """Keep a user's memory in both stores."""
    parts = (ORGANIZATION, user_id, assistant_id, "facts")
    return _filled(
        """INSERT INTO langgraph_server.store_items (namespace, key, owner_id) VALUES ({item}, {key}, {user});
           INSERT INTO public.store (prefix, key, value) VALUES ({prefix}, {key}, '{{}}')""",
        item="/".join(parts), prefix=".".join(parts), key=key, user=user_id,
    )  # fmt: skip


def cron(id: str, assistant_id: str, user_id: str, agent_id: str | None = None) -> str:
    """Let an assistant run every minute."""
    new: LiteralString = """INSERT INTO langgraph_server.crons (id, assistant_id, schedule, user_id, metadata)
                            VALUES ({id}, {assistant}, '* * * * *', {user}, {metadata})"""
    metadata = {"agent_id": agent_id} if agent_id else {}
    return _filled(new, id=id, assistant=assistant_id, user=user_id, metadata=json.dumps(metadata))


# --- what names an assistant, by the place's name in the catalog


def run(assistant_id: str, key: str) -> str:
    """Run something on an assistant."""
    new: LiteralString = "INSERT INTO langgraph_server.runs (id, thread_id, assistant_id) VALUES ({key}, {key}, {id})"
    return _filled(new, id=assistant_id, key=key)


def reference(place: str, assistant_id: str, key: str) -> str:
    """Add a row that names an assistant in one place, and nowhere else."""
    return references(assistant_id, key)[place]


def references(assistant_id: str, key: str) -> dict[str, str]:
    """Add such a row, by place."""
    in_payload: LiteralString = """INSERT INTO langgraph_server.crons (id, schedule, payload)
                                   VALUES ({key}, '* * * * *', {value})"""
    memory: LiteralString = """INSERT INTO langgraph_server.store_items (namespace, key, owner_id, metadata)
                               VALUES ({where}, {key}, 'u', {value})"""
    named = json.dumps({"assistant_id": assistant_id, "number": 1.50})
    nested = json.dumps({"config": {"configurable": {"assistant_id": assistant_id}}, "text": assistant_id})
    namespace = MEMORIES[sum(key.encode()) % len(MEMORIES)].format(assistant_id)
    return {
        "runs.assistant_id": run(assistant_id, key),
        "crons.assistant_id": _filled(
            "INSERT INTO langgraph_server.crons (id, schedule, assistant_id) VALUES ({key}, '* * * * *', {id})",
            key=key, id=assistant_id,
        ),
        "crons.payload.assistant_id": _filled(in_payload, key=key, value=named),
        "crons.payload.config.configurable.assistant_id": _filled(in_payload, key=key, value=nested),
        "threads.metadata.assistant_id": _filled(
            "INSERT INTO langgraph_server.threads (id, metadata) VALUES ({key}, {value})", key=key, value=named
        ),
        "store_items.namespace": _filled(memory, where=namespace, key=key, value="{}"),
        "store_items.metadata.assistant_id": _filled(memory, where="elsewhere", key=key, value=named),
        "public.checkpoints.metadata.assistant_id": _filled(
            """INSERT INTO public.checkpoints (thread_id, checkpoint_id, checkpoint, metadata)
               VALUES ({key}, '1', '{{}}', {value})""",
            key=key, value=named,
        ),
        "public.store.prefix": _filled(
            "INSERT INTO public.store (prefix, key, value) VALUES ({where}, {key}, '{{}}')",
            where=f"{ORGANIZATION}.{USER}.{assistant_id}.facts", key=key,
        ),
    }  # fmt: skip
