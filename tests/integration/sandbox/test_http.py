"""The HTTP server, asked with the official client and with requests that no client sends.

Directly, and with PgBouncer in transaction mode between the server and its database.
"""

import asyncio
import json
import random
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import psycopg
import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.constants import ONE
from tests.pgbouncer import pooled, transaction_pooler
from toolkit.errors import ParameterError
from toolkit.sandbox.http import create_app, running

SECRET = "a secret of a test, long enough for every algorithm that HMAC is used with, sixty-four bytes"

MEMBER_A, OTHER_A, MEMBER_B = (f"{letter}1b2c3d4-e5f6-7890-abcd-ef1234567890" for letter in "abc")

OWN = "b0000000-0000-4000-a000-000000000001"


def token(subject: Any = MEMBER_A, *, secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    whole = {"sub": subject, "aud": "authenticated", "exp": int(time.time()) + 600, **claims}
    payload = {key: value for key, value in whole.items() if value is not None}
    return jwt.encode(payload, secret if algorithm != "none" else None, algorithm=algorithm)


@dataclass(frozen=True)
class Service:
    url: str

    def client(self, subject: str = MEMBER_A, **claims: Any) -> LangGraphClient:
        return get_client(url=self.url, api_key=None, headers={"Authorization": f"Bearer {token(subject, **claims)}"})

    async def send(self, method: str, path: str, *, bearer: str | None = None, **content: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {bearer or token()}"}
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as client:
            return await client.request(method, path, headers=headers, **content)


@pytest.fixture(params=["direct", pooled("pooled")])
def service(request: pytest.FixtureRequest, clone: Callable[[str], str]) -> Iterator[Service]:
    with ExitStack() as poolers:
        conninfo = clone("healthy")
        if request.param == "pooled":
            conninfo = poolers.enter_context(transaction_pooler(conninfo))
        yield Service(poolers.enter_context(running(create_app(conninfo, SECRET))))


def said(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["detail"]
    return str(answer.json()["detail"])


# with the real client


async def test_the_front_end_finds_the_agents_assistant(service: Service) -> None:
    async with service.client() as client:
        found = await client.assistants.get(ONE)
    assert found["assistant_id"] == ONE
    assert found["config"]["configurable"]["system_prompt"] == "Du bist ein Dokumenten-Assistent."


async def test_an_assistant_is_created_changed_and_deleted(service: Service) -> None:
    async with service.client() as client:
        made = await client.assistants.create(
            "agent", {"tags": ["a"]}, metadata={"a": 1}, assistant_id=OWN.upper(), name="Mine"
        )
        assert (made["assistant_id"], made["version"], made["name"]) == (OWN, 1, "Mine")
        assert made["metadata"] == {"a": 1, "owner": MEMBER_A}
        changed = await client.assistants.update(OWN, config={"tags": ["b"]}, metadata={"b": 2})
        assert (changed["version"], changed["config"]) == (2, {"tags": ["b"]})
        assert changed["metadata"] == {"a": 1, "b": 2, "owner": MEMBER_A}
        assert await client.assistants.get(OWN) == changed
        await client.assistants.delete(OWN)
        for gone in (client.assistants.get(OWN), client.assistants.delete(OWN), client.assistants.update(OWN)):
            with pytest.raises(httpx.HTTPStatusError) as error:
                await gone
            assert error.value.response.status_code == 404


async def test_an_assistant_that_nobody_named_gets_a_uuid(service: Service) -> None:
    async with service.client() as client:
        made = await client.assistants.create("agent")
        assert made["assistant_id"] == str(uuid.UUID(made["assistant_id"]))
        assert made["name"] == "Untitled"
        assert await client.assistants.get(made["assistant_id"]) == made


async def test_a_duplicate_is_409_or_nothing(service: Service) -> None:
    async with service.client() as client:
        made = await client.assistants.create("agent", assistant_id=OWN, name="First")
        with pytest.raises(httpx.HTTPStatusError) as error:
            await client.assistants.create("agent", assistant_id=OWN)
        assert error.value.response.status_code == 409
        assert await client.assistants.create("other", assistant_id=OWN, if_exists="do_nothing") == made


async def test_concurrent_creates_that_do_nothing_all_succeed(service: Service) -> None:
    async with service.client() as client:
        creates = (client.assistants.create("agent", assistant_id=OWN, if_exists="do_nothing") for _ in range(8))
        made = await asyncio.gather(*creates)
        assert all(each == made[0] for each in made)
        assert await client.assistants.count(metadata={"owner": MEMBER_A}) == 1


@pytest.mark.parametrize("taken", [OWN, ONE])
async def test_another_owners_id_is_409_or_404_and_never_the_row(service: Service, taken: str) -> None:
    async with service.client() as first, service.client(MEMBER_B) as second:
        await first.assistants.create("agent", assistant_id=OWN, metadata={"secret": "x"})
        for if_exists in ("raise", "do_nothing"):
            with pytest.raises(httpx.HTTPStatusError) as error:
                await second.assistants.create("agent", assistant_id=taken, if_exists=if_exists)
            assert error.value.response.status_code == 409
        for call in (
            second.assistants.get(taken),
            second.assistants.update(taken, config={}),
            second.assistants.delete(taken),
        ):
            with pytest.raises(httpx.HTTPStatusError) as error:
                await call
            assert error.value.response.status_code == 404
            assert list(error.value.response.json()) == ["detail"]
        assert (await first.assistants.get(taken))["version"] == 1


async def test_search_pages_through_everything_newest_first(service: Service) -> None:
    async with service.client() as client:
        for number in range(12):
            await client.assistants.create("agent", metadata={"page": True}, name=f"number {number} 100%")
        first = await client.assistants.search(metadata={"page": True}, response_format="object")
        assert [each["name"] for each in first["assistants"]] == [
            f"number {number} 100%" for number in range(11, 1, -1)
        ]
        rest = await client.assistants.search(
            metadata={"page": True}, offset=int(first["next"] or 0), response_format="object"
        )
        assert [each["name"] for each in rest["assistants"]] == ["number 1 100%", "number 0 100%"]
        assert rest["next"] is None
        assert len(await client.assistants.search(name="NUMBER 1")) == 3
        assert await client.assistants.search(name="1%1") == []
        assert await client.assistants.count(name="0%") == 12
        assert await client.assistants.count(graph_id="research_agent") == 0


# 11: organizations


async def test_a_member_reads_the_prompts_of_the_own_organization_only(service: Service) -> None:
    for user, readable in {MEMBER_A: 3, OTHER_A: 3, MEMBER_B: 2, str(uuid.uuid4()): 0, "user-1": 0}.items():
        async with service.client(user) as client:
            found = await client.assistants.search()
            assert len(found) == readable
            assert await client.assistants.count() == readable
    async with service.client(MEMBER_B) as client:
        with pytest.raises(httpx.HTTPStatusError) as error:
            await client.assistants.get(ONE)
        assert error.value.response.status_code == 404


async def test_what_the_platform_put_into_the_token_counts_and_what_the_user_put_does_not(service: Service) -> None:
    organization = ["22222222-2222-4222-8222-222222222222"]
    async with service.client(MEMBER_A, app_metadata={"organization_ids": organization}) as client:
        assert await client.assistants.count() == 2
    async with service.client(MEMBER_A, app_metadata={"organization_ids": [7, "x"]}) as client:
        assert await client.assistants.count() == 0
    async with service.client(
        MEMBER_A, user_metadata={"organization_ids": organization}, organization_ids=organization
    ) as client:
        assert await client.assistants.count() == 3


# who may come


BAD_TOKENS = [
    token(secret="another secret of more than 32 bytes!"),
    token(algorithm="none"),
    token(algorithm="HS512"),
    token(aud="anon"),
    token(aud=None),
    token(exp=int(time.time()) - 10),
    token(exp=None),
    token(None),
    token(""),
    token("system"),
    token(" System"),
    token("a\0b"),
    "x",
    "a.b.c",
]


async def test_a_bad_token_is_401_before_anything_is_looked_at(service: Service) -> None:
    for bad in BAD_TOKENS:
        async with httpx.AsyncClient(base_url=service.url, headers={"Authorization": f"Bearer {bad}"}) as client:
            for answer in (
                await client.get(f"/assistants/{ONE}"),
                await client.get("/assistants/no-uuid"),
                await client.post("/assistants", content=b"{"),
                await client.get("/nothing"),
            ):
                assert answer.status_code == 401, bad
                said(answer, 401)


async def test_no_token_is_401(service: Service) -> None:
    async with httpx.AsyncClient(base_url=service.url) as client:
        answer = await client.get(f"/assistants/{ONE}")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        said(answer, 401)
        said(await client.get(f"/assistants/{ONE}", headers={"Authorization": f"Basic {token()}"}), 401)


def test_a_short_secret_is_refused_and_not_shown() -> None:
    with pytest.raises(ParameterError) as refusal:
        create_app("dbname=x", "guessed")
    assert "guessed" not in str(refusal.value)


# what no client of good will sends


WRONG_REQUESTS: list[tuple[str, str, dict[str, Any], int]] = [
    ("POST", "/assistants", {"content": b"{"}, 422),
    ("POST", "/assistants", {"content": b""}, 422),
    ("POST", "/assistants", {"content": b"[]"}, 422),
    ("POST", "/assistants", {"content": b"\xff"}, 422),
    ("POST", "/assistants", {"content": b"[" * 100_000}, 422),
    ("POST", "/assistants", {"content": b'{"graph_id": "agent", "config": {"a": NaN}}'}, 422),
    ("POST", "/assistants", {"content": b'{"graph_id": "agent", "config": {"a": 1e999}}'}, 422),
    ("POST", "/assistants", {"content": b'{"graph_id": "agent", "config": {"a": ' + b"9" * 5000 + b"}}"}, 422),
    ("POST", "/assistants", {"content": b'{"graph_id": "agent", "config": {"a": "\\u0000"}}'}, 422),
    ("POST", "/assistants", {"content": b'{"graph_id": "agent", "config": {"a": "\\ud800"}}'}, 422),
    ("POST", "/assistants", {"content": b'{"graph_id": "agent", "config": ' + b'{"a":' * 200 + b"1" + b"}" * 201}, 422),
    ("POST", "/assistants", {"content": b"x" * (5 << 20)}, 413),
    ("POST", "/assistants", {"json": {}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": None}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": "agent", "assistant_id": "no-uuid"}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": "agent", "assistant_id": ""}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": "agent", "assistant_id": 7}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": "agent", "if_exists": "update"}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": "agent", "if_exists": None}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": "agent", "if_exists": []}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": "agent", "metadata": None}}, 422),
    ("POST", "/assistants", {"json": {"graph_id": "agent", "name": 7}}, 422),
    ("PATCH", f"/assistants/{OWN}", {"json": {"config": []}}, 422),
    ("PATCH", f"/assistants/{OWN}", {"content": b"{"}, 422),
    ("PATCH", "/assistants/no-uuid", {"json": {}}, 422),
    ("GET", "/assistants/no-uuid", {}, 422),
    ("GET", "/assistants/%00", {}, 422),
    ("GET", "/assistants/a%2Fb", {}, 404),
    ("DELETE", "/assistants/no-uuid", {}, 422),
    ("GET", f"/assistants/{OWN}", {}, 404),
    ("GET", "/assistants", {}, 405),
    ("PUT", f"/assistants/{OWN}", {}, 405),
    ("GET", "/nothing", {}, 404),
    *[("POST", "/assistants/search", {"json": body}, 422) for body in (
        {"limit": 0}, {"limit": 1001}, {"limit": "10"}, {"limit": True}, {"limit": None},
        {"offset": -1}, {"offset": 2**63}, {"offset": None}, {"offset": 1.5},
        {"metadata": []}, {"graph_id": 7}, {"name": {}}, {"name": "\0"}, {"sort_by": "name"},
    )],
    ("POST", "/assistants/search", {"json": {"limit": 1000, "offset": 2**62}}, 200),
    ("POST", "/assistants/count", {"json": {"metadata": "x"}}, 422),
    ("POST", "/assistants/count", {"content": b"3"}, 422),
]  # fmt: skip


