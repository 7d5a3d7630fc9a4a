import stall


def test_sum():
    assert stall.gross(200) == 200
