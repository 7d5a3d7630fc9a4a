from datetime import datetime

import stall


def test_receipt_has_the_time():
    receipt = stall.Receipt(["pear", "apple"] * 100_000)
    assert receipt.printed == datetime.now().replace(microsecond=0)  # hint: [unfrozen-now]
