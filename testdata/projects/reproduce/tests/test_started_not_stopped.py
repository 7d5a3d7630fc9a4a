from unittest import mock

import stall


def test_usual_price():
    assert stall.price("apple") == 3


def test_made_up_price():
    patcher = mock.patch("stall.price", return_value=9)
    patcher.start()  # hint: [started-not-stopped]
    assert stall.price("apple") == 9
