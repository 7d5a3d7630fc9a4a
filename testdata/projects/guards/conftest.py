import pytest

import shop


@pytest.fixture(autouse=True)
def clean():
    saved = dict(shop.PRICES)
    yield
    shop.PRICES.clear()
    shop.PRICES.update(saved)
