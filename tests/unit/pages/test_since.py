"""Earlier reports that a comparison refuses, before anything is connected to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from toolkit.errors import ParameterError
from toolkit.pages.report import FINDING_COLUMNS, Report
from toolkit.pages.since import Earlier
from toolkit.settings import DiagnoseSettings

HEAD = ",".join(FINDING_COLUMNS)
TABLE = f'{HEAD}\nmissing,open,A,a,o,,1,{{}}\ndangling_reference,noted,,,,x,2,"{{""place"": ""runs""}}"\n'
REPORT = Report(
    notebook="diagnose",
    verdict="mismatched",
    exit_status=2,
    scope="all",
    findings={"missing": 1, "dangling_reference": 2},
)


@pytest.fixture
def earlier(tmp_path: Path) -> Callable[..., Path]:
    def make(report: str = REPORT.to_json(), table: bytes = TABLE.encode()) -> Path:
        (file := tmp_path / "report.json").write_text(report)
        (tmp_path / "findings.csv").write_bytes(table)
        return file

    return make


def test_a_whole_report_is_taken(earlier: Callable[..., Path]) -> None:
    Earlier(earlier(), DiagnoseSettings())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"report": "{"}, "damaged, or not of a diagnosis"),
        ({"report": "[" * 100_000}, "damaged, or not of a diagnosis"),
        ({"report": "{}"}, "damaged, or not of a diagnosis"),
        ({"report": REPORT.model_copy(update={"notebook": "verify"}).to_json()}, "is of 'verify' with scope 'all'"),
        ({"report": REPORT.model_copy(update={"scope": "org:\x1b[1m"}).to_json()}, r"with scope 'org:\x1b[1m'"),
        ({"table": TABLE.encode()[: len(HEAD) + 30]}, "damaged, or not of a diagnosis"),
        ({"table": TABLE.encode()[:-20]}, "damaged, or not of a diagnosis"),
        ({"table": TABLE.replace("kind", "sort").encode()}, "damaged, or not of a diagnosis"),
        ({"table": b"\xff\x00"}, "damaged, or not of a diagnosis"),
        ({"table": b""}, "damaged, or not of a diagnosis"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    changed: dict[str, object], said: str, earlier: Callable[..., Path]
) -> None:
    with pytest.raises(ParameterError) as refused:
        Earlier(earlier(**changed), DiagnoseSettings())
    assert said in str(refused.value)


def test_a_file_that_is_not_there_or_is_a_device_is_refused(earlier: Callable[..., Path]) -> None:
    (file := earlier()).with_name("findings.csv").unlink()
    for each in (file, file.with_name("none.json"), Path("/dev/zero"), file.parent):
        with pytest.raises(ParameterError, match="no file '"):
            Earlier(each, DiagnoseSettings())
