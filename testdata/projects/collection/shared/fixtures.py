"""Fixtures that a conftest brings in with a star."""

import pytest

__all__ = ["brought", "brought_by_itself"]


@pytest.fixture
def brought():
    return "brought"


@pytest.fixture(autouse=True)
def brought_by_itself():
    yield


@pytest.fixture
def _kept_back():
    return "kept back"
