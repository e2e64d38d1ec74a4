"""The terminal's lines of a run: its verdict, counts, agents by name, and what comes next."""

from pathlib import Path

import click

from toolkit import escaping, phrases
from toolkit.pages.html import TONES
from toolkit.pages.report import NAMED, Report

_COLOURS = {"broken": "red", "proven": "green", "information": "blue", "not asked": "bright_black"}


def shown(report: Report, folder: Path, since: Path | None, no_page: str) -> str:
    """Return what a command prints when its run has ended; `click.echo` takes the colour off where it is piped.

    `since` is the report that this one was compared with. `no_page` says why `folder` has no page, if it has none.
    """
    seen = report.at_a_glance
    word = click.style(f"{TONES[seen.tone][1]} {report.word.upper()}", fg=_COLOURS[seen.tone], bold=True)
    rows = [("", line) for line in seen.details]
    rows += [("failed", f"{check.name}: {check.detail}") for check in report.checks if check.passed is False]
    labels = ("returns", "removes") if report.notebook == "undo" else ("changes", "makes")  # of the run, taken back
    noted = {kind: count - report.opened.get(kind, 0) for kind, count in report.findings.items()}
    counted = (each.items() for each in (report.changes, report.made, report.opened, noted))
    for label, counts in zip((*labels, "open", "noted"), counted, strict=True):
        if said := ", ".join(f"{name} {count:,}" for name, count in counts if count):
            rows.append((label, said))
    if report.affected and report.said != "to clean up":
        rows.append(("agents", phrases.named(report.first_affected, report.affected, NAMED)))
    rows += [("read", line) for line in report.read]
    if report.since:
        rows.append(("since", f"{since}: {report.since}"))
    if report.plan:
        rows.append(("plan", f"{report.plan.mark}… (the beginning of its digest)"))
    rows += zip(("next", "", "then", ""), seen.next, strict=False)  # what for, and the command
    page = folder / f"{report.notebook}.html"
    rows.append(("page", str(page)) if page.exists() else ("report", f"{folder} (no page: {no_page})"))
    lines = (f"{label:<7} {escaping.terminal(text)}" for label, text in rows)
    return "\n".join((f"{word}: {escaping.terminal(report.headline)}", *lines))
