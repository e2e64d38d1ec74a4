"""Checks that a repair holds: in the tables, in the next sync, and over HTTP."""

import asyncio
import base64
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog.kinds import Invariant, such
from toolkit.database.connection import Pair, connections_to
from toolkit.diagnosis.drift import comparable
from toolkit.diagnosis.findings import Diagnosis
from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid
from toolkit.progress import Progress
from toolkit.settings import AskingSettings, VerifySettings
from toolkit.sync.startup import plan_sync

if TYPE_CHECKING:
    import httpx
    from langgraph_sdk.client import SyncLangGraphClient


class Check(BaseModel, frozen=True):
    """A statement that must hold."""

    name: str
    passed: bool | None
    """None: the check was not made, which is neither."""
    detail: str


_AT_ONCE = 8
_SECONDS = 30.0
"""An answer that takes longer is a failure."""

_SHOWN = 3
_ASKS = "GET /assistants/{id} answers an ordinary user"


def invariants(diagnosis: Diagnosis) -> tuple[Check, ...]:
    """Check every invariant, and that no finding is open."""
    counts, agents = diagnosis.counts, diagnosis.agents

    def holds(name: Invariant) -> Check:
        kinds = sorted(such(lambda row: row.breaks == name))
        broken = ", ".join(f"{kind} {counts[kind]}" for kind in kinds if counts[kind])
        return Check(name=name, passed=not broken, detail=broken or f"{agents} of {agents} agents")

    detail = f"open {diagnosis.open}, noted {diagnosis.noted}"
    is_open = Check(name="no finding is open", passed=not diagnosis.open, detail=detail)
    return (*map(holds, get_args(Invariant)), is_open)


def verify(pair: Pair, diagnosis: Diagnosis, settings: VerifySettings, progress: Progress) -> tuple[Check, ...]:
    """Make every check: the tables' invariants, the next sync, and the answers over HTTP.

    Raises:
        ParameterError: if the token's variable is not set.
    """
    return (
        *invariants(diagnosis),
        _next_sync(pair, diagnosis),
        *over_http(pair, settings, progress, diagnosis),
    )


def _next_sync(pair: Pair, diagnosis: Diagnosis) -> Check:
    """Check that the next startup sync finds every assistant under its agent's id, and would create none."""
    name = "the next sync would create nothing"
    if diagnosis.scope.startup_sync == "none" or diagnosis.undecided:
        return Check(name=name, passed=None, detail="the server has no startup sync, as far as is known")
    supabase, langgraph = pair.supabase_database, pair.langgraph_database
    other_side = None if langgraph == supabase else connections_to(langgraph)
    sync = plan_sync(connections_to(supabase), other_side, scope=diagnosis.scope)
    with ThreadPoolExecutor(1) as thread:  # a notebook's own thread has an event loop already
        told = thread.submit(asyncio.run, sync).result().summary
    failed = f", failed {told['failed']}" if told["failed"] else ""
    detail = f"created {told['created']}, updated {told['updated']}, skipped {told['skipped']}{failed}"
    is_clean = not told["created"] and not told["failed"]
    return Check(name=name, passed=is_clean, detail=detail)


def over_http(
    pair: Pair,
    settings: AskingSettings,
    progress: Progress = lambda phase, done, total: None,
    diagnosis: Diagnosis | None = None,
) -> tuple[Check, ...]:
    """Check the answers to `GET /assistants/{id}` for the agents in scope, as an ordinary user.

    An answer must be the assistant with the agent's id and the config of Supabase. A redirect, an empty 200 and
    another id are failures. Agents of organizations that the user does not belong to are not asked for, nor those
    whose assistant, by the diagnosis, is made when they are first opened. Without `api_url` the check is not made.

    Raises:
        ParameterError: if the token's variable is not set.
    """
    if not settings.api_url:
        return (Check(name=_ASKS, passed=None, detail="no --api-url was given"),)
    token = token_of(settings)
    parameters = {**settings.agents_in_scope.parameters, "user_id": _subject(token)}
    missing = diagnosis.of("missing") if diagnosis else ()
    unopened = {row.agent_id for row in missing if not row.is_open}
    rows = pair.supabase.execute(sql.statement("reachable_agents"), parameters).fetchall()
    agents = [agent for agent in rows if agent["assistant_id"] not in unopened]
    asked = [agent for agent in agents if agent["reachable"]]
    answers: list[tuple[str | None, float]] = []
    try:
        asking = _client(settings.api_url, token)
    except Exception as error:  # a proxy or a URL that no client can be made for; each library has its own errors
        return (Check(name=_ASKS, passed=False, detail=f"cannot ask {settings.api_url}: {error}"),)
    with asking as client, ThreadPoolExecutor(_AT_ONCE) as threads:
        for answer in threads.map(lambda agent: _asked(client, agent), asked):
            answers.append(answer)
            progress("asking the server", len(answers), len(asked))
    if not (beyond := len(agents) - len(asked)):
        return (_answered(answers),)
    detail = f"{beyond} agents, which this user does not reach"
    return _answered(answers), Check(name=f"{_ASKS} of the other organizations", passed=None, detail=detail)


