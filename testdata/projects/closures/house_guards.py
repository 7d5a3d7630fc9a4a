"""Fixtures that conftests take over."""

import pytest

import house

__all__ = ["doors_shut", "_windows_shut"]


@pytest.fixture
def doors_shut():
    yield
    house.doors.clear()


@pytest.fixture
def _windows_shut():
    yield
    house.windows.clear()


@pytest.fixture(autouse=True)
def not_handed_on():
    raise AssertionError
