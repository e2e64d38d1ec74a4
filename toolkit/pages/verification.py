"""The verification page: every check, and the way of the ids."""

from collections.abc import Sequence

from toolkit.database.connection import Pair
from toolkit.diagnosis import verification
from toolkit.diagnosis.diagnose import diagnose
from toolkit.diagnosis.findings import Diagnosis
from toolkit.diagnosis.verification import Check
from toolkit.pages import charts, html, verdicts
from toolkit.pages.html import HTML, Image
from toolkit.pages.result import Result, section
from toolkit.progress import progress
from toolkit.settings import VerifySettings


def checked(pair: Pair, settings: VerifySettings) -> "VerificationPage":
    """Diagnose, and check the tables, the next sync, and the answers over HTTP. Reads only.

    Raises:
        UnbelievableReadError: if what the role can see is not the whole truth.
        ParameterError: if the token's variable is not set.
    """
    diagnosis = diagnose(pair, settings.agents_in_scope)
    return VerificationPage(settings, diagnosis, verification.verify(pair, diagnosis, settings, progress))


class VerificationPage(Result[VerifySettings]):
    """A verification."""

    def __init__(self, settings: VerifySettings, diagnosis: Diagnosis, checks: Sequence[Check]) -> None:
        super().__init__(settings, diagnosis)
        self.report = verdicts.verified(settings, diagnosis, checks)

    @section
    def checks(self) -> HTML:
        """Show every check with its figure; long lists are not cut."""
        marks = {True: "✓ passed", False: "✗ failed", None: "– not made"}
        return html.answers({check.name: f"{marks[check.passed]}: {check.detail}" for check in self.report.checks})

    @section
    def round_trip(self) -> Image:
        """Draw the way of the agents' ids from Supabase to the front end, and where they fall out."""
        return charts.round_trip(self._diagnosis)
