import pytest


@pytest.fixture
def around_each():
    """Replaces the autouse fixture of this name above: nothing asks for it here."""


@pytest.fixture(scope="module")
def wide():
    return "wide"
