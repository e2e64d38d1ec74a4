"""Does a repair leave nothing open, and can it be taken back, byte for byte?"""

from collections.abc import Callable

from tests.integration.conftest import Databases

MakeDatabases = Callable[[str], Databases]


def test_repair_leaves_nothing_open_on_the_real_dump(databases: MakeDatabases) -> None:
    broken = databases("broken")

    found = broken.diagnose()
    assert {kind: count for kind, count in found.counts.items() if count} == {"wrong_id": 5, "duplicate": 10, "drift": 5}
    assert (found.agents, found.assistants, found.open, found.noted) == (5, 15, 15, 5)

    outcome = broken.apply(broken.plan())
    assert outcome.counts == {"rekey": 5, "remove": 10}
    assert outcome.left == ()

    healed = broken.diagnose()
    assert {kind: count for kind, count in healed.counts.items() if count} == {"drift": 5}
    assert (healed.assistants, healed.open) == (5, 0)


def test_undo_gives_back_the_real_dump_byte_for_byte(databases: MakeDatabases) -> None:
    broken = databases("broken")
    before = broken.rows()
    first = broken.plan()

    outcome = broken.apply(first)
    assert broken.rows() != before

    assert broken.undo(outcome.run_id).refused == ()
    assert broken.rows() == before
    assert broken.plan().digest == first.digest
