"""Verification: a server that answers rightly, and servers that only seem to."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.constants import USER
from toolkit.database.connection import connected
from toolkit.database.transactions import writing
from toolkit.diagnosis import verification
from toolkit.diagnosis.diagnose import diagnose
from toolkit.diagnosis.verification import Check, Trouble
from toolkit.errors import ParameterError
from toolkit.pages.verification import VerificationPage
from toolkit.settings import VerifySettings

Answer = Callable[[str], tuple[int, dict[str, str], bytes]]
"""What a server answers when it is asked for an id: status, headers, body."""


@contextmanager
def answering(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """Serve on the loopback interface; yield the URL, and the paths that were asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            paths.append(self.path)
            status, headers, body = answer(self.path.rsplit("/", 1)[1])
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                **headers,
                "Content-Length": str(len(body)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", paths
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def verified(name: str, **more: str) -> VerificationPage:
    settings = VerifySettings(supabase=name, **more)
    with connected(*settings.databases()) as pair:
        return VerificationPage(pair, settings)


def asked(reference: Callable[[str], str], answer: Answer) -> tuple[Check, list[str]]:
    with answering(answer) as (url, paths):
        settings = VerifySettings(supabase=reference("repaired"), api_url=url)
        with connected(*settings.databases()) as pair:
            (check,) = verification.over_http(pair, settings)
    return check, paths


def assistant(assistant_id: str, config: object = None) -> bytes:
    return json.dumps({"assistant_id": assistant_id, "config": config or {}}).encode()


WRONG: dict[str, tuple[Answer, str, Trouble]] = {
    "a redirect": (lambda id: (307, {"Location": f"/elsewhere/{id}"}, b""), "status 307", "other answer"),
    "a redirect that bears an answer": (
        lambda id: (302, {"Location": f"/elsewhere/{id}"}, assistant(id)),
        "status 302",
        "other answer",
    ),
    "an empty 200": (lambda id: (200, {}, b""), "a0000000-0000-4000-a000-000000000001: ", "other answer"),
    "an empty object": (lambda id: (200, {}, b"{}"), "another assistant, or an empty answer", "other answer"),
    "another id": (
        lambda id: (200, {}, assistant("a0000000-0000-4000-a000-00000000000f")),
        "another assistant",
        "other answer",
    ),
    "the id without dashes": (
        lambda id: (200, {}, assistant(id.replace("-", ""))),
        "another assistant",
        "other answer",
    ),
    "another config": (lambda id: (200, {}, assistant(id)), "another config than Supabase says", "old content"),
    "a page that is no JSON": (
        lambda id: (200, {"Content-Type": "text/html"}, b"<html>login</html>"),
        "JSONDecodeError",
        "other answer",
    ),
    "a list": (
        lambda id: (200, {}, b"[" + assistant(id) + b"]"),
        "another assistant, or an empty answer",
        "other answer",
    ),
    "a number": (lambda id: (200, {}, b"7"), "another assistant, or an empty answer", "other answer"),
    "a config that is a list": (lambda id: (200, {}, assistant(id, ["configurable"])), "another config", "old content"),
    "a config that is a text": (lambda id: (200, {}, assistant(id, "configurable")), "another config", "old content"),
    "servers that are numbers": (
        lambda id: (200, {}, assistant(id, {"configurable": {"mcp_config": {"servers": [7, {"tools": 7}]}}})),
        "another config than Supabase",
        "old content",
    ),
    "deep JSON": (lambda id: (200, {}, b"[" * 100_000), "JSONDecodeError", "other answer"),
    "no gzip": (lambda id: (200, {"Content-Encoding": "gzip"}, b"{}"), "DecodingError", "other answer"),
    "401": (lambda id: (401, {}, b'{"detail": "expired"}'), "status 401", "token refused"),
    "403": (lambda id: (403, {}, b'{"detail": "forbidden"}'), "status 403", "token refused"),
    "404": (lambda id: (404, {}, b'{"detail": "not found"}'), "status 404", "hidden"),
    "500": (lambda id: (500, {}, b"oops"), "status 500", "other answer"),
}


@pytest.mark.parametrize("answer", WRONG)
def test_what_only_seems_an_answer_fails_and_is_named(answer: str, reference: Callable[[str], str]) -> None:
    check, paths = asked(reference, WRONG[answer][0])
    assert check.passed is False
    assert check.detail.startswith("0 of 5 answer with the config of Supabase; ")
    assert WRONG[answer][1] in check.detail
    assert check.troubles == {WRONG[answer][2]: 5}
    assert check.detail.endswith("; and 2 more")
    assert sorted(paths) == [f"/assistants/a0000000-0000-4000-a000-00000000000{n}" for n in range(1, 6)], (
        "each is asked once; no redirect is followed"
    )


def test_the_agents_are_asked_for_at_the_same_time_and_how_long_it_took_is_said(
    reference: Callable[[str], str],
) -> None:
    together = threading.Barrier(5, timeout=20)
    settings = VerifySettings(supabase=reference("repaired"))
    with connected(*settings.databases()) as pair:
        rows = pair.langgraph.execute("SELECT id, config FROM langgraph_server.assistants").fetchall()
    config = {row["id"]: row["config"] for row in rows}

    def right(id: str) -> tuple[int, dict[str, str], bytes]:
        together.wait()
        time.sleep(0.05)
        return 200, {}, assistant(id, config[id])

    check, _ = asked(reference, right)
    assert check.passed, check.detail
    assert check.detail.startswith("5 of 5 answer with the config of Supabase; half within ")
    assert int(check.detail.split("the slowest ")[1].removesuffix(" ms")) >= 50


def test_a_server_that_is_not_there_is_a_failure_and_not_a_crash(reference: Callable[[str], str]) -> None:
    settings = VerifySettings(supabase=reference("repaired"), api_url="http://127.0.0.1:9")
    with connected(*settings.databases()) as pair:
        (check,) = verification.over_http(pair, settings)
    assert check.passed is False
    assert "not reachable 5: a0000000-0000-4000-a000-000000000001: ConnectError: " in check.detail
    assert "refused" in check.detail, "with the reason"
    assert check.detail.count("ConnectError") == 1


def test_a_server_that_answers_nobody_is_not_asked_for_every_agent(reference: Callable[[str], str]) -> None:
    with answering(lambda id: (200, {"X": "\0"}, b"")) as (url, paths):  # no client reads this header
        settings = VerifySettings(supabase=reference("repaired"), api_url=url)
        with connected(*settings.databases()) as pair:
            with writing(pair.supabase):
                pair.supabase.execute(
                    "INSERT INTO public.agents (organization_id, name)"
                    " SELECT organization_id, n::text FROM public.agents, generate_series(1, 50) AS n"
                )
            (check,) = verification.over_http(pair, settings)
    agents = check.troubles["not reachable"]
    assert check.detail.startswith(f"0 of {agents} answer")
    assert 24 <= len(paths) < 24 + 8 < agents


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"HTTP_PROXY": "http://127.0.0.1:9"}, "ConnectError: [Errno 111] Connection refused"),
        ({"ALL_PROXY": "http://127.0.0.1:9", "NO_PROXY": "example.com,127.0.0.1"}, "0 of 5 answer"),
        ({"HTTP_PROXY": "ftp://u:hunter2@127.0.0.1:9"}, "cannot ask http://127.0.0.1:"),
        ({"USER_JWT": "x.WzFd.x"}, "0 of 5 answer"),  # its payload is the list [1]
        ({"USER_JWT": "x.eyJzdWIiOiAiXHUwMDAwIn0.x"}, "0 of 5 answer"),  # its user is a NUL
        ({"USER_JWT": "hunter2.hunter2\n.hunter2"}, "LocalProtocolError"),
    ],
)
def test_proxies_of_the_environment_and_odd_tokens_make_a_check(
    variables: dict[str, str], said: str, reference: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with answering(lambda id: (200, {}, b"{}")) as (url, paths):
        settings = VerifySettings(
            supabase=reference("repaired"), api_url=url, api_token="env:USER_JWT" if "USER_JWT" in variables else ""
        )
        with connected(*settings.databases()) as pair:
            check, *_ = verification.over_http(pair, settings)
    assert check.passed is False
    assert said in check.detail
    assert "hunter2" not in check.detail
    assert len(paths) == (5 if said == "0 of 5 answer" else 0)


def test_an_assistant_that_the_tables_lack_too_is_not_hidden(reference: Callable[[str], str]) -> None:
    with answering(lambda id: (404, {}, b"")) as (url, _):
        settings = VerifySettings(supabase=reference("broken"), api_url=url)
        with connected(*settings.databases()) as pair:
            found = diagnose(pair, settings.agents_in_scope)
            (check,) = verification.over_http(pair, settings, diagnosis=found)
    assert check.troubles == {"not there": 5}


def test_agents_that_nobody_opened_yet_are_not_asked_for(reference: Callable[[str], str]) -> None:
    settings = VerifySettings(supabase=reference("healthy"), api_url="http://127.0.0.1:9", startup_sync="none")
    with connected(*settings.databases()) as pair:
        with writing(pair.langgraph):
            pair.langgraph.execute("DELETE FROM langgraph_server.assistants")
        found = diagnose(pair, settings.agents_in_scope)
        checks = {check.name: check for check in verification.verify(pair, found, settings, print)}
    assert checks["the next sync would create nothing"].passed is None
    asks = checks["GET /assistants/{id} answers an ordinary user"]
    assert (asks.passed, asks.detail) == (None, "no agent is reachable for this user")


def test_what_no_assistant_is_there_for_is_not_judged_and_that_nobody_answered_is_said(
    reference: Callable[[str], str],
) -> None:
    report = verified(reference("broken"), api_url="http://127.0.0.1:9").report
    made = {check.name: (check.passed, check.detail) for check in report.checks}
    none = (None, "0 of 5 agents; 5 have no assistant under the agent's id")
    assert made["that assistant is the system's, readable by everybody"] == none
    assert made["every write-back names the agent's assistant"] == none
    assert made["every agent has an assistant under its own id"] == (False, "wrong_id 5")
    assert report.at_a_glance.tiles["Reachable"][1] == "the server did not answer (Connection refused)"
    assert "asked as a user" not in report.message + repr(report.at_a_glance)


def test_an_agent_that_nobody_opened_yet_fails_no_check(reference: Callable[[str], str]) -> None:
    name = reference("healthy")
    settings = VerifySettings(supabase=name, startup_sync="none")
    with connected(*settings.databases()) as pair, writing(pair.langgraph):
        pair.langgraph.execute("DELETE FROM langgraph_server.assistants WHERE id LIKE '%1'")
    report = verified(name, startup_sync="none").report
    (first, *_) = report.checks
    assert (report.verdict, first.passed, first.detail) == (
        "clean",
        None,
        "4 of 5 agents; 1 has no assistant under the agent's id",
    )


def test_a_user_of_one_organization_proves_no_other_and_the_next_step_names_it(
    reference: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = reference("repaired")
    with connected(*VerifySettings(supabase=name).databases()) as pair:
        rows = pair.langgraph.execute("SELECT id, config FROM langgraph_server.assistants").fetchall()
        names = {each["name"] for each in pair.supabase.execute("SELECT name FROM public.organizations").fetchall()}
    config = {row["id"]: row["config"] for row in rows}
    claims = base64.urlsafe_b64encode(json.dumps({"sub": USER}).encode()).decode()
    monkeypatch.setenv("USER_JWT", f"Authorization: bearer  x.{claims}.x")
    with answering(lambda id: (200, {}, assistant(id, config[id]))) as (url, paths):
        page = verified(name, api_url=url, api_token="env:USER_JWT")
    seen = page.report.at_a_glance
    assert 0 < len(paths) < 5
    (other,) = [each for each in page.report.checks if each.unasked]
    assert set(other.unasked) < names
    caption, command = seen.next
    assert caption == f"Ask again with the token of a user of {other.unasked[0]}:"
    assert command.endswith(f"--api-url {url} --api-token env:USER_JWT")
    assert f"{len(paths)} asked as a user; the others as the tables say" in page.report.message


@pytest.mark.parametrize(("token", "parts"), [("hunter2", 1), ("Bearer a.hunter2", 2), ("a.b.c.hunter2", 4)])
def test_a_token_of_another_shape_is_refused_and_not_shown(
    token: str, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER_JWT", token)
    with pytest.raises(ParameterError, match=f"has 3 parts between dots, and this has {parts}") as refused:
        verification.token_of(VerifySettings(api_url="http://127.0.0.1:9", api_token="env:USER_JWT"))
    assert "hunter2" not in str(refused.value)
