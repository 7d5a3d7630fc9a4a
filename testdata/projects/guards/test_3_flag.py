import shop


def test_flag():
    assert not shop.FLAG
