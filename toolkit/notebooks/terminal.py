"""The terminal's lines of a run: its verdict, counts, agents by name, and what comes next."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from toolkit import escaping, phrases
from toolkit.pages.html import TONES
from toolkit.pages.report import Report

_COLOURS = {"broken": "red", "proven": "green", "information": "blue", "not asked": "bright_black"}
_MOST_AGENTS = 20


def shown(report: Report, folder: Path, since: Path | None, no_page: str) -> str:
    """Return what a command prints when its run has ended; `click.echo` takes the colour off where it is piped.

    Args:
        report: the run's report.
        folder: the run's folder, with `findings.csv` and, if it was made, the page.
        since: the report that this one was compared with, if any.
        no_page: why there is no page, where there is none.
    """
    seen = report.at_a_glance
    word = click.style(f"{TONES[seen.tone][1]} {report.word.upper()}", fg=_COLOURS[seen.tone], bold=True)
    rows = [("", line) for line in seen.details]
    rows += [("failed", f"{check.name}: {check.detail}") for check in report.checks if check.passed is False]
    for label, tables in (("changes", report.changes), ("makes", report.made)):
        if tables:
            rows.append((label, ", ".join(f"{table} {count:,}" for table, count in tables.items())))
    counts = [row for row in _counts(folder) if row[0] != "agents" or report.said != "to clean up"]
    rows += [*counts, *(("read", line) for line in report.read)]
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


def _counts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the findings of each state by kind, and the agents with open ones by name."""
    counts: dict[str, Counter[str]] = {"open": Counter(), "noted": Counter()}
    agents: dict[str, None] = {}
    if (file := folder / "findings.csv").exists():
        with file.open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                counts[row["state"]][row["kind"]] += int(row["count"])
                if row["state"] == "open" and row["agent"]:
                    agents[row["agent"]] = None
    for state, kinds in counts.items():
        if kinds:
            yield state, ", ".join(f"{kind} {count:,}" for kind, count in kinds.items())
    if agents:
        yield "agents", phrases.named(agents, len(agents), _MOST_AGENTS)
