"""Assistants as the store returns them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, GetCoreSchemaHandler


class AssistantConfig(dict[str, Any]):
    """The config of a row, with attributes for what LangGraph's clients expect in one.

    An attribute that the row does not have is a default; the dict itself stays as the row has it.
    """

    tags = property(lambda self: self.get("tags", []))
    recursion_limit = property(lambda self: self.get("recursion_limit", 25))
    configurable = property(lambda self: self.get("configurable", {}))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """Have pydantic read and dump it as a dict."""
        return handler(Annotated[dict[str, Any], AfterValidator(cls)])


class Assistant(BaseModel, frozen=True):
    """A row of langgraph_server.assistants."""

    assistant_id: str
    graph_id: str
    config: AssistantConfig
    context: dict[str, Any]
    metadata: dict[str, Any]
    name: str | None
    description: str | None
    version: int
    created_at: datetime
    updated_at: datetime
