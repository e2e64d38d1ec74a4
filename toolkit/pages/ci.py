"""Reports for CI: JUnit XML and GitHub's Markdown summary."""

from collections.abc import Iterable
from xml.etree import ElementTree

from toolkit.pages.report import GOOD, Report


def junit(report: Report) -> bytes:
    """Tell a report as JUnit XML: one case for each check and each kind of finding, and the verdict, failed where it is bad."""
    suite = ElementTree.Element("testsuite", name=f"assistant-toolkit {report.notebook}", time=str(report.seconds))
    bad = report.exit_status != 0
    _case(suite, "verdict", f"{report.verdict}: {report.message}" if bad else None)
    for kind, count in report.findings.items():
        _case(suite, f"findings.{kind}", None, f"{count} found")
    for check in report.checks:
        _case(
            suite, f"checks.{check.name}", check.detail if check.passed is False else None, skipped=check.passed is None
        )
    cases: Iterable[ElementTree.Element] = list(suite)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def _case(
    suite: ElementTree.Element, name: str, failure: str | None, output: str = "", *, skipped: bool = False
) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=suite.get("name", ""), name=name)
    if failure is not None:
        ElementTree.SubElement(case, "failure", message=failure)
    if skipped:
        ElementTree.SubElement(case, "skipped")
    if output:
        ElementTree.SubElement(case, "system-out").text = output


def markdown(report: Report) -> str:
    """Tell a report as Markdown, as GitHub Actions shows it on a run's page (`GITHUB_STEP_SUMMARY`)."""
    mark = "➡️" if report.is_only_planned else "✅" if report.verdict in GOOD else "❌"
    lines = [f"## {mark} {report.notebook}: {report.word}", "", _plain(report.message), ""]
    if found := [(kind, count) for kind, count in report.findings.items() if count]:
        lines += ["| kind | findings |", "|---|---:|", *(f"| `{kind}` | {count} |" for kind, count in found), ""]
    if report.checks:
        marks = {True: "✅ passed", False: "❌ failed", None: "not made"}
        lines += ["| check | result | detail |", "|---|---|---|"]
        lines += [
            f"| {_plain(check.name)} | {marks[check.passed]} | {_plain(check.detail)} |" for check in report.checks
        ]
        lines.append("")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Escape what Markdown or HTML would take for its own."""
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())
