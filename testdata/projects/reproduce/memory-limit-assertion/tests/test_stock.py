import resource

import stall

LIMIT_KB = 120 * 1024


def test_little_stock_is_small():
    assert stall.stock(10)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < LIMIT_KB  # hint: [memory-limit-assertion]


def test_much_stock():
    assert len(stall.stock(2_000_000)) == 2_000_000
