"""The result of a fleet: its exit status, its order and its page."""

from pathlib import Path

import pytest

from toolkit.errors import ParameterError
from toolkit.fleet.result import Fleet, Row, Verdict


def fleet(*verdicts: Verdict) -> Fleet:
    return Fleet.made_of([Row(name=f"{number}", verdict=verdict) for number, verdict in enumerate(verdicts)], None)


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        (("clean", "clean"), 0),
        (("clean", "mismatched"), 2),
        (("mismatched", "refused"), 3),
        (("mismatched", "refused", "timeout"), 1),
        (("broken", "clean"), 1),
    ],
)
def test_the_worst_target_decides_the_status(verdicts: tuple[Verdict, ...], status: int) -> None:
    assert fleet(*verdicts).exit_status == status


def test_the_page_says_first_how_many_were_looked_at_and_lists_the_worst_first(tmp_path: Path) -> None:
    rows = [
        Row(name="fine", verdict="clean", agents=5),
        Row(name="hangs", verdict="timeout", message="no end"),
        Row(name="bad", verdict="mismatched", agents=5, open=2, findings={"missing": 2}),
        Row(name="worse", verdict="broken", agents=5, open=9, findings={"wrong_id": 9}, message="page broke"),
    ]
    made = Fleet.made_of(rows, None)
    assert [row.name for row in made.targets] == ["worse", "bad", "hangs", "fine"]
    made.write(tmp_path)
    page = (tmp_path / "fleet.html").read_text()
    places = [page.index(text) for text in ("<h1>Looked at 3 of 4 projects", "2 damaged", "1 not looked at", "1 fine")]
    assert places == sorted(places)
    assert Fleet.read(tmp_path / "fleet.json") == made


@pytest.mark.parametrize(
    ("lost", "said"),
    [(5, "reach none of the agents"), (2, "do not reach 2 of the agents"), (0, "do not reach agents, asked as a user")],
)
def test_the_page_says_how_many_agents_users_do_not_reach_and_which_command_looks_again(
    lost: int, said: str, tmp_path: Path
) -> None:
    row = Row(name="bad", verdict="mismatched", users="unreachable", agents=5, lost=lost, open=5)
    Fleet.made_of([row], None).write(tmp_path, "assistant-toolkit fleet diagnose 'my targets.toml'")
    page = (tmp_path / "fleet.html").read_text()
    assert said in page
    assert ("in 1 of these they reach none" in page) == (lost == 5)
    assert "<pre>assistant-toolkit fleet diagnose &#39;my targets.toml&#39;</pre>" in page


@pytest.mark.parametrize(
    ("rows", "is_all_clear"), [(("clean",), True), (("refused",), False), (("clean", "broken"), False)]
)
def test_a_target_not_looked_at_is_no_all_clear(rows: tuple[Verdict, ...], is_all_clear: bool, tmp_path: Path) -> None:
    fleet(*rows).write(tmp_path)
    page = (tmp_path / "fleet.html").read_text()
    assert ("Whether they are damaged is not known" not in page) == is_all_clear
    assert ("✓" in page) == is_all_clear


def test_the_page_escapes_what_others_wrote(tmp_path: Path) -> None:
    said = "<script>alert(1)</script> \u202eevil & `x`"
    Fleet.made_of([Row(name="<b>", verdict="refused", message=said)], None).write(tmp_path)
    page = (tmp_path / "fleet.html").read_text()
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;b&gt;" in page
    assert r"&lt;script&gt;alert(1)&lt;/script&gt; \u202eevil &amp;" in page


@pytest.mark.parametrize("text", ["{}", "[]", '{"schema": 2, "looked_at": 0, "of": 0, "targets": []}', "\xff"])
def test_an_earlier_result_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    (file := tmp_path / "fleet.json").write_text(text)
    with pytest.raises(ParameterError, match="is damaged"):
        Fleet.read(file)
