import stall


def test_price():
    assert stall.PRICES["apple"] == 3


def test_sale():
    stall.PRICES["apple"] = 1  # hint: [shared-state-leak]
    assert stall.price("apple") == 1
