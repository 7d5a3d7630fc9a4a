import subprocess
import sys

import stall

LIMIT_KB = 120 * 1024
MEASURED = "import resource, stall; stall.stock(10); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def test_little_stock_is_small():
    told = subprocess.run([sys.executable, "-c", MEASURED], capture_output=True, text=True, check=True)
    assert int(told.stdout) < LIMIT_KB


def test_much_stock():
    assert len(stall.stock(2_000_000)) == 2_000_000
