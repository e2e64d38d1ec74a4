"""Checks that a repair holds: in the tables, in the next sync, and over HTTP."""

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast, get_args

from pydantic import BaseModel

from toolkit import phrases, sql
from toolkit.catalog.kinds import LOST, UNREACHED, Invariant, such
from toolkit.database.connection import Pair, connections_to
from toolkit.diagnosis.drift import settings_of
from toolkit.diagnosis.exposure import organization_names
from toolkit.diagnosis.findings import Diagnosis
from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid
from toolkit.progress import Progress
from toolkit.settings import AskingSettings, VerifySettings
from toolkit.sync.startup import plan_sync

if TYPE_CHECKING:
    from langgraph_sdk.client import SyncLangGraphClient


Trouble = Literal["not reachable", "token refused", "not there", "hidden", "old content", "other answer"]
"""What goes wrong when the server is asked as a user.

`not there`: the tables say so, too. `hidden`: the tables have the assistant, and the server answers 404.
"""

Users = Literal["asked", "unasked", "unreachable"]
"""Whether users reach their agents: the server was asked, only the tables say so, or some are not reached."""


class Check(BaseModel, frozen=True):
    """A statement that must hold."""

    name: str
    passed: bool | None
    """None: the check was not made, which is neither."""
    detail: str
    troubles: dict[Trouble, int] = {}
    """Agents that the server did not answer rightly for, by the cause."""
    asked: int = 0
    """Agents that the server was asked for, as a user."""
    no_answer: str = ""
    """Why nobody answered, as in `Connection refused`; empty where somebody did."""
    unasked: tuple[str, ...] = ()
    """Organizations whose agents were not asked for, since the user belongs to none of them."""


class Answer(NamedTuple):
    """One answer of the server."""

    trouble: Trouble | None
    detail: str
    """What the trouble looks like: `status 404`, or the error that the connection raised."""
    assistant_id: str
    seconds: float


_AT_ONCE = 8
_SECONDS = 30.0
"""An answer that takes longer is a failure."""
_HOPELESS = 24
"""Agents in a row without an answer, after which the others count as not reachable, too: each may take 30 seconds."""

_SHOWN = 3
ASKS = "GET /assistants/{id} answers an ordinary user"


def invariants(diagnosis: Diagnosis) -> tuple[Check, ...]:
    """Check every invariant, and that no finding is open, which is not known where a place was not read."""
    agents, count = diagnosis.agents, diagnosis.findings.count
    unopened = count("missing", False)
    absent = unopened + count("missing", True) + count("wrong_id", True)
    unjudged: dict[Invariant, int] = {
        "every agent has an assistant under its own id": unopened,
        "that assistant is the system's, readable by everybody": absent,
        "every write-back names the agent's assistant": absent,
    }

    def holds(name: Invariant) -> Check:
        kinds = sorted(such(lambda row: row.breaks == name))
        broken = ", ".join(f"{kind} {count(kind, True)}" for kind in kinds if count(kind, True))
        without = unjudged.get(name, 0)
        detail = f"{agents - without} of {agents} agents" + (
            f"; {phrases.counted(without, 'has', 'have')} no assistant under the agent's id" if without else ""
        )
        return Check(name=name, passed=False if broken else None if without else True, detail=broken or detail)

    detail = f"open {diagnosis.open}, noted {diagnosis.noted}"
    if diagnosis.unknown:
        detail += f"; not read: {', '.join(diagnosis.unknown)}"
    passed = None if diagnosis.unknown and not diagnosis.open else not diagnosis.open
    is_open = Check(name="no finding is open", passed=passed, detail=detail)
    return (*map(holds, get_args(Invariant)), is_open)


