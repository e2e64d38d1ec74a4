"""The verification page: every check, and the way of the ids."""

from collections import Counter

from toolkit.database.connection import Pair
from toolkit.diagnosis import cause, verification
from toolkit.pages import charts, html, verdicts
from toolkit.pages.html import HTML, Image
from toolkit.pages.result import Result, section
from toolkit.progress import progress
from toolkit.settings import VerifySettings


class VerificationPage(Result[VerifySettings]):
    """A verification: the checks of the tables, of the next sync, and of the answers over HTTP."""

    template = "verification"

    def __init__(self, pair: Pair, settings: VerifySettings) -> None:
        super().__init__(pair, settings)
        checks = verification.verify(pair, self._diagnosis, settings, progress)
        # a practice database has no server
        is_old = not settings.is_practice and cause.still_old(pair, self._diagnosis, checks)
        self.report = verdicts.verified(settings, self._diagnosis, checks, is_old)
        results = Counter(check.passed for check in checks)
        self._glance({"is_old": is_old, "passed": results[True], "failed": results[False], "skipped": results[None]})

    @section
    def checks(self) -> HTML:
        """Show every check with its figure; long lists are not cut."""
        marks = {True: "✓ passed", False: "✗ failed", None: "– not made"}
        return html.answers({check.name: [f"{marks[check.passed]}: {check.detail}"] for check in self.report.checks})

    @section
    def round_trip(self) -> Image:
        """Draw how many agents users reach, and where the others get lost."""
        return charts.round_trip(self._diagnosis, self.report.checks)
