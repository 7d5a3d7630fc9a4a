import pytest

import till


@pytest.fixture
def basket():
    return ["bread"]


@pytest.fixture(autouse=True)
def empty_till():
    """Takes the money out after every test."""
    yield
    till.taken.clear()
    till.open_drawers.clear()
