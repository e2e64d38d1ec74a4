"""Connections to another machine: encrypted, or refused; the machine's own address stands for another one."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.databases import Databases
from tests.pgbouncer import transaction_pooler
from tests.servers import Server, free_port, make_certificate, own_address, server
from toolkit.catalog import preflight
from toolkit.database.addresses import resolve
from toolkit.database.connection import ConnectionRefusedByServerError, connect


@pytest.fixture(scope="module")
def address() -> str:
    return own_address()


@pytest.fixture(scope="module")
def encrypting(address: str) -> Iterator[Server]:
    with server(address, "127.0.0.1", with_tls=True) as running:
        yield running


@pytest.fixture(scope="module")
def plain(address: str) -> Iterator[Server]:
    with server(address, "127.0.0.1") as running:
        yield running


def told(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Connect, and return what a page says about the encryption."""
    monkeypatch.setenv("SUPABASE_DB_URL", url)
    database = resolve("env:SUPABASE_DB_URL")
    with connect(database) as connection:
        return preflight.encryption(connection, database)


def refused(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    with pytest.raises(ConnectionRefusedByServerError) as refusal:
        told(url, monkeypatch)
    assert refusal.value.exit_status == 3
    return str(refusal.value)


def test_a_self_signed_server_is_encrypted_and_verified_by_its_certificate_only(
    encrypting: Server, address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert told(encrypting.url(address), monkeypatch) == "encrypted: yes, server verified: no"
    right = f"sslrootcert={encrypting.certificate}"
    full = encrypting.url(address, options=f"?sslmode=verify-full&{right}")
    assert told(full, monkeypatch) == "encrypted: yes, server verified: yes"
    authority = encrypting.url(address, options=f"?sslmode=verify-ca&{right}")
    assert told(authority, monkeypatch) == "encrypted: yes, server verified: its certificate, not its name"
    wrong = f"sslrootcert={make_certificate(tmp_path, os.getuid(), address)}"
    for mode in ("verify-full", "verify-ca"):
        said = refused(encrypting.url(address, options=f"?sslmode={mode}&{wrong}"), monkeypatch)
        assert "certificate verify failed" in said
    other_name = encrypting.url("another.example", options=f"?hostaddr={address}&sslmode=verify-full&{right}")
    assert "does not match host name" in refused(other_name, monkeypatch)


def test_a_server_without_tls_is_refused_unless_the_url_names_it(
    plain: Server, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refused(plain.url(address), monkeypatch)
    assert "server does not support SSL" in said
    assert "write sslmode=disable into the URL" in said
    for mode in ("disable", "prefer"):
        assert (
            told(plain.url(address, options=f"?sslmode={mode}"), monkeypatch) == "encrypted: no, as its sslmode allows"
        )
    assert told(plain.url("127.0.0.1"), monkeypatch) == "encrypted: no, it stays on this machine"
    other = f"?hostaddr={address}"
    assert "server does not support SSL" in refused(plain.url("localhost", options=other), monkeypatch)


def test_a_server_on_this_machine_is_encrypted_where_it_offers_that_and_asked_once(
    encrypting: Server, plain: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(encrypting.url("localhost"), monkeypatch) == "encrypted: yes, server verified: no"
    unencrypted = encrypting.url("localhost", options="?sslmode=allow")
    assert told(unencrypted, monkeypatch) == "encrypted: no, it stays on this machine"
    for asked in (encrypting, plain):
        for options in ("", "?sslmode=prefer", "?sslmode=allow"):
            before = asked.rejected
            refused(asked.url("localhost", "wr0ng", options), monkeypatch)
            assert asked.rejected == before + 1


@pytest.mark.pooler
def test_the_facts_tell_of_each_side_through_an_encrypting_pooler(
    encrypting: Server, clone: Callable[[str], str], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    conninfo = clone("healthy")
    options = conninfo_to_dict(conninfo)
    (encrypting.folder / "users").write_text(f'"{options["user"]}" "s3cret"\n')
    port = free_port(address)
    encrypts = f"""
        listen_addr = {address}
        auth_type = scram-sha-256
        auth_file = {encrypting.folder}/users
        client_tls_sslmode = require
        client_tls_cert_file = {encrypting.certificate}
        client_tls_key_file = {encrypting.folder}/key
    """
    with transaction_pooler(conninfo, encrypts, port):
        url = f"postgresql://{options['user']}:s3cret@{address}:{port}/{options['dbname']}?pgbouncer=true"
        monkeypatch.setenv("VERIFIED", f"{url}&sslmode=verify-full&sslrootcert={encrypting.certificate}")
        monkeypatch.setenv("BARE", url)
        with Databases(resolve("env:VERIFIED"), resolve("env:BARE")).connected() as pair:
            found = preflight.facts(pair)
        monkeypatch.setenv("BARE", url.replace("s3cret", "wr0ng"))
        with pytest.raises(ConnectionRefusedByServerError), connect(resolve("env:BARE")):
            pass
    told_of = {fact.side: fact.value for fact in found if fact.name == "encryption"}
    assert told_of == dict.fromkeys(("supabase", "langgraph"), "encrypted: yes, server verified: yes"), (
        "one database is read through one connection"
    )
    (line,) = preflight.databases_read(found[:3])
    assert re.fullmatch(r"Read as supabase: env:VERIFIED \(.*; encrypted: yes, server verified: yes\.", line)
