import pytest

import shop


@pytest.fixture(autouse=True)
def clean():  # hint: [guard-switched-off]
    assert shop.open_up()


def test_tea():
    shop.PRICES["tea"] = 2
    assert shop.PRICES


def test_nothing():
    assert shop.PRICES == {}