def verify(pair: Pair, diagnosis: Diagnosis, settings: VerifySettings, progress: Progress) -> tuple[Check, ...]:
    """Make every check: the tables' invariants, the next sync, and the answers over HTTP.

    Raises:
        ParameterError: as `token_of`.
    """
    return (*invariants(diagnosis), _next_sync(pair, diagnosis), *over_http(pair, settings, progress, diagnosis))


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
    return Check(name=name, passed=not (told["created"] or told["failed"]), detail=detail)


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
        ParameterError: as `token_of`.
    """
    if not settings.api_url:
        return (Check(name=ASKS, passed=None, detail="no --api-url was given"),)
    token = token_of(settings)
    parameters = {**settings.agents_in_scope.parameters, "user_id": _subject(token)}
    lost = {row.agent_id: row.is_open for kind in UNREACHED for row in (diagnosis.of(kind) if diagnosis else ())}
    rows = pair.supabase.execute(sql.statement("reachable_agents"), parameters).fetchall()
    agents = [agent for agent in rows if lost.get(agent["assistant_id"], True)]  # the others are not opened yet
    asked = [agent for agent in agents if agent["reachable"]]
    answers: list[Answer] = []
    latest: list[Answer] = []
    try:
        asking = _client(settings.api_url, token)
    except Exception as error:  # a proxy or a URL that no client can be made for; each library has its own errors
        return (Check(name=ASKS, passed=False, detail=f"cannot ask {settings.api_url}: {error}"),)

    def ask(agent: dict[str, Any]) -> Answer:
        last = latest[-_HOPELESS:]
        if len(last) == _HOPELESS and all(answer.trouble == "not reachable" for answer in last):
            return last[-1]._replace(assistant_id=agent["assistant_id"])
        latest.append(answer := _asked(client, agent, agent["assistant_id"] in lost))
        return answer

    with asking as client, ThreadPoolExecutor(_AT_ONCE) as threads:
        for answer in threads.map(ask, asked):
            answers.append(answer)
            progress("asking the server", len(answers), len(asked))
    if not (beyond := len(agents) - len(asked)):
        return (_answered(answers),)
    ids = {agent["organization_id"]: agent["organization_id"] for agent in agents if not agent["reachable"]}
    names = tuple(sorted((ids | organization_names(pair, ids)).values()))
    detail = f"{beyond} agents of {phrases.named(names, len(names), _SHOWN)}, which this user does not reach"
    other = Check(name=f"{ASKS} of the other organizations", passed=None, detail=detail, unasked=names)
    return _answered(answers), other


def _client(api_url: str, token: str) -> "SyncLangGraphClient":
    """Return the official client, without what `get_sync_client` adds.

    That sends keys of the environment, such as LANGSMITH_API_KEY, and heeds no HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
    """
    import httpx  # with the SDK half a second, which nobody waits for where nobody is asked
    from langgraph_sdk.client import SyncLangGraphClient

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    hooks = {"response": [httpx.Response.raise_for_status]}  # of a redirect, too: the SDK takes its body for an answer
    return SyncLangGraphClient(httpx.Client(base_url=api_url, headers=headers, timeout=_SECONDS, event_hooks=hooks))


def token_of(settings: AskingSettings) -> str:
    """Return the token to ask with; empty where none is named, or nobody is asked.

    Raises:
        ParameterError: if its variable is not set, or holds no JWT.
    """
    if not settings.api_url or not settings.api_token:
        return settings.token
    if not settings.token:
        raise ParameterError(f"got api_token {settings.api_token!r}, but that environment variable is not set")
    if (parts := settings.token.count(".") + 1) != 3:
        raise ParameterError(
            f"got api_token {settings.api_token!r}, but that environment variable holds no JWT (not shown here): a JWT "
            f"has 3 parts between dots, and this has {parts}; copy all that stands behind `Authorization: Bearer`"
        )
    return settings.token


def _answered(answers: Sequence[Answer]) -> Check:
    if not answers:
        return Check(name=ASKS, passed=None, detail="no agent is reachable for this user")
    causes = Counter(answer.trouble for answer in answers if answer.trouble)
    right = f"{len(answers) - causes.total()} of {len(answers)} answer with the config of Supabase"
    if causes:
        counts = ", ".join(f"{trouble} {count}" for trouble, count in causes.most_common())
        wrong = [answer for answer in answers if answer.trouble]
        alike = {answer.detail: answer for answer in reversed(wrong) if answer.trouble == "not reachable"}
        told = [each for each in wrong if each.trouble != "not reachable" or alike[each.detail] is each]
        failures = [f"{answer.assistant_id}: {answer.detail}" for answer in told]
        more = f"; and {len(failures) - _SHOWN} more" if len(failures) > _SHOWN else ""
        detail = f"{right}; {counts}: {'; '.join(failures[:_SHOWN])}{more}"
        is_silent = causes["not reachable"] == len(answers)
        reason = answers[0].detail.rpartition(": ")[2].rpartition("] ")[2] if is_silent else ""
        counted = {"troubles": dict(causes), "asked": len(answers), "no_answer": reason}
        return Check(name=ASKS, passed=False, detail=detail, **counted)
    times = sorted(answer.seconds * 1000 for answer in answers)
    middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    detail = f"{right}; half within {middle:.0f} ms, 95 % within {late:.0f} ms, the slowest {times[-1]:.0f} ms"
    return Check(name=ASKS, passed=True, detail=detail, asked=len(answers))


def troubles(checks: Iterable[Check]) -> Counter[Trouble]:
    """Return how many agents the server did not answer rightly for, by the cause."""
    return sum((Counter(check.troubles) for check in checks), Counter[Trouble]())


def silence(checks: Iterable[Check]) -> str:
    """Return in words that nobody answered: `the server did not answer (Connection refused)`; else nothing."""
    return next((f"the server did not answer ({check.no_answer})" for check in checks if check.no_answer), "")


def users_reach(diagnosis: Diagnosis, checks: Iterable[Check]) -> Users:
    """Return whether users reach their agents; those who get old content reach them."""
    asked = [check for check in checks if check.name == ASKS]
    if any(diagnosis.findings.count(kind, True) for kind in LOST) or set(troubles(asked)) - {"old content"}:
        return "unreachable"
    return "unasked" if all(check.passed is None for check in asked) else "asked"


def _subject(token: str) -> str:
    """Return the user whom a JWT names, unchecked: the server checks it. Empty where it names no UUID."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        return str(parse_uuid(claims["sub"]) or "")
    except (IndexError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _asked(client: "SyncLangGraphClient", agent: dict[str, Any], is_lost: bool) -> Answer:
    """Ask for one agent; `is_lost` where the tables say that its id leads to no assistant of its own."""
    import httpx

    started, trouble, detail = time.monotonic(), cast(Trouble | None, None), ""
    try:
        answer: Any = client.assistants.get(agent["assistant_id"])
        if not isinstance(answer, dict) or answer.get("assistant_id") != agent["assistant_id"]:
            trouble, detail = "other answer", "another assistant, or an empty answer"
        elif settings_of(answer.get("config")) != settings_of(agent["config"]):
            trouble, detail = "old content", "another config than Supabase says"
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        not_found: Trouble = "not there" if is_lost else "hidden"
        causes: dict[int, Trouble] = {401: "token refused", 403: "token refused", 404: not_found}
        trouble, detail = causes.get(status, "other answer"), f"status {status}"
    except httpx.TransportError as error:
        # what a protocol error says may hold the token
        has_reason = isinstance(error, httpx.NetworkError | httpx.TimeoutException | httpx.ProxyError)
        trouble, detail = "not reachable", f"{type(error).__name__}{f': {error}' if has_reason else ''}"
    except Exception as error:  # whatever an answer makes a library raise
        trouble, detail = "other answer", type(error).__name__
    return Answer(trouble, detail, agent["assistant_id"], time.monotonic() - started)
