"""A comparison with an earlier diagnosis: findings that are fixed, still there, and new."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from toolkit.errors import ParameterError
from toolkit.pages.report import Report, Since
from toolkit.settings import Settings


class Earlier:
    """An earlier diagnosis: its report.json, and the findings.csv beside it."""

    def __init__(self, file: Path, settings: Settings) -> None:
        """Read both files. A million findings take 100 MB of memory.

        Raises:
            ParameterError: if one is missing or damaged, or they are of another command or scope than `settings`.
        """
        self._file, self._settings, table = file, settings, file.with_name("findings.csv")
        for each in (file, table):
            if not each.is_file():
                raise ParameterError(
                    f"--since wants a report.json and the findings.csv beside it; no file {str(each)!r}"
                )
        try:
            self._report = Report.model_validate_json(file.read_bytes())
            self._findings = Counter(_identities(table, self._report))
        except OSError as error:
            raise ParameterError(f"cannot read {str(error.filename)!r}: {error.strerror}") from None
        except (ValueError, csv.Error, KeyError, TypeError):  # neither JSON nor UTF-8, another column, half a line
            raise ParameterError(f"{str(file)!r} and {table.name} are damaged, or not of a diagnosis") from None
        if (self._report.notebook, self._report.scope) != (settings.command, settings.scope):
            found = f"{self._report.notebook!r} with scope {self._report.scope!r}"
            raise ParameterError(f"{str(file)!r} is of {found}, this is {settings.command} with scope {settings.scope}")

    def compared(self, folder: Path, now: Report) -> Report:
        """Return the report of this run, whose files are in `folder`, with the counts since then; write it anew.

        Raises:
            ParameterError: if the earlier report is of other databases.
        """
        table = folder / "findings.csv"
        if not table.is_file():  # this run stopped
            return now
        if self._report.databases and self._report.databases != now.databases:
            raise ParameterError(f"{str(self._file)!r} is of other databases than {self._settings.supabase}")
        left, earlier = self._findings, self._findings.total()
        left.subtract(_identities(table, now))
        fixed = sum(count for count in left.values() if count > 0)
        since = Since(fixed=fixed, still=earlier - fixed, new=fixed - left.total())
        compared = now.model_copy(update={"since": since})
        compared.save(folder)
        return compared


def _identities(table: Path, of: Report) -> Iterator[int]:
    """Yield a hash of each finding's kind, agent, assistant and place.

    Raises:
        ValueError: if the table does not hold as many findings as its report counts.
    """
    csv.field_size_limit(sys.maxsize)  # the evidence of a row that serves many agents is long
    total = 0
    with table.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            total += int(row["count"])
            place = json.loads(row["evidence"]).get("place")
            yield hash((row["kind"], row["agent_id"], row["assistant_id"], place))
    if total != sum(of.findings.values()):
        raise ValueError(f"{total} findings")
