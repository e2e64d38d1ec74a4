"""Saved plans, which load as they were or are refused."""

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.constants import ONE, TWO
from toolkit import __version__
from toolkit.database.spool import Spool
from toolkit.repair import planfile
from toolkit.repair.plan import Left, Move, Plan, Step
from toolkit.repair.planfile import UnusablePlanError
from toolkit.repair.planning import chosen


def step(kind: str, finding: str, agent_id: str = ONE, assistant_id: str | None = None, **more: Any) -> Step:
    values = {"agent_name": "Ä", "canonical_id": agent_id, "expects": "f" * 32, **more}
    return Step(kind=kind, finding=finding, agent_id=agent_id, assistant_id=assistant_id, **values)


REKEY, COPY = step("rekey", "wrong_id", assistant_id="1" * 32), step("remove", "duplicate", assistant_id="2" * 32)

ADOPT, WRITE_BACK = step("adopt", "conflict", assistant_id=ONE), step("write_back", "not_written_back", expects=None)

DRIFT = step("update", "drift", assistant_id="1" * 32)

ORPHAN = step("remove", "orphan", TWO, "3" * 32, canonical_id=None)

PLAN = Plan(
    toolkit_version=__version__,
    supabase_fingerprint="7:1",
    langgraph_fingerprint="7:2",
    scope="all",
    steps=Spool(Step, [REKEY, COPY]),
    moves=Spool(Move, [Move(place="runs.assistant_id", agent_id=ONE, agent_name="Ä", rows=3)]),
    left=Spool(Left, [Left(finding="drift", agent_id=ONE, agent_name="Ä", assistant_id="1" * 32, reason="later")]),
)


def test_saved_plan_comes_back_equal(tmp_path: Path) -> None:
    planfile.save(PLAN, tmp_path / "plan.json")
    assert planfile.load(tmp_path / "plan.json") == PLAN
    assert planfile.load(tmp_path / "plan.json").digest == PLAN.digest


def test_equal_plans_are_saved_as_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        planfile.save(PLAN.model_copy(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_plan_with_any_byte_changed_is_refused_or_the_same(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    planfile.save(PLAN, file)
    whole = file.read_bytes()
    refused = 0
    for position, byte in enumerate(whole):
        file.write_bytes(whole[:position] + bytes([byte ^ 1]) + whole[position + 1 :])
        try:
            assert planfile.load(file) == PLAN, whole[:position]
        except UnusablePlanError:
            refused += 1
    assert UnusablePlanError.exit_status == 3
    assert refused > 0.8 * len(whole)  # the rest is white space


@pytest.mark.parametrize("where", ["plan", "steps", "top"])
def test_plan_with_something_added_is_refused(tmp_path: Path, where: str) -> None:
    file = tmp_path / "plan.json"
    planfile.save(PLAN, file)
    content = json.loads(file.read_text())
    {"plan": content["plan"], "steps": content["plan"]["steps"][0], "top": content}[where]["more"] = "unseen"
    file.write_text(json.dumps(content))
    with pytest.raises(UnusablePlanError):
        planfile.load(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"toolkit_version": "99.0"}, "made by toolkit 99.0"),
        ({"schema_version": 3}, "has plan schema 3; toolkit .* reads schema 5"),
    ],
)
def test_plan_of_another_version_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = tmp_path / "plan.json"
    planfile.save(PLAN.model_copy(update=change), file)
    with pytest.raises(UnusablePlanError, match=message):
        planfile.load(file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"rekey"', '"drop"'),
        ('"scope": "all"', f'"scope": "org:{TWO}"'),
        ('"7:2"', '"8:2"'),
    ],
)
def test_plan_that_was_changed_is_refused(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "plan.json"
    planfile.save(PLAN, file)
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(UnusablePlanError, match="changed after it was made"):
        planfile.load(file)


def test_plan_is_told_agent_by_agent() -> None:
    of_two = Move(place="runs.assistant_id", agent_id=TWO, agent_name="B", rows=1)
    plan = PLAN.model_copy(update={"moves": Spool(Move, [*PLAN.moves, of_two])})
    assert [(each.agent_id, each.agent_name, each.steps, each.moves) for each in plan.agents()] == [
        (ONE, "Ä", (REKEY, COPY), tuple(PLAN.moves)),
        (TWO, "B", (), (of_two,)),
    ]


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"7", b"\xff", b"no", b'{"plan": [], "digest": 1}'])
def test_file_that_is_no_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plan.json").write_bytes(content)
    with pytest.raises(UnusablePlanError):
        planfile.load(tmp_path / "plan.json")


def resealed(lines: bytes) -> bytes:
    """Give changed lines of a plan a digest that fits."""
    return b'{"digest": "%s",\n%s' % (hashlib.sha256(lines).hexdigest().encode(), lines)


