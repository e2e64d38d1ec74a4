"""Fixtures of the repairs' tests."""

import pytest

from toolkit.repair import batches


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry soon: what the tests hold, they hold until the repair has given up."""
    monkeypatch.setattr(batches, "_PAUSE", 0.05)
