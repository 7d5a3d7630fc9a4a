import pytest

import stall


@pytest.fixture(autouse=True)
def usual_prices():
    saved = dict(stall.PRICES)
    yield
    stall.PRICES.clear()
    stall.PRICES.update(saved)
