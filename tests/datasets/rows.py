"""Rows for tests that care for few of their columns."""

from include.datasets.catalogue import MONTHLY_TALLIES

NO_INCIDENTS = {column.name: 0 for column in MONTHLY_TALLIES.columns if column.required}
"""A row of monthly_tallies that counts nothing."""
