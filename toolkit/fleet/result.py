"""The result of a fleet: a row for each target, `fleet.json` and `fleet.html`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel, Field

from toolkit import __version__, phrases
from toolkit.catalog.kinds import explained
from toolkit.errors import ParameterError
from toolkit.escaping import visible
from toolkit.notebooks.runner import kept
from toolkit.pages.report import Report

Verdict = Literal["clean", "mismatched", "refused", "broken", "timeout"]

_STATUS: dict[Verdict, int] = {"broken": 1, "timeout": 1, "refused": 3, "mismatched": 2, "clean": 0}
"""Exit statuses, the worst first."""

_LISTED = 10
"""Names that a sentence lists."""


class Row(BaseModel, frozen=True):
    """What was found about one target."""

    name: str
    verdict: Verdict
    users: str | None = None
    """Whether users reach their agents, as `report.json` says it."""
    agents: int = 0
    lost: int = 0
    """Agents that users do not reach, as the tables say."""
    open: int = 0
    findings: dict[str, int] = {}
    seconds: float = 0.0
    page: str | None = None
    """The path of its page, from the folder of `fleet.html`."""
    message: str = ""

    @classmethod
    def of(cls, name: str, report: Report) -> Self:
        """Return the row of a target that was looked at."""
        facts = report.model_dump(include={"verdict", "users", "agents", "lost", "open", "seconds", "message"})
        return cls(name=name, findings={kind: count for kind, count in report.findings.items() if count}, **facts)

    @property
    def is_looked_at(self) -> bool:
        """Whether its databases were compared. Its page may still have failed."""
        return self.verdict in ("clean", "mismatched") or bool(self.agents or self.findings)

    @property
    def is_damaged(self) -> bool:
        """Whether a person has to repair it."""
        return self.verdict == "mismatched" or self.open > 0


class Fleet(BaseModel, frozen=True):
    """`fleet.json`: every target's row, the worst first. Kept stable."""

    schema_: Literal[1] = Field(1, alias="schema")
    looked_at: int
    of: int
    targets: list[Row]
    since: dict[str, list[str]] | None = None
    """Damaged targets that are new, still there and gone since an earlier result; and those not looked at now."""

    @classmethod
    def made_of(cls, rows: Iterable[Row], earlier: "Fleet | None") -> "Fleet":
        """Sort the rows, and compare them with an earlier result."""
        targets = sorted(rows, key=_how_bad)
        seen = {row.name for row in targets if row.is_looked_at}
        since = None
        if earlier:
            before, now = ({row.name for row in each if row.is_damaged} for each in (earlier.targets, targets))
            named = {"new": now - before, "still": now & before, "gone": before & seen - now, "unknown": before - seen}
            since = {word: sorted(names) for word, names in named.items()}
        return cls(looked_at=len(seen), of=len(targets), targets=targets, since=since)

    @classmethod
    def read(cls, file: Path) -> "Fleet":
        """Read an earlier result.

        Raises:
            ParameterError: if it is missing or damaged.
        """
        try:
            return cls.model_validate_json(file.read_bytes())
        except OSError as error:
            raise ParameterError(f"cannot read {str(file)!r}: {error.strerror}") from None
        except ValueError:
            raise ParameterError(f"{str(file)!r} is damaged, or not the fleet.json of an earlier run") from None

    @property
    def exit_status(self) -> int:
        """The worst target's status: broken or timeout 1, then refused 3, then mismatched 2, else 0."""
        found = {row.verdict for row in self.targets}
        return next(status for verdict, status in _STATUS.items() if verdict in found)

    def lines(self) -> list[str]:
        """Return what the terminal shows: the counts, and the worst targets."""
        counts = Counter(row.verdict for row in self.targets)
        counted = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _STATUS if verdict in counts)
        worst = [row for row in self.targets if row.verdict != "clean"]
        shown = worst[: phrases.fit(len(worst))]
        more = [f"  … and {len(worst) - len(shown)} more"] if len(worst) > len(shown) else []
        since = [f"  {word}: {_listed(names)}" for word, names in (self.since or {}).items() if names]
        rows = [f"  {row.verdict:<10} {row.name}: {row.message}" for row in shown]
        return [f"Looked at {self.looked_at} of {self.of}: {counted}", *rows, *more, *since]

    def write(self, folder: Path, again: str = "", unwritten: list[str] | None = None) -> None:
        """Write `fleet.html`, with the command that looks `again`, and, last, `fleet.json`, as `kept` does."""
        loader = FileSystemLoader(Path(__file__).parent)
        templates = Environment(loader=loader, autoescape=True, finalize=_shown, trim_blocks=True, lstrip_blocks=True)
        templates.filters |= {"counted": phrases.counted, "quote": quote, "listed": _listed}
        made = phrases.moment(datetime.now(UTC))
        facts = {"fleet": self, "again": again, "made": made, "version": __version__, "explained": explained}
        page = templates.get_template("fleet.html.j2").render(facts)
        for name, text in {"fleet.html": page, "fleet.json": self.model_dump_json(by_alias=True, indent=1)}.items():
            with kept(folder / name, [] if unwritten is None else unwritten) as file:
                file.write_text(f"{text}\n", encoding="utf-8")


def _how_bad(row: Row) -> tuple[bool | int | str, ...]:
    """Damaged first, those that users notice before the others; then those not looked at."""
    return not row.is_damaged, row.is_looked_at, row.users != "unreachable", -row.open, row.name


def _listed(names: Sequence[str]) -> str:
    return phrases.named(names, len(names), _LISTED)


def _shown(value: object) -> object:
    """Spell out what acts in other people's text. A macro's HTML is not such a text."""
    return visible(value) if type(value) is str else value
