import stall


def test_shelf():
    assert stall.shelf("apple") == 0  # hint: [hash-or-address-literal]
