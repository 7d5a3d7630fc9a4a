from unittest import mock

import stall


def test_usual_price():
    assert stall.price("pear") == 2


def test_made_up_price():
    patcher = mock.patch("stall.price", return_value=9)
    patcher.start()  # hint: [started-not-stopped]
    assert stall.price("pear") == 9
