"""The embedded PostgreSQL: its binaries, its server, and who still uses it."""
