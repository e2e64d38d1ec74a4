"""Connections that fail, with the reason and the remedy."""

import socket

import pytest

from toolkit.database.addresses import resolve
from toolkit.database.attempts import ConnectionRefusedByServerError
from toolkit.database.connection import connect


def test_an_ipv6_only_host_that_cannot_be_reached_gets_the_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECT", "postgresql://u:hunter2@[::1]:1/x")
    with (
        pytest.raises(
            ConnectionRefusedByServerError, match=r"IPv6 address only.*use the session pooler's URL"
        ) as refused,
        connect(resolve("env:DIRECT")),
    ):
        pass
    assert "hunter2" not in str(refused.value)
    assert "env:DIRECT (::1:1/x)" in str(refused.value)


def test_a_host_with_an_ipv4_address_gets_the_reason_and_no_such_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as reserved:  # bound and not listening: whoever connects is refused
        reserved.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CLOSED", f"postgresql://u@127.0.0.1:{reserved.getsockname()[1]}/x")
        with pytest.raises(ConnectionRefusedByServerError) as refused, connect(resolve("env:CLOSED")):
            pass
    assert "Connection refused: " in str(refused.value)  # the reason, and not libpq's hint below it
    assert "IPv6" not in str(refused.value)
