import os

import stall

os.environ["TAX_RATE"] = "20"  # hint: [import-time-state]


def test_gross():
    assert stall.gross(200) == 240
