"""A plugin that a plugin names."""

import pytest

import house


@pytest.fixture
def silence():
    yield
    house.music.clear()
