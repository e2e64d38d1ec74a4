"""Reports for CI: JUnit XML and GitHub's Markdown summary."""

from xml.etree import ElementTree

from toolkit.escaping import markdown as plain
from toolkit.escaping import xml
from toolkit.pages.report import GOOD, Report


def junit(report: Report) -> bytes:
    """Return a report as JUnit XML: a case for the verdict, each kind of finding and each check."""
    suite = ElementTree.Element("testsuite", name=f"assistant-toolkit {report.notebook}", time=str(report.seconds))

    def add_case(name: str) -> ElementTree.Element:
        return ElementTree.SubElement(suite, "testcase", classname=suite.get("name", ""), name=name)

    verdict = add_case("verdict")
    if report.exit_status != 0:
        ElementTree.SubElement(verdict, "failure", message=xml(f"{report.verdict}: {report.message}"))
    for kind, count in report.findings.items():
        ElementTree.SubElement(add_case(f"findings.{kind}"), "system-out").text = f"{count} found"
    for check in report.checks:
        case = add_case(f"checks.{xml(check.name)}")
        if check.passed is None:
            ElementTree.SubElement(case, "skipped")
        elif not check.passed:
            ElementTree.SubElement(case, "failure", message=xml(check.detail))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("*/failure"))))
    suite.set("skipped", str(len(suite.findall("*/skipped"))))
    return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def markdown(report: Report) -> str:
    """Return a report as Markdown, for GitHub Actions' page of a run (`GITHUB_STEP_SUMMARY`)."""
    mark = "➡️" if report.is_only_planned else "✅" if report.verdict in GOOD else "❌"
    lines = [f"## {mark} {report.notebook}: {report.word}", "", plain(report.message), ""]
    if found := [(kind, count) for kind, count in report.findings.items() if count]:
        lines += ["| kind | findings |", "|---|---:|", *(f"| `{kind}` | {count} |" for kind, count in found), ""]
    if report.checks:
        marks = {True: "✅ passed", False: "❌ failed", None: "not made"}
        rows = (f"| {plain(check.name)} | {marks[check.passed]} | {plain(check.detail)} |" for check in report.checks)
        lines += ["| check | result | detail |", "|---|---|---|", *rows, ""]
    return "\n".join(lines) + "\n"
