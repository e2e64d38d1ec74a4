"""The terminal's lines of a run: its verdict, counts, agents by name, and what comes next."""

from pathlib import Path

import click

from toolkit import escaping, phrases
from toolkit.pages.html import TONES
from toolkit.pages.report import NAMED, Report

_COLOURS = {"broken": "red", "proven": "green", "information": "blue", "not asked": "bright_black"}


def shown(report: Report, folder: Path, since: Path | None, no_page: str) -> str:
    """Return what a command prints when its run has ended; `click.echo` takes the colour off where it is piped.

    Args:
        report: the run's report.
        folder: the run's folder, with the page if it was made.
        since: the report that this one was compared with, if any.
        no_page: why there is no page, where there is none.
    """
    seen = report.at_a_glance
    word = click.style(f"{TONES[seen.tone][1]} {report.word.upper()}", fg=_COLOURS[seen.tone], bold=True)
    rows = [("", line) for line in seen.details]
    rows += [("failed", f"{check.name}: {check.detail}") for check in report.checks if check.passed is False]
    labels = ("returns", "removes") if report.notebook == "undo" else ("changes", "makes")  # of the run, taken back
    for label, tables in zip(labels, (report.changes, report.made), strict=True):
        if tables:
            rows.append((label, ", ".join(f"{table} {count:,}" for table, count in tables.items())))
    noted = {kind: count - report.opened.get(kind, 0) for kind, count in report.findings.items()}
    for label, kinds in (("open", report.opened), ("noted", noted)):
        if counted := ", ".join(f"{kind} {count:,}" for kind, count in kinds.items() if count):
            rows.append((label, counted))
    if report.affected and report.said != "to clean up":
        rows.append(("agents", phrases.named(report.first_affected, report.affected, NAMED)))
    rows += [("read", line) for line in report.read]
    if report.since:
        rows.append(("since", f"{since}: {report.since}"))
    if report.plan:
        rows.append(("plan", f"{report.plan.mark}… (the beginning of its digest)"))
    steps = zip(seen.next[::2], seen.next[1::2], strict=True)
    rows += [
        row for label, step in zip(("next", "then"), steps, strict=False) for row in zip((label, ""), step, strict=True)
    ]
    page = folder / f"{report.notebook}.html"
    rows.append(("page", str(page)) if page.exists() else ("report", f"{folder} (no page: {no_page})"))
    lines = (f"{label:<7} {escaping.terminal(text)}" for label, text in rows)
    return "\n".join((f"{word}: {escaping.terminal(seen.headline)}", *lines))
