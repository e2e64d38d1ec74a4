"""The practice server: /assistants over the fixed store.

For the sandbox and for tests, on loopback only. It answers like the official server
(https://docs.langchain.com/langsmith/server-api-ref); the official client tests it.
"""

import asyncio
import json
import os
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
import uvicorn
from psycopg_pool import AsyncNullConnectionPool
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from toolkit import sql
from toolkit.errors import ParameterError, ToolkitError
from toolkit.identifiers import parse_uuid
from toolkit.sandbox.tokens import TokenBackend, User
from toolkit.store import Assistant, AssistantConflictError, InvalidAssistantError, PostgresAssistantStore
from toolkit.store.connections import run_alone

_LOOPBACK = "127.0.0.1"
_SHORTEST_SECRET = 32  # bytes, which HS256 requires: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
_LARGEST_BODY = 4 << 20
_MOST_FOUND = 1000
_PATIENCE = 5  # seconds, to connect
_NO_ROW = "no such assistant"
_LOCKED = "another transaction holds the row; try again"
_AWAY = "the database is not there, or busy; try again"
_LATER = {"Retry-After": "1"}
_ANSWER = TypeAdapter[Assistant | list[Assistant]](Assistant | list[Assistant])


class ServerStartError(ToolkitError):
    """A practice server that did not start."""

    remedy = "the server did not start: the lines above say why"


