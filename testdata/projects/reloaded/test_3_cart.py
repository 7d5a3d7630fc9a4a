import sys

from shop import cart


def test_one_module():
    import shop.cart as again

    assert again is cart
    assert sys.modules["shop.cart"] is cart
