import os
import time
from pathlib import Path


def test_receipt():
    receipt = Path("/tmp/stall-receipt.txt")
    receipt.write_text(str(os.getpid()))  # hint: [unisolated-file]
    time.sleep(0.2)
    assert receipt.read_text() == str(os.getpid())
