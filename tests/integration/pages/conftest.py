"""A database with damage of many kinds, for the pages to show."""

from collections.abc import Callable

import pytest

from tests import damage
from tests.constants import COPY, NOT_IN_USE, USER
from tests.databases import run
from tests.integration.pages.reading import BARE, FOURTH, SECOND
from toolkit.database import addresses


@pytest.fixture
def damaged(reference: Callable[[str], str]) -> str:
    """Name a database where much is wrong: conversations on copies and on a bare row, a squatter, an orphan."""
    name = reference("broken")
    conninfo = addresses.resolve(name).conninfo.get_secret_value()
    seed = [
        *(damage.run(COPY, f"t{number}") for number in range(3)),
        damage.reference("crons.assistant_id", COPY, "c"),
        damage.stray(BARE),
        damage.run(BARE, "bare"),
        damage.session("bare", SECOND),
        damage.orphan("9" * 32, NOT_IN_USE[0]),
    ]
    run(conninfo, "".join(seed))
    run(
        conninfo,
        f"INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES ('{FOURTH}', 'x', '{{\"owner\": "
        f'"{USER}"}}\')',
    )
    return name
