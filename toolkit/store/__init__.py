"""The store that a LangGraph-compatible server imports in place of its own; needs psycopg and pydantic alone."""

from toolkit.errors import InvalidAssistantError as InvalidAssistantError
from toolkit.store.assistants import AssistantConflictError as AssistantConflictError
from toolkit.store.assistants import IfExists as IfExists
from toolkit.store.assistants import PostgresAssistantStore as PostgresAssistantStore
from toolkit.store.connections import GetConnection as GetConnection
from toolkit.store.connections import Pool as Pool
from toolkit.store.models import Assistant as Assistant
from toolkit.store.models import AssistantConfig as AssistantConfig
from toolkit.store.parameters import Filters as Filters
from toolkit.store.storage import PostgresStorage as PostgresStorage
