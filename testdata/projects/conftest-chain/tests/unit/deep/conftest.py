import pytest


@pytest.fixture
def basket(basket):
    return [*basket, "salt"]


@pytest.fixture(autouse=True)
def empty_till(empty_till):
    """Requests the guard that it overrides, and so keeps it."""
    yield
