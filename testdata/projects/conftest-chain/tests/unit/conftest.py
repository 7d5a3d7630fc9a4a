import pytest


@pytest.fixture
def basket(basket):
    return [*basket, "milk"]
