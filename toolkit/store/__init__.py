"""The store: what a LangGraph-compatible server imports in place of its own; needs psycopg and pydantic alone."""

from toolkit.store.assistants import (
    Assistant,
    AssistantConflictError,
    GetConnection,
    IfExists,
    PostgresAssistantStore,
    PostgresStorage,
)
from toolkit.store.content import InvalidAssistantError

__all__ = [
    "Assistant",
    "AssistantConflictError",
    "GetConnection",
    "IfExists",
    "InvalidAssistantError",
    "PostgresAssistantStore",
    "PostgresStorage",
]
