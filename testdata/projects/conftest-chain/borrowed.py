"""Fixtures for modules to import."""

import pytest


@pytest.fixture
def clean():
    return "clean"
