import stall


def test_shelf():
    assert stall.steady_shelf("apple") == 0
