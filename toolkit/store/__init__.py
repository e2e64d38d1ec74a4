"""The store: what a LangGraph-compatible server imports in place of its own; needs psycopg and pydantic alone."""

from toolkit.store.assistants import (
    Assistant,
    AssistantConfig,
    AssistantConflictError,
    Filters,
    GetConnection,
    IfExists,
    Pool,
    PostgresAssistantStore,
)
from toolkit.store.content import InvalidAssistantError
from toolkit.store.storage import PostgresStorage

__all__ = [
    "Assistant",
    "AssistantConfig",
    "AssistantConflictError",
    "Filters",
    "GetConnection",
    "IfExists",
    "InvalidAssistantError",
    "Pool",
    "PostgresAssistantStore",
    "PostgresStorage",
]
