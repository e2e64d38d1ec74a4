"""Assistants as the store returns them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic_core import ErrorDetails

from toolkit.errors import InvalidAssistantError


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


_ROW: dict[str, Any] = {
    **dict.fromkeys(Assistant.model_fields),
    **{"assistant_id": "00000000-0000-4000-8000-000000000000", "graph_id": "agent", "version": 1},
    **{"config": {}, "context": {}, "metadata": {}},
    **dict.fromkeys(("created_at", "updated_at"), datetime.fromtimestamp(0, UTC)),
}
_OF_FIELDS = ("missing", "extra_forbidden", "_type", "_parsing")
"""Ends of pydantic's types of errors that every row would meet. A validator may refuse the example alone."""


def fitting(model: Any) -> Any:
    """Return `model`, a pydantic model that can hold a row.

    Raises:
        TypeError: if it is none, has no field for the id, or has a field that no row fills.
    """
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise TypeError(f"model is {model!r}, expected a pydantic model")
    try:
        holds_id = _ROW["assistant_id"] in map(str, dict(model(**_ROW)).values())
        wrong = [] if holds_id else ["assistant_id"]
    except ValidationError as error:
        wrong = [_said(each) for each in error.errors() if each["type"].endswith(_OF_FIELDS)]
    if wrong:
        raise TypeError(f"model is {model.__name__}, wrong in {', '.join(wrong)}: a row has {', '.join(_ROW)}")
    return model


def refuse_unreadable(model: type[BaseModel], content: Mapping[str, Any]) -> None:
    """Refuse content that `model` does not hold: once written, no read would return the row.

    Our own `Assistant` holds whatever `content.checked` lets through.

    Raises:
        InvalidAssistantError: names the field.
    """
    if model is Assistant:
        return
    try:
        model(**{**_ROW, **content})
    except ValidationError as error:
        if wrong := [_said(each) for each in error.errors() if content.keys() & set(each["loc"][:1])]:
            raise InvalidAssistantError(f"{model.__name__} does not hold the content: {'; '.join(wrong)}") from None


def _said(error: ErrorDetails) -> str:
    return f"{'.'.join(map(str, error['loc']))} ({error['msg']})"
