"""Reconciliation in the lake: a file per year of claims.

A year's input is the fingerprint of its claims, of those of the same series in other years, and of the files of incidents in the
years that they cover. So a late report, a new claim, another version of the rules or a lost file changes the years that it
concerns and no other.
"""

import hashlib
import json
from typing import Any

from include.aggregate import VERSION
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, CLAIMS, INCIDENTS, RECONCILIATION, REPORTS
from include.datasets.lake import Lake, partition_of
from include.datasets.schema import UNDATED
