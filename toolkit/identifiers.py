"""Identifiers of assistants: UUIDs in one spelling, other text unchanged."""

import re
import uuid
from typing import Any

from toolkit.errors import InvalidAssistantError

_UUID = re.compile(
    r"(?:urn:uuid:)?\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?", re.IGNORECASE | re.ASCII
)

_OTHER_ID = re.compile(r"[^/?#]{1,255}")


class InvalidIdentifierError(InvalidAssistantError):
    """A text that is no assistant id."""

    remedy = "an assistant id is a UUID, or 1 to 255 printable characters without '/', '?', '#' or space around it"


def parse_uuid(text: str) -> uuid.UUID | None:
    """Return the UUID in `text`, or None; accept upper case, braces, `urn:uuid:` and missing dashes.

    Refuse underscores, full-width digits and leading spaces, which `uuid.UUID()` accepts.
    """
    return uuid.UUID(text.lower()) if _UUID.fullmatch(text) else None


def canonical(assistant_id: Any) -> str:
    """Return the canonical spelling of an assistant id: a UUID in lower case with dashes, other text unchanged.

    Raises:
        InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`; or if a URL path segment or a
            PostgreSQL text column cannot hold it.
    """
    if isinstance(assistant_id, uuid.UUID):
        return str(assistant_id)
    if not isinstance(assistant_id, str):
        raise InvalidIdentifierError(f"assistant_id is {assistant_id!r} of type {type(assistant_id).__name__}")
    if spelled := parse_uuid(assistant_id):
        return str(spelled)
    if not (_OTHER_ID.fullmatch(assistant_id) and assistant_id.isprintable() and assistant_id == assistant_id.strip()):
        raise InvalidIdentifierError(f"assistant_id is {assistant_id[:60]!r} of {len(assistant_id)} characters")
    return assistant_id


def generate() -> str:
    """Return a new random assistant id: 32 hex digits, no dashes."""
    return uuid.uuid4().hex
