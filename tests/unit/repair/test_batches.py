"""Batches: a piece that fails holds up no other."""

from collections.abc import Iterable, Sequence

import psycopg
import pytest

from toolkit.repair import batches
from toolkit.repair.batches import ATTEMPTS, HeldTableError, cut, without, work_off


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_PAUSE", 0)


class Work:
    """Does what it can: a piece with a number in `held` raises, as the database does."""

    def __init__(self, held: Iterable[int], error: type[psycopg.Error] = psycopg.errors.LockNotAvailable) -> None:
        self.held, self.error = set(held), error("as it is")
        self.done: list[int] = []
        self.given_up: list[tuple[range, psycopg.Error]] = []
        self.tries = 0

    def __call__(self, batch: range, is_last: bool) -> Sequence[range]:
        self.tries += 1
        if self.held & set(batch):
            raise self.error
        self.done += batch
        return []

    def off(self, *pieces: range) -> None:
        work_off(pieces, self, lambda *given_up: self.given_up.append(given_up), lambda behind: None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (psycopg.errors.LockNotAvailable, "another transaction holds its rows; do it again"),
        (psycopg.errors.DeadlockDetected, "another transaction and this one waited for each other; do it again"),
        (psycopg.errors.QueryCanceled, "it took longer than a minute; do it again"),
        (psycopg.errors.UniqueViolation, "as it is; correct that, and do it again"),
        (psycopg.errors.CheckViolation, "as it is; correct that, and do it again"),
        (psycopg.errors.NumericValueOutOfRange, "as it is; correct that, and do it again"),
    ],
)
def test_piece_that_does_not_go_is_narrowed_down_and_the_others_are_done_once(
    error: type[psycopg.Error], said: str
) -> None:
    work = Work({3, 700}, error)
    work.off(range(500), range(500, 1000))
    assert sorted(work.done) == [number for number in range(1000) if number not in (3, 700)]
    assert [batch for batch, _ in work.given_up] == [range(3, 4), range(700, 701)]
    assert {batches.reason(given_up, (), (), "do it again") for _, given_up in work.given_up} == {said}


def test_what_was_held_at_first_is_done_at_the_end() -> None:
    work = Work({3})

    def set_free(batch: range, is_last: bool) -> Sequence[range]:
        if work.done and max(work.done) == 9:
            work.held.clear()
        return work(batch, is_last)

    work_off([range(10)], set_free, lambda *_: pytest.fail("given up"), lambda behind: None)
    assert work.done[-1] == 3
    assert sorted(work.done) == list(range(10))


def test_part_that_is_given_back_comes_again_and_is_told_the_last_time() -> None:
    told: list[tuple[range, bool]] = []

    def work(batch: range, is_last: bool) -> Sequence[range]:
        told.append((batch, is_last))
        return [] if is_last else [range(2, 3)]

    work_off([range(10)], work, lambda *_: pytest.fail("given up"), lambda behind: None)
    assert told == [(range(10), False), *[(range(2, 3), False)] * (ATTEMPTS - 2), (range(2, 3), True)]


def test_table_that_somebody_holds_stops_the_work_instead_of_trying_each_row() -> None:
    work = Work(range(100_000))
    with pytest.raises(HeldTableError, match="30 batches in a row"):
        work.off(*cut(range(100_000), 1000))
    assert work.tries == 30


def test_fault_of_many_holds_up_no_other_until_a_thousand_came_in_a_row() -> None:
    work = Work(range(400), psycopg.errors.NotNullViolation)
    work.off(range(1000))
    assert (len(work.given_up), len(work.done)) == (400, 600)
    work = Work(range(100_000), psycopg.errors.NotNullViolation)
    with pytest.raises(psycopg.errors.NotNullViolation):
        work.off(*cut(range(100_000), 1000))
    assert work.tries == 1000


OTHERS = [psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege, psycopg.errors.DiskFull,
          psycopg.OperationalError]  # fmt: skip


@pytest.mark.parametrize("error", OTHERS)
def test_other_errors_are_not_swallowed(error: type[psycopg.Error]) -> None:
    with pytest.raises(error):
        Work({1}, error).off(range(10))


@pytest.mark.parametrize(
    ("parts", "rest"),
    [
        ([], [(0, 10)]),
        ([(0, 10)], []),
        ([(0, 12)], []),
        ([(2, 3), (5, 7)], [(0, 2), (3, 5), (7, 10)]),
        ([(5, 7), (2, 6)], [(0, 2), (7, 10)]),
        ([(0, 1), (9, 10)], [(1, 9)]),
    ],
)
def test_what_is_left_of_a_piece(parts: list[tuple[int, int]], rest: list[tuple[int, int]]) -> None:
    left = without(range(10), (range(first, last) for first, last in parts))
    assert [(batch.start, batch.stop) for batch in left] == rest
