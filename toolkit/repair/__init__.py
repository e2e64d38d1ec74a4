"""Repair: the plan, its application, the journal and undo."""

from toolkit.repair import practice as practice  # registers the preparation of sandbox:repaired
