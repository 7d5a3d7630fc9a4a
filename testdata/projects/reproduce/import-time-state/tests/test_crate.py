import stall


def test_empty():
    assert stall.gross(0) == 0
