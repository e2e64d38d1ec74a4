"""Results: what a call returns, shown as its verdict, with the parameters and the moment it is of."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property, wraps
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Concatenate, Generic, Never, ParamSpec, TypeVar

from toolkit import kernel, phrases
from toolkit.database.connection import Pair
from toolkit.diagnosis.diagnose import diagnose
from toolkit.pages import html, report, verdicts, words
from toolkit.pages.html import HTML
from toolkit.pages.report import Glance, Report
from toolkit.settings import Settings

_FRESH = timedelta(hours=1)
_LATER = frozenset({"report_dir", "apply", "digest"})
"""Parameters that a result does not depend on: they say what is done with it."""

Given = ParamSpec("Given")
Shown = TypeVar("Shown")
Of = TypeVar("Of", bound="Result[Any]")
Chosen = TypeVar("Chosen", bound=Settings)


def section(method: Callable[Concatenate[Of, Given], Shown]) -> Callable[Concatenate[Of, Given], Shown]:
    """Make a method of a result, which shows a part of it, say first when the result is old."""

    @wraps(method)
    def shown(self: Of, /, *args: Given.args, **named: Given.kwargs) -> Shown:
        with self.outdated_said():
            return method(self, *args, **named)

    return shown


class frame(cached_property[Shown]):  # noqa: N801 - used as cached_property is
    """A property of a result, made once, which says first when the result is old.

    Each use has a copy of the frame: a slip in one cell changes nothing that another shows.
    """

    def __get__(self, result: Any, owner: Any = None) -> Shown:  # type: ignore[override]
        if result is None:
            return self  # type: ignore[return-value]
        with result.outdated_said():
            made = super().__get__(result, owner)
        return made.copy() if hasattr(made, "copy") else made  # type: ignore[no-any-return]

    def __set__(self, result: Any, value: Any) -> Never:  # with it, __get__ is called where the value is cached, too
        raise AttributeError(f"{self.attrname} cannot be set")


def made(folder: Path | str) -> Path:
    """Return a folder for reports, made unless it is there; for its owner alone."""
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(folder)


class Result(Generic[Chosen]):
    """What a call found or did, shown as its verdict. A dot and Tab list what else there is to look at."""

    template: ClassVar[str]
    """The template with the page's words."""
    plans: ClassVar = False
    """Whether a plan is made of its diagnosis."""
    _is_saying = False
    """Whether a call goes on that has said why the result is not of now."""
    report: Report
    """The verdict, as `report.json` has it."""
    _to_tell: Sequence[tuple[str, str]] = ()
    """The users to tell what no repair moves, each with what stays."""

    def __init__(self, pair: Pair, settings: Chosen) -> None:
        self.settings = settings
        self._diagnosis = diagnose(pair, settings.agents_in_scope, for_plan=self.plans)
        self.made = datetime.now(UTC)
        self._given = self._present()

    def _present(self) -> dict[str, Any]:
        return dict(kernel.parameters(type(self.settings).model_fields.keys()))

    @property
    def outdated(self) -> str:
        """Why the result is not of now, as in `this is of scope='all', 11:03 UTC: run from the top`; else empty."""
        present, made = self._present(), f"{self.made:%H:%M} UTC"
        given = {name: value for name, value in self._given.items() if name not in _LATER}
        changed = [name for name, value in given.items() if present.get(name, value) != value]
        if changed:
            of = ", ".join(f"{name}={self._given[name]}" for name in changed)
            return f"this is of {of}, {made}; the parameters were changed since: run from the top"
        if datetime.now(UTC) - self.made > _FRESH:
            return f"this is of {self.made:%Y-%m-%d} {made}: run from the top"
        return ""

    @contextmanager
    def outdated_said(self, note: str = "") -> Iterator[None]:
        """Show first why the result is not of now, if it is not, or another note; once, whatever is called within."""
        if not self._is_saying and (note := self._note() + note):
            from IPython.display import display  # half a second, for what is rarely said

            display(HTML(note))
        before, self._is_saying = self._is_saying, True
        try:
            yield
        finally:
            self._is_saying = before

    def _note(self) -> str:
        return html.head("broken", "outdated", [self.outdated]) if self.outdated else ""

    def _say(self, block: str, **facts: Any) -> dict[str, list[str]]:
        """Fill one block of the page's template, and return its answers by question."""
        known = {
            "settings": self.settings,
            "report": self.report,
            "diagnosis": self._diagnosis,
            "lost": self.report.lost,
            "unopened": self._diagnosis.findings.count("missing", False),
            "checks": self.report.checks,
            **verdicts.answered(self.report.checks),
            "unasked": [name for check in self.report.checks for name in check.unasked],
            "command": self.settings.command_line,
            "verify_command": verdicts.verify_command(self.settings),
        }
        return words.answers(self.template, known | facts, block)

    def _glance(self, facts: dict[str, Any]) -> None:
        """Put into the report what one sees first: block `head` of the page's template."""
        answers = self._say("head", **facts).items()
        said = {name: tuple(line.replace(words.CODE, "`") for line in lines) for name, lines in answers}
        headline, *details = said.pop("")
        (title,), (tone,), command = said.pop("Title"), said.pop("Tone"), said.pop("Next", ())
        first = {"headline": headline, "details": details, "title": title, "tone": tone, "next": command}
        began = facts.get("began") if "Since" in said else None
        glance = Glance.model_validate({**first, "tiles": said, "began": began})
        self.report = self.report.model_copy(update={"glance": glance})

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name not in ("made", "settings", "template")]

    def __repr__(self) -> str:
        return "\n".join(filter(None, (self.outdated, repr(self.report))))

    def _repr_html_(self) -> str:
        return self._note() + self.report._repr_html_()

    def write(self) -> Report:
        """Write the files of `save` into the report folder, if there is one; return the verdict."""
        is_moved = self._present().get("report_dir") != self._given.get("report_dir")
        where = f"The files go to {self.settings.report_dir}" if self.settings.report_dir else "No file is written"
        told = [f"report_dir was changed since. {where}: run from the top"] if is_moved else []
        with self.outdated_said(html.head("broken", "outdated", told) if told else ""):
            self._write(self.save, "plan.sql", "threads.csv", "findings.csv", "report.json")
        return self.report

    def save(self, folder: Path | str) -> None:
        """Write `report.json` and `findings.csv` into `folder`, which is made unless it is there.

        Write `users.csv`, too, where users are to be told something.
        """
        folder = made(folder)
        names = report.write_findings(folder, self._diagnosis.findings)
        first = tuple(islice(names, phrases.fit(len(names), report.NAMED)))
        self.report = self.report.model_copy(update={"affected": len(names), "first_affected": first})
        if self._to_tell:
            report.write_table(folder / "users.csv", ("user", "what stays"), self._to_tell)
        self.report.save(folder)

    def _write(self, save: Callable[[Path], None], *files: str) -> None:
        """Let `save` write `files` into the report folder, if there is one. Where it cannot, the verdict stands."""
        if folder := self.settings.report_folder:
            try:
                save(made(folder))
            except OSError as error:
                for half in files:
                    with suppress(OSError):
                        (folder / half).unlink()
                kernel.hand_over(self.report.to_json(), f"{error.filename or folder} ({error.strerror})")
