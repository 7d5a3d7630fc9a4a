import pytest


@pytest.fixture
def level(level):
    return [*level, "tests"]


@pytest.fixture(autouse=True)
def around_each():
    yield
