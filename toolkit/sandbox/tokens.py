"""Bearer tokens of the practice server, and the users they name."""

from dataclasses import dataclass, field
from typing import Any

import jwt
from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError, BaseUser
from starlette.requests import HTTPConnection

from toolkit.identifiers import parse_uuid

_AUDIENCE = "authenticated"


@dataclass(frozen=True)
class User(BaseUser):
    """The sender of a request, and their organizations; with None, the server asks the database."""

    subject: str
    organizations: list[str] | None


@dataclass(frozen=True)
class TokenBackend(AuthenticationBackend):
    """The check of a request's bearer token (HS256) against the server's secret."""

    secret: str = field(repr=False)

    async def authenticate(self, connection: HTTPConnection) -> tuple[AuthCredentials, User]:
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise AuthenticationError("a bearer token is missing")
        try:
            claims = jwt.decode(
                token.strip(), self.secret, ["HS256"], audience=_AUDIENCE, options={"require": ["sub", "aud", "exp"]}
            )
        except jwt.InvalidTokenError as invalid:
            raise AuthenticationError(f"the token is refused: {type(invalid).__name__}") from None
        subject = claims["sub"]
        # The system owns the rows of the sync, which everybody reads, so no request may come as the system.
        if not subject.isprintable() or subject.strip().casefold() in ("", "system"):
            raise AuthenticationError("the token is refused: its sub names no user")
        return AuthCredentials(), User(subject, _organizations_of_token(claims))


def _organizations_of_token(claims: dict[str, Any]) -> list[str] | None:
    """Return app_metadata's organization ids, or None; the user can edit user_metadata, so it does not count."""
    metadata = claims.get("app_metadata")
    named = metadata.get("organization_ids") if isinstance(metadata, dict) else None
    if not isinstance(named, list):
        return None
    return [str(found) for each in named if isinstance(each, str) and (found := parse_uuid(each))]
