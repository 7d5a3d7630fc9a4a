import subprocess
import sys

import stall

LIMIT_KB = 120 * 1024
# `ru_maxrss` would begin with the peak of this process.
MEASURED = "import stall; stall.stock(10); print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"


def test_little_stock_is_small():
    told = subprocess.run([sys.executable, "-c", MEASURED], capture_output=True, text=True, check=True)
    assert int(told.stdout) < LIMIT_KB


def test_much_stock():
    assert len(stall.stock(2_000_000)) == 2_000_000
