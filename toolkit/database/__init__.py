"""Databases: addresses, connections, snapshots, copies, spool files."""
