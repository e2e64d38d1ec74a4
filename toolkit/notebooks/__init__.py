"""Notebooks run as commands."""
