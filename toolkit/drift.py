"""In what do assistants differ from what Supabase says?"""

from collections import Counter
from collections.abc import Mapping

from toolkit import tables
from toolkit.database import Pair
from toolkit.diagnosis import Diagnosis
from toolkit.records import Finding, Record
from toolkit.verification import differing_settings


class Drift(Record):
    """The names of the parts that differ, and nothing of their content."""

    counts: Mapping[str, int]
    """How many assistants differ in each part, the most first; of a long list `config` is one part."""
    settings: Mapping[str, str]
    """Which settings of the config differ, of the first assistants, by id."""

    def parts(self, finding: Finding) -> str:
        """Tell in what one assistant differs."""
        columns = [column for column in finding.evidence["columns"] if column != "config"]
        config = [self.settings.get(finding.assistant_id or "", "config")] if "config" in finding.evidence["columns"] else []
        return ", ".join([*columns, *config])

    def __str__(self) -> str:
        return ", ".join(f"{part} {count:,}" for part, count in self.counts.items())


def drift(pair: Pair, diagnosis: Diagnosis) -> Drift:
    """Tell in what the drifted assistants differ; nothing is written."""
    rows = diagnosis.findings.rows("drift")
    told = Drift(counts={}, settings=differing_settings(pair, diagnosis, tables.fit(rows)))
    is_whole = rows == tables.fit(rows)
    counts = Counter(part for each in diagnosis.of("drift") for part in (told.parts(each).split(", ") if is_whole else each.evidence["columns"]))
    return told.model_copy(update={"counts": dict(counts.most_common())})
