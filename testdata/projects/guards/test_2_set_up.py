import pytest

import shop


@pytest.fixture(autouse=True)
def carts():
    saved = shop.CARTS[:]
    yield
    shop.CARTS[:] = saved


def setup_function(function):
    shop.CARTS.append("first")  # hint: [guard-switched-off]


def test_one():
    assert len(shop.CARTS) == 1


def test_other():
    assert len(shop.CARTS) == 1


class TestFlag:
    @pytest.fixture(autouse=True)
    def flag(self):
        saved = shop.FLAG
        yield
        shop.FLAG = saved

    def setup_method(self):
        shop.FLAG = True  # hint: [guard-switched-off]

    def test_flag(self):
        assert shop.FLAG
