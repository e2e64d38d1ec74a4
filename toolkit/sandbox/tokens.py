"""Users of the practice server, as their tokens name them."""

from typing import Any

import jwt
from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError, BaseUser
from starlette.requests import HTTPConnection

from toolkit.identifiers import parse_uuid

AUDIENCE = "authenticated"


class User(BaseUser):
    """Who sent a request, and to which organizations they belong; None: the database is asked."""

    def __init__(self, subject: str, organizations: list[str] | None) -> None:
        """Keep what the token says."""
        self.subject = subject
        self.organizations = organizations


class Tokens(AuthenticationBackend):
    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def authenticate(self, connection: HTTPConnection) -> tuple[AuthCredentials, User]:
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise AuthenticationError("a bearer token is missing")
        try:
            claims = jwt.decode(
                token.strip(),
                self._secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                options={"require": ["sub", "aud", "exp"]},
            )
        except jwt.InvalidTokenError as invalid:
            raise AuthenticationError(f"the token is refused: {type(invalid).__name__}") from None
        subject = claims["sub"]
        # The system owns what the sync writes, and everybody reads it: nobody may come as the system.
        if not subject.isprintable() or subject.strip().casefold() in ("", "system"):
            raise AuthenticationError("the token is refused: its sub is nobody's")
        return AuthCredentials(), User(subject, _organizations_of_token(claims))


def _organizations_of_token(claims: dict[str, Any]) -> list[str] | None:
    """Read app_metadata, which only the platform can write; user_metadata is the user's own and says nothing."""
    of_platform = claims.get("app_metadata")
    named = of_platform.get("organization_ids") if isinstance(of_platform, dict) else None
    if not isinstance(named, list):
        return None
    return [str(found) for each in named if isinstance(each, str) and (found := parse_uuid(each))]
