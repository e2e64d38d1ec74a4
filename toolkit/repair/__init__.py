"""The repair: plan, application, journal, undo."""

from toolkit.repair import practice as practice  # enters the preparation of sandbox:repaired