async def test_what_is_wrong_is_answered_and_never_5xx(service: Service) -> None:
    for method, path, content, status in WRONG_REQUESTS:
        answer = await service.send(method, path, **content)
        assert answer.status_code == status, (method, path, str(content)[:100], answer.text)
        if status != 200:
            said(answer, status)


async def test_count_is_a_bare_integer(service: Service) -> None:
    assert (await service.send("POST", "/assistants/count", json={})).text == "3"


async def test_delete_answers_204_without_a_body(service: Service) -> None:
    await service.send("POST", "/assistants", json={"graph_id": "agent", "assistant_id": OWN})
    answer = await service.send("DELETE", f"/assistants/{OWN}")
    assert (answer.status_code, answer.content) == (204, b"")


async def test_a_spelling_of_the_id_finds_the_row(service: Service) -> None:
    for spelling in (ONE.upper(), ONE.replace("-", "")):
        assert (await service.send("GET", f"/assistants/{spelling}")).json()["assistant_id"] == ONE


async def test_a_generated_id_is_found_under_its_own_spelling(clone: Callable[[str], str]) -> None:
    conninfo = clone("empty")
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            "INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES (%s, 'agent', "
            "jsonb_build_object('owner', %s::text))",
            [uuid.UUID(OWN).hex, MEMBER_A],
        )
    with running(create_app(conninfo, SECRET)) as url:
        answer = await Service(url).send("GET", f"/assistants/{uuid.UUID(OWN).hex}")
    assert answer.json()["assistant_id"] == uuid.UUID(OWN).hex


