import pytest


@pytest.fixture
def orders():
    return ["apple"]


def test_order(orders):
    orders.append("pear")
    assert len(orders) == 2


def test_order_is_kept(orders):
    assert orders[-1] == "apple"
