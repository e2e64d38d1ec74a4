"""Unit tests run without a server: whatever asks the sandbox for one fails."""

import pytest


@pytest.fixture(autouse=True)
def no_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLKIT_POSTGRES_BIN", "/nonexistent: a unit test starts no server")
