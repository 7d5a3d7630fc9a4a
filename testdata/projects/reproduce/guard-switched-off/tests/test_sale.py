import pytest

import stall


@pytest.fixture(autouse=True)
def usual_prices():  # hint: [guard-switched-off]
    assert stall.PRICES


def test_price():
    assert stall.price("apple") == 3


def test_sale():
    stall.PRICES["apple"] = 1
    assert stall.price("apple") == 1
