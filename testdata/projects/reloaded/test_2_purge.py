import sys

import shop.cart


def test_import_again():
    del sys.modules["shop.cart"]  # hint: [module-reload]
    from shop.cart import CARTS

    assert CARTS == []