IMPOSSIBLE = {
    "a row overwritten while another is compared": step("adopt", "hidden", assistant_id=TWO),
    "another agent's assistant overwritten": step("update", "drift", assistant_id=ONE, canonical_id=TWO),
    "any text written back": step("write_back", "not_written_back", canonical_id="../admin"),
    "another agent's id written back": step("write_back", "not_written_back", canonical_id=TWO),
    "another agent's id taken": step("rekey", "wrong_id", assistant_id="1" * 32, canonical_id=TWO),
    "an id given to itself": step("rekey", "wrong_id", assistant_id=ONE),
    "a row made of another": step("create", "missing", assistant_id="1" * 32),
    "a user's row removed": step("remove", "stray", assistant_id="1" * 32),
    "nothing removed": step("remove", "duplicate"),
    "no hash": step("rekey", "wrong_id", assistant_id="1" * 32, expects=None),
    "an orphan replaced": step("remove", "orphan", assistant_id="1" * 32),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_plan_with_a_step_that_no_diagnosis_makes_is_refused(tmp_path: Path, what: str) -> None:
    file = tmp_path / "plan.json"
    planfile.save(PLAN.model_copy(update={"steps": Spool(Step, [IMPOSSIBLE[what]])}), file)
    with pytest.raises(UnusablePlanError, match="a step that no diagnosis makes"):
        planfile.load(file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ONE.encode(), ONE.upper().encode()),
        (ONE.encode(), b"1; DROP TABLE"),
        (b'"scope": "all"', b'"scope": "none"'),
        (b'"scope": "all"', b'"scope": "org:1"'),
        (b'"startup_sync": ""', b'"startup_sync": "some"'),
        (b'"only": []', b'"only": ["everything"]'),
        (b'"allow": []', b'"allow": ["conflict"]'),
        (b'"allow": []', b'"allow": ' + b"[" * 100_000 + b"]" * 100_000),
        (b'"rows":3', b'"rows":' + b"[" * 100_000 + b"]" * 100_000),
        (b'"rows":3', b'"rows":3,"rows":3'),
        (b'"rows":3', b'"rows":"3"'),
        (b'"scope": "all"', b'"scope": "all", "scope": "all"'),
        ("Ä".encode(), b"\xff"),
        ("Ä".encode(), b"\\ud800"),
    ],
)
def test_plan_with_another_type_or_shape_is_refused_though_its_digest_fits(
    tmp_path: Path, old: bytes, new: bytes
) -> None:
    file = tmp_path / "plan.json"
    planfile.save(PLAN, file)
    lines = file.read_bytes().split(b"\n", 1)[1]
    assert old in lines
    file.write_bytes(resealed(lines.replace(old, new)))
    with pytest.raises(UnusablePlanError, match=r"plan\.json (is not a plan|was changed)"):
        planfile.load(file)


def test_plan_whose_steps_are_not_by_agent_is_refused(tmp_path: Path) -> None:
    planfile.save(PLAN.model_copy(update={"steps": Spool(Step, [ORPHAN, REKEY])}), tmp_path / "plan.json")
    with pytest.raises(UnusablePlanError, match="is not a plan"):
        planfile.load(tmp_path / "plan.json")


def test_what_is_no_regular_file_or_too_large_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(10 * 2**30)  # sparse: takes no space
    for file in (tmp_path, tmp_path / "fifo", Path("/dev/zero"), tmp_path / "large"):
        with pytest.raises(UnusablePlanError, match="expected a regular file of at most 4 GiB"):
            planfile.load(file)


def test_saved_plan_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "there").touch(0o644)
    for name in ("there", "new"):
        planfile.save(PLAN, tmp_path / name)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnusablePlanError, match=r"plan\.json: No such file"):
        planfile.load(tmp_path / "plan.json")


@pytest.mark.parametrize(
    ("candidates", "only", "allow", "picked"),
    [
        ([REKEY, COPY, DRIFT], [], [], [REKEY, COPY]),
        ([REKEY, COPY, DRIFT], [], ["drift"], [REKEY, COPY, DRIFT]),
        ([REKEY, COPY], ["duplicate"], [], []),  # a copy goes only when the canonical row is there
        ([COPY], ["duplicate"], [], [COPY]),
        ([REKEY, COPY], ["wrong_id"], [], [REKEY]),
        ([REKEY, ORPHAN], [TWO], ["orphan"], [ORPHAN]),
        ([REKEY, ORPHAN], [], [], [REKEY]),
        ([ADOPT, WRITE_BACK, COPY], [], [], []),
        ([ADOPT, WRITE_BACK, COPY], [], [f"conflict:{TWO}"], []),
        ([ADOPT, WRITE_BACK, COPY], [], ["conflict"], []),
        ([ADOPT, WRITE_BACK, COPY], [], [f"conflict:{ONE}"], [ADOPT, WRITE_BACK, COPY]),
    ],
)
def test_steps_are_picked_when_asked_for_and_possible(
    candidates: list[Step], only: list[str], allow: list[str], picked: list[Step]
) -> None:
    assert list(chosen(candidates, only, allow)) == picked


def test_steps_of_one_agent_are_picked_without_comparing_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent with 5,000 copies took two minutes."""
    copies = [step("remove", "duplicate", assistant_id=str(number) * 32) for number in range(3)]
    monkeypatch.setattr(Step, "__eq__", lambda *_: pytest.fail("two steps were compared"))
    assert [each.assistant_id for each in chosen([REKEY, *copies], [], [])] == [
        REKEY.assistant_id,
        "0" * 32,
        "1" * 32,
        "2" * 32,
    ]
