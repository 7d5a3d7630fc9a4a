from shop.tax import rate


def test_net():
    assert 100 + rate() == 100