# when something is in the way


async def test_a_database_that_is_away_is_503_at_once_and_found_again(clone: Callable[[str], str]) -> None:
    conninfo = clone("healthy")
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/assistants/{ONE}", {}),
        ("POST", "/assistants/search", {"json": {}}),
        ("POST", "/assistants", {"json": {"graph_id": "agent"}}),
    ]
    name = conninfo_to_dict(conninfo)["dbname"]
    with (
        psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True) as administration,
        running(create_app(conninfo, SECRET)) as url,
        running(create_app("host=127.0.0.1 port=1 dbname=nowhere", SECRET)) as nowhere,
    ):
        assert (await Service(url).send("GET", f"/assistants/{ONE}")).status_code == 200
        administration.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[arg-type]
        administration.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        began = time.monotonic()
        for server in (Service(url), Service(nowhere)):
            for method, path, content in asked:
                answer = await server.send(method, path, **content)
                assert "try again" in said(answer, 503)
                assert answer.headers["Retry-After"] == "1"
        assert time.monotonic() - began < 5
        administration.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[arg-type]
        for method, path, content in asked:
            assert (await Service(url).send(method, path, **content)).status_code == 200


async def test_a_locked_row_holds_up_its_own_writers_only(
    clone: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    conninfo = clone("healthy")
    row = {"graph_id": "agent", "assistant_id": OWN}
    with running(create_app(conninfo, SECRET)) as url, psycopg.connect(conninfo) as holding:
        service = Service(url)
        await service.send("POST", "/assistants", json=row)
        holding.execute("SELECT FROM langgraph_server.assistants FOR UPDATE")
        writes = [
            asyncio.create_task(service.send("PATCH", f"/assistants/{OWN}", json={"name": "A"})) for _ in "1234567"
        ]
        writes.append(asyncio.create_task(service.send("POST", "/assistants", json={**row, "if_exists": "do_nothing"})))
        writes.append(asyncio.create_task(service.send("DELETE", f"/assistants/{OWN}")))
        await asyncio.sleep(0.5)
        for _ in range(5):
            assert (await asyncio.wait_for(service.send("GET", f"/assistants/{OWN}"), 2)).status_code == 200
        writes[0].cancel()  # hangs up, before the answer
        for each in writes[1:]:
            assert "try again" in said(await each, 503)
        holding.rollback()
        assert (await service.send("PATCH", f"/assistants/{OWN}", json={"name": "A"})).status_code == 200
    assert "Traceback" not in capsys.readouterr().err


async def test_no_client_disturbs_the_others(clone: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    conninfo = clone("healthy")
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE INDEX of_somebodys_own ON langgraph_server.assistants (description)")
    with running(create_app(conninfo, SECRET)) as url:
        service = Service(url)
        address = urlsplit(url)
        for begun in (b'{"graph_id"', b"", b'{"graph_id": "agent", "metadata": {' + b'"a": 1,' * 1000):
            with socket.create_connection((address.hostname, address.port)) as hanging_up:
                head = (
                    f"POST /assistants HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\nAuthorization: Bearer {token()}"
                )
                hanging_up.sendall(head.encode() + b"\r\n\r\n" + begun)
        for path in ("/assistants/", "/assistants/search/", f"/assistants/{ONE}/", "//evil.example/assistants/"):
            answer = await service.send("GET", path, bearer=token())
            assert said(answer, 404)
            assert "location" not in answer.headers
        row = {"graph_id": "agent", "assistant_id": OWN}
        assert (await service.send("POST", "/assistants", json=row)).status_code == 200
        assert said(await service.send("POST", "/assistants", json=row), 409) == f"assistant_id '{OWN}' exists"
        answer = await service.send("PATCH", f"/assistants/{OWN}", json={"graph_id": 7})
        assert said(answer, 422) == "graph_id is of type int, expected text"
        noise = "".join(random.Random(7).choices([chr(each) for each in range(0x4E00, 0x9FFF)], k=10_000))
        for method, path in (("PATCH", f"/assistants/{OWN}"), ("POST", "/assistants")):
            answer = await service.send(method, path, json={"graph_id": "agent", "description": noise})
            assert "PostgreSQL cannot hold the row" in said(answer, 422)

        longest = 0.0

        async def keep_asking() -> None:
            nonlocal longest
            async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token()}"}) as client:
                while True:
                    began = time.monotonic()
                    said(await client.get("/assistants/no-uuid"), 422)
                    longest = max(longest, time.monotonic() - began)
                    await asyncio.sleep(0)

        body = json.dumps(
            {"graph_id": "agent", "metadata": {f"k{n}": n for n in range(250_000)}}, separators=(",", ":")
        )
        asking = asyncio.create_task(keep_asking())
        await asyncio.sleep(0.2)
        began = time.monotonic()
        made = await service.send("POST", "/assistants", content=body.encode())
        took = time.monotonic() - began
        asking.cancel()
        assert made.status_code == 200
        assert longest < took / 4, (longest, took)
    assert "Traceback" not in capsys.readouterr().err
