import pytest

from include.datasets.lake import Lake


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")
