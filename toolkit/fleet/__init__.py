"""The fleet: many projects, looked at by worker processes or by a Dask cluster."""
