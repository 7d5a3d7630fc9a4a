"""A plugin of the project."""

import pytest

import house

pytest_plugins = ["house_second_plugin"]


@pytest.fixture
def guests_gone():
    yield
    house.guests.clear()
