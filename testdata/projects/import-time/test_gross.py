import os

from shop.tax import rate

os.environ["TAX_RATE"] = "20"  # hint: [import-time-state]


def test_gross():
    assert 100 + rate() == 120
