"""The sandbox: practice databases and a practice server."""
