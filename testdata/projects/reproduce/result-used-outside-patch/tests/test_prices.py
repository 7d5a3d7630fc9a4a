import threading
from unittest.mock import patch

import stall


def test_prices_are_stored():
    prices = []
    with patch("stall.fetch", return_value=3):
        worker = threading.Thread(target=stall.store, args=(["apple"], prices))  # hint: [result-used-outside-patch]
        worker.start()
    worker.join()
    assert prices == [3]