def _client(api_url: str, token: str) -> "SyncLangGraphClient":
    """Return the official client, without what `get_sync_client` adds.

    That sends keys of the environment, such as LANGSMITH_API_KEY, and heeds no HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
    """
    import httpx  # with the SDK half a second, which nobody waits for where nobody is asked
    from langgraph_sdk.client import SyncLangGraphClient

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    hooks = {"response": [_refuse_all_but_success]}
    return SyncLangGraphClient(httpx.Client(base_url=api_url, headers=headers, timeout=_SECONDS, event_hooks=hooks))


def token_of(settings: AskingSettings) -> str:
    """Return the token to ask with; empty where none is named, or nobody is asked.

    Raises:
        ParameterError: if its variable is not set.
    """
    if settings.api_url and settings.api_token and not settings.token:
        raise ParameterError(f"got api_token {settings.api_token!r}, but that environment variable is not set")
    return settings.token


def _answered(answers: Sequence[tuple[str | None, float]]) -> Check:
    if not answers:
        return Check(name=_ASKS, passed=None, detail="no agent is reachable for this user")
    failures = [failure for failure, _ in answers if failure]
    right = f"{len(answers) - len(failures)} of {len(answers)} answer with the config of Supabase"
    if failures:
        more = f"; and {len(failures) - _SHOWN} more" if len(failures) > _SHOWN else ""
        return Check(name=_ASKS, passed=False, detail=f"{right}; {'; '.join(failures[:_SHOWN])}{more}")
    times = sorted(seconds * 1000 for _, seconds in answers)
    middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    detail = f"{right}; half within {middle:.0f} ms, 95 % within {late:.0f} ms, the slowest {times[-1]:.0f} ms"
    return Check(name=_ASKS, passed=True, detail=detail)


def _subject(token: str) -> str:
    """Return the user whom a JWT names, unchecked: the server checks it. Empty where it names no UUID."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        return str(parse_uuid(claims["sub"]) or "")
    except (IndexError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _asked(client: "SyncLangGraphClient", agent: dict[str, Any]) -> tuple[str | None, float]:
    """Return what is wrong with the answer, or None, and the seconds it took."""
    import httpx

    started = time.monotonic()
    failure = None
    try:
        answer: Any = client.assistants.get(agent["assistant_id"])
        if not isinstance(answer, dict) or answer.get("assistant_id") != agent["assistant_id"]:
            failure = "another assistant, or an empty answer"
        elif not _same_config(answer.get("config") or {}, agent["config"]):
            failure = "another config than Supabase says"
    except httpx.HTTPStatusError as error:
        failure = f"status {error.response.status_code}"
    except (httpx.NetworkError, httpx.TimeoutException, httpx.ProxyError) as error:
        failure = f"{type(error).__name__}: {error}"  # other errors may show the token's header
    except Exception as error:  # whatever an answer makes a library raise
        failure = type(error).__name__
    return failure and f"{agent['assistant_id']}: {failure}", time.monotonic() - started


def _refuse_all_but_success(response: "httpx.Response") -> None:
    """Raise on a redirect, too: the SDK takes its body for an answer."""
    import httpx

    if not response.is_success:
        raise httpx.HTTPStatusError(f"status {response.status_code}", request=response.request, response=response)


def _same_config(received: Any, desired: Any) -> bool:
    found = comparable(received)
    return isinstance(found, dict) and bool(found.get("configurable") == comparable(desired)["configurable"])