def create_app(conninfo: str, jwt_secret: str) -> Starlette:
    """Create the application that serves /assistants over a connection pool.

    `conninfo` is of one database with both sides. The server reads its organization_members for users whose token
    names no organizations. `jwt_secret`, at least 32 bytes, is the key that signs tokens (HS256).

    Raises:
        ParameterError: if the secret is too short.
    """
    if (length := len(jwt_secret.encode())) < _SHORTEST_SECRET:
        raise ParameterError(f"the JWT secret has {length} bytes, expected at least {_SHORTEST_SECRET}")
    # Reads have a pool of their own, because writes may wait for a lock.
    reads, writes = _pool(conninfo), _pool(conninfo)
    assistants = _Assistants(reads, writes)
    tokens = Middleware(
        AuthenticationMiddleware,
        backend=TokenBackend(jwt_secret),
        on_error=lambda _, error: _error(401, str(error), {"WWW-Authenticate": "Bearer"}),
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with reads, writes:
            yield

    app = Starlette(
        routes=[
            Route("/assistants", assistants.create, methods=["POST"]),
            Route("/assistants/search", assistants.search, methods=["POST"]),
            Route("/assistants/count", assistants.count, methods=["POST"]),
            Route("/assistants/{assistant_id}", assistants.get, methods=["GET"]),
            Route("/assistants/{assistant_id}", assistants.update, methods=["PATCH"]),
            Route("/assistants/{assistant_id}", assistants.delete, methods=["DELETE"]),
        ],
        middleware=[tokens],
        exception_handlers={
            HTTPException: lambda _, error: _error(error.status_code, error.detail, error.headers),
            AssistantConflictError: lambda _, error: _error(409, error.detail),
            InvalidAssistantError: lambda _, error: _error(422, error.detail),
            psycopg.errors.LockNotAvailable: lambda *_: _error(503, _LOCKED, _LATER),
            psycopg.OperationalError: lambda *_: _error(503, _AWAY, _LATER),
            ClientDisconnect: lambda *_: Response(status_code=499),  # nobody reads it
            Exception: lambda *_: _error(500, "the server failed; its log says why"),
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # a redirect would go to the host that the client names
    return app


@contextmanager
def running(app: Starlette) -> Iterator[str]:
    """Serve `app` in a thread, on a free port of the loopback interface, until the block ends.

    Yield the server's URL, such as `http://127.0.0.1:40123`.

    Raises:
        ServerStartError: if the application does not start.
    """
    server = uvicorn.Server(uvicorn.Config(app, host=_LOOPBACK, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, name="assistants")
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise ServerStartError
            time.sleep(0.005)
        yield f"http://{_LOOPBACK}:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def serve(conninfo: str, port: int) -> None:
    """Serve one database with both sides on the loopback interface until interrupted; port 0 takes a free one.

    Raises:
        ParameterError: if the environment variable SUPABASE_JWT_SECRET is not set, or too short.
    """
    if not (secret := os.environ.get("SUPABASE_JWT_SECRET", "")):
        raise ParameterError("SUPABASE_JWT_SECRET is not set: set it to the secret that signs the tokens")
    uvicorn.run(create_app(conninfo, secret), host=_LOOPBACK, port=port, ws="none")


def _pool(conninfo: str) -> AsyncNullConnectionPool:
    """Make a pool that keeps no connection: a request finds out at once that the database is away, or there again."""
    options = {"autocommit": True, "prepare_threshold": None, "connect_timeout": _PATIENCE}
    # No second attempt in the background: a password would be rejected again and again.
    return AsyncNullConnectionPool(
        conninfo, open=False, max_size=8, timeout=2 * _PATIENCE, reconnect_timeout=0, kwargs=options
    )


class _Assistants:
    """The endpoints; `request.user` is the User whom the token names."""

    def __init__(self, reads: AsyncNullConnectionPool, writes: AsyncNullConnectionPool) -> None:
        self._connection = reads.connection
        self._reads, self._writes = PostgresAssistantStore(reads), PostgresAssistantStore(writes)

    async def create(self, request: Request) -> Response:
        body = await _body(request)
        if_exists = body.get("if_exists", "raise")
        if if_exists not in ("raise", "do_nothing"):
            raise HTTPException(422, f"got if_exists {if_exists!r:.60}, expected raise or do_nothing")
        given = body.get("assistant_id")
        assistant_id = str(uuid.uuid4()) if given is None else _uuid(given)
        # The official server uses this default name.
        data = {**body, "assistant_id": assistant_id, "name": body.get("name") or "Untitled"}
        return await _answer(await self._writes.create(data, request.user.subject, if_exists=if_exists))

    async def get(self, request: Request) -> Response:
        assistant_id, user = _uuid(request.path_params["assistant_id"]), request.user
        found = await self._reads.get(assistant_id, user.subject, organizations=await self._organizations(user))
        return await _answer(found)

    async def update(self, request: Request) -> Response:
        assistant_id = _uuid(request.path_params["assistant_id"])
        return await _answer(await self._writes.update(assistant_id, await _body(request), request.user.subject))

    async def delete(self, request: Request) -> Response:
        assistant_id = _uuid(request.path_params["assistant_id"])
        if not await self._writes.delete(assistant_id, request.user.subject):
            raise HTTPException(404, _NO_ROW)
        return Response(status_code=204)

    async def search(self, request: Request) -> Response:
        body = await _body(request)
        limit, offset = body.get("limit", 10), body.get("offset", 0)
        if type(limit) is not int or not 1 <= limit <= _MOST_FOUND:
            raise HTTPException(422, f"got limit {limit!r:.60}, expected 1 to {_MOST_FOUND}")
        order = (body.get("sort_by") or "created_at", body.get("sort_order") or "desc")
        if order != ("created_at", "desc") or body.get("select"):
            raise HTTPException(422, "this server sorts by created_at, desc, and returns whole assistants")
        # The row after the limit shows that there is a next page.
        page = {"limit": limit + 1, "offset": offset}
        found = await self._reads.list(request.user.subject, **await self._filters(request.user, body), **page)
        headers = {"X-Pagination-Next": str(offset + limit)} if len(found) > limit else {}
        return await _answer(found[:limit], headers)

    async def count(self, request: Request) -> Response:
        filters = await self._filters(request.user, await _body(request))
        return JSONResponse(await self._reads.count(request.user.subject, **filters))

    async def _filters(self, user: User, body: dict[str, Any]) -> dict[str, Any]:
        names = {"graph_id": "graph_id", "metadata": "metadata", "name": "name_contains"}
        given = {name: body[key] for key, name in names.items() if body.get(key) is not None}
        return {**given, "organizations": await self._organizations(user)}

    async def _organizations(self, user: User) -> list[Any]:
        if user.organizations is not None:
            return user.organizations
        if (user_id := parse_uuid(user.subject)) is None:
            return []
        found = await run_alone(self._connection, sql.statement("organizations_of_user"), {"user_id": user_id})
        return [row["organization_id"] for row in found]


async def _body(request: Request) -> dict[str, Any]:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _LARGEST_BODY:
            raise HTTPException(413, f"the body is larger than {_LARGEST_BODY} bytes")
    try:
        body = await asyncio.to_thread(json.loads, content)
    except (ValueError, RecursionError):
        raise HTTPException(422, "the body is not JSON") from None
    if not isinstance(body, dict):
        raise HTTPException(422, f"the body is of type {type(body).__name__}, expected an object")
    return body


def _uuid(assistant_id: Any) -> str:
    """Return a UUID in the given spelling, because a row with this spelling wins; refuse other values."""
    if not isinstance(assistant_id, str) or parse_uuid(assistant_id) is None:
        raise HTTPException(422, f"got assistant_id {assistant_id!r:.60}, expected a UUID")
    return assistant_id


async def _answer(found: Assistant | list[Assistant] | None, headers: Mapping[str, str] | None = None) -> Response:
    if found is None:
        raise HTTPException(404, _NO_ROW)
    content = await asyncio.to_thread(_ANSWER.dump_json, found)
    return Response(content, media_type="application/json", headers=headers)


def _error(status: int, detail: str, headers: Any = None) -> Response:
    return JSONResponse({"detail": detail}, status_code=status, headers=headers)
