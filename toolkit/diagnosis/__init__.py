"""The diagnosis: findings, cause, exposure, drift, verification."""
